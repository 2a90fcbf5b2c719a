package io.github.camelmixpanel.export.internal.limit;

import java.time.Instant;
import java.util.function.BiFunction;

/**
 * What the last change of a {@link ProjectLimit} left of quota and pauses, as of the moment of each
 * call. Reading it waits for no disk and no query. Thread-safe.
 */
final class LimitStatus {

    private final Quota quota;
    private final StepDetectingClock clock;

    /** Takes copies. */
    LimitStatus(Quota quota, StepDetectingClock clock) {
        this.quota = quota.copy();
        this.clock = clock.copy(this.quota::shift);
    }

    synchronized <T> T read(BiFunction<Quota, Instant, T> figure) {
        return figure.apply(quota, clock.instant());
    }
}
