package io.github.camelmixpanel.export.internal.limit;

import io.github.camelmixpanel.export.internal.model.QuotaStatus;
import io.github.camelmixpanel.export.internal.settings.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the last change of a {@link ProjectLimit} left of quota and pauses, as of the moment of each
 * call. Reading it waits for no disk and no query. Thread-safe.
 */
final class LimitStatus {

    private final Limits limits;
    private final SlidingLog slidingLog;
    private final Pauses pauses;
    private final int concurrent;
    private final StepDetectingClock clock;

    /** Takes over its arguments, but for the clock, of which it takes a copy. */
    LimitStatus(
            Limits limits,
            SlidingLog slidingLog,
            Pauses pauses,
            int concurrent,
            StepDetectingClock clock) {
        this.limits = limits;
        this.slidingLog = slidingLog;
        this.pauses = pauses;
        this.concurrent = concurrent;
        this.clock = clock.copy(this::shift);
    }

    private void shift(Duration by) {
        slidingLog.shift(by);
        pauses.shift(by);
    }

    /** The pause in force. */
    synchronized Optional<Pause> pause() {
        return pauses.at(clock.instant());
    }

    /** As {@link Pauses#isRefusedAt}. */
    synchronized boolean isRefused() {
        return pauses.isRefusedAt(clock.instant());
    }

    /** As {@link Pauses#longPause}. */
    synchronized Optional<Pause> longPause() {
        return pauses.longPause(clock.instant());
    }

    /** How many of the hour's queries are left, whether or not a pause delays them. */
    synchronized int freeThisHour() {
        return limits.queriesPerHour() - slidingLog.startedInLastHour(clock.instant());
    }

    /** When the {@code nth} query from now can start at the earliest; 1 for the next one. */
    synchronized Instant startOf(int nth) {
        Instant now = clock.instant();
        Instant byQuota = slidingLog.startOf(nth, now);
        Instant next = nextStart(now);
        return next.isAfter(byQuota) ? next : byQuota;
    }

    synchronized QuotaStatus quota() {
        Instant now = clock.instant();
        return new QuotaStatus(
                limits.queriesPerHour(),
                slidingLog.startedInLastHour(now),
                concurrent,
                nextStart(now),
                slidingLog.nextFreed(now),
                pauses.at(now).map(Pause::reason));
    }

    /** When the next query can start, as far as that does not depend on the end of another one. */
    private Instant nextStart(Instant now) {
        Instant byQuota = slidingLog.earliestStart(now, 0);
        return pauses.at(now)
                .map(Pause::until)
                .filter(until -> until.isAfter(byQuota))
                .orElse(byQuota);
    }
}
