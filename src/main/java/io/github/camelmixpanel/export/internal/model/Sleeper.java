package io.github.camelmixpanel.export.internal.model;

import java.time.Duration;

/**
 * Waits; injected, so that tests need not wait.
 *
 * <p>The caller holds {@code monitor}, as for {@link Object#wait()}; the wait ends when the monitor
 * is notified or when {@code atMost} is over, and may end earlier without a reason. Callers loop.
 */
@FunctionalInterface
public interface Sleeper {

    /** Waits on the monitor in real time. */
    Sleeper REAL = (monitor, atMost) -> monitor.wait(Math.max(1, atMost.toMillis()));

    /**
     * @param atMost longer than zero
     * @throws InterruptedException when the thread is asked to stop
     */
    void sleep(Object monitor, Duration atMost) throws InterruptedException;
}
