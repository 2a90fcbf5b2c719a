package io.github.camelmixpanel.export.internal.model;

import java.time.Instant;
import java.util.Optional;

/**
 * How many queries a project has left, at one instant.
 *
 * @param perHour how many may start in any 60 minutes
 * @param used how many of these count now
 * @param underWay queries sent and not yet answered in full
 * @param nextStart when the next query can start, apart from the end of queries under way; not
 *     after now when it can start at once
 * @param frees when the first of those used stops counting; empty when none is used
 * @param pause why no query may start however many are left; empty when one may
 */
public record QuotaStatus(
        int perHour,
        int used,
        int underWay,
        Instant nextStart,
        Optional<Instant> frees,
        Optional<String> pause) {

    /** How many queries are left, whether or not a pause holds them back. */
    public int free() {
        return perHour - used;
    }
}
