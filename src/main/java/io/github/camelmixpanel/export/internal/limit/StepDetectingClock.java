package io.github.camelmixpanel.export.internal.limit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Tells the time, and by how much the clock was set since it last did.
 *
 * <p>A machine that slept looks as if its clock had been set: time that passes does not count its
 * sleep. Not thread-safe: its owner guards it.
 */
final class StepDetectingClock {

    /** Less is how clocks drift and threads are held up. */
    private static final Duration TOLERANCE = Duration.ofMillis(100);

    private final InstantSource clock;
    private final InstantSource passing;
    private final Consumer<Duration> set;
    private Duration between;

    /**
     * @param passing the time that passes, from any beginning: a clock that nobody sets
     * @param set told by how much the clock was set, before anybody sees the new time
     */
    StepDetectingClock(InstantSource clock, InstantSource passing, Consumer<Duration> set) {
        this.clock = clock;
        this.passing = passing;
        this.set = set;
        this.between = Duration.between(passing.instant(), clock.instant());
    }

    Instant instant() {
        // in this order: a thread held up in between takes starts for younger than they are
        Instant passed = passing.instant();
        Instant now = clock.instant();
        Duration found = Duration.between(passed, now);
        Duration by = found.minus(between);
        if (by.abs().compareTo(TOLERANCE) > 0) {
            between = found;
            set.accept(by);
        }
        return now;
    }
}
