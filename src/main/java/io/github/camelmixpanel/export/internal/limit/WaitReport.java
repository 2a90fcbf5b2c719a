package io.github.camelmixpanel.export.internal.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How one query waits: how long it sleeps next, and when its wait has become worth telling, which
 * is once for each reason.
 *
 * <p>Owned by one thread.
 */
final class WaitReport {

    /**
     * @param until when it ends as far as is known; null when with the end of another query
     */
    record Wait(Instant until, String reason) {}

    /** Longer than the limit of the second makes a query wait, which is nothing to tell. */
    private static final Duration TOLD_AFTER = SlidingLog.SECOND;

    /** For waits that only a notification ends. */
    private static final Duration UNTIL_NOTIFIED = Duration.ofDays(1);

    private String reason;
    private Instant since;
    private boolean told;

    /** How long to sleep; empty when the wait is to be told first. */
    Optional<Duration> sleep(Wait wait, Instant now) {
        if (!wait.reason().equals(reason)) {
            reason = wait.reason();
            since = now;
            told = false;
        }
        boolean known = wait.until() != null;
        if (told) {
            return Optional.of(known ? Duration.between(now, wait.until()) : UNTIL_NOTIFIED);
        }
        // of an unknown end it only shows with time that it is far
        Duration left = Duration.between(now, known ? wait.until() : since.plus(TOLD_AFTER));
        boolean worthTelling =
                known
                        ? left.compareTo(TOLD_AFTER) > 0
                        : left.isNegative() || left.isZero() || now.isBefore(since);
        return worthTelling ? Optional.empty() : Optional.of(left);
    }

    void told() {
        told = true;
    }
}
