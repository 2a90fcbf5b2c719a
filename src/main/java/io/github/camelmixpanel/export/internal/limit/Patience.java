package io.github.camelmixpanel.export.internal.limit;

import io.github.camelmixpanel.export.failure.QuotaExhaustedException;
import io.github.camelmixpanel.export.internal.model.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * How long one caller waits for its permits, all of its waits together. It does not begin a wait
 * that would take longer as far as is known, or while too many others wait. For one thread.
 */
public final class Patience {

    private final InstantSource passing;
    private final Semaphore places;
    private Duration left;

    /** Null while it does not wait. */
    private Instant since;

    /** Why it ended, and when there would be room; null while it lasts. */
    private Wait end;

    private Instant endedAt;

    /**
     * @param passing elapsed time since any origin
     * @param places one is taken during a wait
     */
    Patience(Duration atMost, InstantSource passing, Semaphore places) {
        this.left = atMost;
        this.passing = passing;
        this.places = places;
    }

    /** For a caller that waits as long as it takes. */
    static Patience endless() {
        return new Patience(Duration.ofDays(365_000), () -> Instant.EPOCH, new Semaphore(1));
    }

    /** Whether this wait is too long; if not, the caller waits until it {@link #rests}. */
    boolean endsBefore(Wait wait, Instant now) {
        if (since == null) {
            if (!places.tryAcquire()) {
                end(wait.until(), "too many other messages wait: " + wait.reason(), now);
                return true;
            }
            since = passing.instant();
        }
        Duration needed =
                wait.until() == null ? Duration.ZERO : Duration.between(now, wait.until());
        if (needed.compareTo(left()) > 0 || left().isZero()) {
            end(wait.until(), wait.reason(), now);
            return true;
        }
        return false;
    }

    private void end(Instant until, String reason, Instant now) {
        end = new Wait(until, reason);
        endedAt = now;
    }

    /** The next part of a wait that it allows. */
    Duration shorter(Duration sleep) {
        Duration left = left();
        return sleep.compareTo(left) < 0 ? sleep : left.plusMillis(1);
    }

    private Duration left() {
        Duration now =
                since == null ? left : left.minus(Duration.between(since, passing.instant()));
        return now.isNegative() ? Duration.ZERO : now;
    }

    /** The wait is over, if there was one. */
    void rests() {
        if (since != null) {
            left = left();
            since = null;
            places.release();
        }
    }

    /** Why it ended; empty while it lasts. */
    public Optional<QuotaExhaustedException> failure(Window window, String atMost) {
        if (end == null) {
            return Optional.empty();
        }
        boolean known = end.until() != null;
        return Optional.of(
                new QuotaExhaustedException(
                        """
                        Window %s: not queried, because its project has no quota for it within \
                        onDemandTimeout (%s): %s. There is room %s. Send the message again then, or \
                        set onDemandTimeout higher"""
                                .formatted(
                                        window,
                                        atMost,
                                        end.reason(),
                                        known ? "at " + end.until() : "when another query ends"),
                        known ? Duration.between(endedAt, end.until()) : null));
    }
}
