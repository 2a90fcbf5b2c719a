package io.github.camelmixpanel.export.internal.limit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Returns the current time, and reports every step of the clock before it returns a time after it.
 *
 * <p>After a suspend of the machine the clock seems to have stepped: elapsed time does not include
 * the suspend. Not thread-safe: its owner guards it.
 */
final class StepDetectingClock {

    /** Smaller differences are drift of the clock and delays of the thread. */
    private static final Duration TOLERANCE = Duration.ofMillis(100);

    private final InstantSource clock;
    private final InstantSource passing;
    private final Consumer<Duration> onStep;
    private Duration between;

    /**
     * @param passing elapsed time since any origin: a clock that never steps
     * @param onStep gets by how much the clock stepped
     */
    StepDetectingClock(InstantSource clock, InstantSource passing, Consumer<Duration> onStep) {
        this(clock, passing, onStep, Duration.between(passing.instant(), clock.instant()));
    }

    private StepDetectingClock(
            InstantSource clock,
            InstantSource passing,
            Consumer<Duration> onStep,
            Duration between) {
        this.clock = clock;
        this.passing = passing;
        this.onStep = onStep;
        this.between = between;
    }

    /** A clock that has yet to report what this one has yet to report. */
    StepDetectingClock copy(Consumer<Duration> onStep) {
        return new StepDetectingClock(clock, passing, onStep, between);
    }

    Instant instant() {
        // in this order: after a delay in between, starts seem younger than they are, not older
        Instant passed = passing.instant();
        Instant now = clock.instant();
        Duration found = Duration.between(passed, now);
        Duration by = found.minus(between);
        if (by.abs().compareTo(TOLERANCE) > 0) {
            between = found;
            onStep.accept(by);
        }
        return now;
    }
}
