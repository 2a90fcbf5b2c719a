package io.github.camelmixpanel.export.internal.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides for one waiting query how long to sleep next, and when to report the wait: once per
 * reason, and only when it is long. For one thread.
 */
final class WaitReport {

    /** Longer than any wait for the limit per second, which is not worth a report. */
    private static final Duration REPORTED_AFTER = SlidingLog.SECOND;

    /** For waits that only a notification ends. */
    private static final Duration UNTIL_NOTIFIED = Duration.ofDays(1);

    private final WaitListener listener;
    final Patience patience;
    private String reason;
    private Instant since;
    private boolean reported;

    WaitReport(WaitListener listener) {
        this(listener, Patience.endless());
    }

    WaitReport(WaitListener listener, Patience patience) {
        this.listener = listener;
        this.patience = patience;
    }

    /** How long to sleep; empty when the caller has to report the wait first. */
    Optional<Duration> sleep(Wait wait, Instant now) {
        if (!wait.reason().equals(reason)) {
            reason = wait.reason();
            since = now;
            reported = false;
        }
        boolean known = wait.until() != null;
        if (reported) {
            Duration sleep = known ? Duration.between(now, wait.until()) : UNTIL_NOTIFIED;
            return Optional.of(patience.shorter(sleep));
        }
        // only time shows that an unknown end is far
        Duration left = Duration.between(now, known ? wait.until() : since.plus(REPORTED_AFTER));
        boolean isLong =
                known
                        ? left.compareTo(REPORTED_AFTER) > 0
                        : left.isNegative() || left.isZero() || now.isBefore(since);
        return isLong ? Optional.empty() : Optional.of(patience.shorter(left));
    }

    void report(Wait wait, Instant now) {
        reported = true;
        listener.waiting(wait.until() != null ? wait.until() : now, wait.reason());
    }
}
