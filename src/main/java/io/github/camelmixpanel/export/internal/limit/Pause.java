package io.github.camelmixpanel.export.internal.limit;

import java.time.Duration;
import java.time.Instant;

/**
 * A time in which a project starts no query.
 *
 * @param from when it began
 * @param until its end, exclusive
 * @param reason for people, such as {@code Mixpanel answered 429 (too many queries)}
 */
public record Pause(Instant from, Instant until, String reason) {

    /** The same pause where the clock shows {@code now}: one that jumped back cannot prolong it. */
    Pause at(Instant now) {
        return now.isBefore(from)
                ? new Pause(now, now.plus(Duration.between(from, until)), reason)
                : this;
    }

    Pause moved(Duration by) {
        return new Pause(from.plus(by), until.plus(by), reason);
    }

    boolean lastsAt(Instant now) {
        return now.isBefore(until);
    }
}
