package io.github.camelmixpanel.export.internal.limit;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A time in which a project starts no query.
 *
 * @param until exclusive
 * @param reason for people, such as {@code Mixpanel answered 429 (too many queries)}
 * @param credentials fingerprint of those that were refused; null for another reason
 */
record Pause(Instant from, Instant until, String reason, String credentials) {

    Duration length() {
        return Duration.between(from, until);
    }

    /** The same pause at {@code now}: a clock that jumped back does not prolong it. */
    Pause at(Instant now) {
        return now.isBefore(from) ? new Pause(now, now.plus(length()), reason, credentials) : this;
    }

    Pause shifted(Duration by) {
        return new Pause(from.plus(by), until.plus(by), reason, credentials);
    }

    /** The reason, and until when no query of the project starts. */
    String describe(String project) {
        return "%s: no query for %s until %s"
                .formatted(reason, project, until.truncatedTo(ChronoUnit.SECONDS));
    }

    boolean lastsAt(Instant now) {
        return now.isBefore(until);
    }
}
