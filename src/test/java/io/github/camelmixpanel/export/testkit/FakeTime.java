package io.github.camelmixpanel.export.testkit;

import io.github.camelmixpanel.export.internal.model.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that moves only when somebody sleeps or a test says so; sleeping moves it at once.
 *
 * <p>A sleep of a day or more means "until notified": the clock stands still, and the thread really
 * waits. Any sleep gives up the monitor for a moment, so that other threads get on. Thread-safe.
 */
public final class FakeTime implements InstantSource, Sleeper {

    private static final Duration UNTIL_NOTIFIED = Duration.ofDays(1);

    private final AtomicReference<Instant> now;
    private final Semaphore openSleeps = new Semaphore(0);

    public FakeTime(Instant start) {
        now = new AtomicReference<>(start);
    }

    /**
     * @param start such as {@code 2026-10-20T12:00:00Z}
     */
    public static FakeTime at(String start) {
        return new FakeTime(Instant.parse(start));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /** Moves the clock, backwards if {@code by} is negative. Wakes nobody. */
    public void advance(Duration by) {
        now.updateAndGet(instant -> instant.plus(by));
    }

    public void set(Instant to) {
        now.set(to);
    }

    @Override
    public void sleep(Object monitor, Duration atMost) throws InterruptedException {
        if (atMost.isNegative() || atMost.isZero()) {
            throw new IllegalArgumentException("A sleep must be longer than zero, not " + atMost);
        }
        if (atMost.compareTo(UNTIL_NOTIFIED) >= 0) {
            openSleeps.release(); // whoever is woken by it must get the monitor first
            monitor.wait(atMost.toMillis());
        } else {
            advance(atMost);
            monitor.wait(1);
        }
    }

    /** Returns once a thread sleeps "until notified"; each such sleep lets one call return. */
    public void awaitOpenSleep() throws InterruptedException {
        if (!openSleeps.tryAcquire(1, TimeUnit.SECONDS)) {
            Patiently.await().until(openSleeps::tryAcquire);
        }
    }
}
