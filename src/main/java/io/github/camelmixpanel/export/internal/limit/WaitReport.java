package io.github.camelmixpanel.export.internal.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides for one waiting query how long to sleep next, and when to report the wait: once per
 * reason, and only when it is long. For one thread.
 */
final class WaitReport {

    /**
     * @param until when it ends as far as is known; null if it ends with another query
     */
    record Wait(Instant until, String reason) {}

    /** Longer than any wait for the limit per second, which is not worth a report. */
    private static final Duration REPORTED_AFTER = SlidingLog.SECOND;

    /** For waits that only a notification ends. */
    private static final Duration UNTIL_NOTIFIED = Duration.ofDays(1);

    private String reason;
    private Instant since;
    private boolean reported;

    /** How long to sleep; empty when the caller has to report the wait first. */
    Optional<Duration> sleep(Wait wait, Instant now) {
        if (!wait.reason().equals(reason)) {
            reason = wait.reason();
            since = now;
            reported = false;
        }
        boolean known = wait.until() != null;
        if (reported) {
            return Optional.of(known ? Duration.between(now, wait.until()) : UNTIL_NOTIFIED);
        }
        // only time shows that an unknown end is far
        Duration left = Duration.between(now, known ? wait.until() : since.plus(REPORTED_AFTER));
        boolean isLong =
                known
                        ? left.compareTo(REPORTED_AFTER) > 0
                        : left.isNegative() || left.isZero() || now.isBefore(since);
        return isLong ? Optional.empty() : Optional.of(left);
    }

    void reported() {
        reported = true;
    }
}
