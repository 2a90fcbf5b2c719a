package io.github.camelmixpanel.export.testkit;

import io.github.camelmixpanel.export.model.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A clock for several threads that stands still while any of them works and jumps to the next
 * awaited instant when all of them wait.
 *
 * <p>A thread takes part once it has read {@link #clock()} or waited on {@link #sleeper()}. Threads
 * that only want to know the time, such as a simulated server's, read {@link #observer()}.
 */
public final class VirtualTime implements AutoCloseable {

    private static final Set<Thread.State> PARKED =
            Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.TERMINATED);

    private final Set<Thread> participants = ConcurrentHashMap.newKeySet();
    private final List<Wait> waits = new ArrayList<>();
    private final Thread driver;
    private volatile Instant now;
    private volatile boolean closed;
    private long changes;

    private record Wait(Object monitor, Instant deadline) {}

    public VirtualTime(Instant start) {
        this.now = start;
        this.driver = new Thread(this::drive, "virtual-time");
        driver.setDaemon(true);
        driver.start();
    }

    /** The clock of the code under test. */
    public InstantSource clock() {
        return () -> {
            participants.add(Thread.currentThread());
            return now;
        };
    }

    /** The clock for those who must not hold it up. */
    public InstantSource observer() {
        return () -> now;
    }

    public Instant now() {
        return now;
    }

    /** Lets time pass while nobody waits for it. */
    public void advance(Duration duration) {
        now = now.plus(duration);
    }

    public Sleeper sleeper() {
        return (monitor, atMost) -> {
            participants.add(Thread.currentThread());
            Wait wait = new Wait(monitor, now.plus(atMost));
            add(wait);
            try {
                monitor.wait(); // until notified, by the code under test or by the driver
            } finally {
                remove(wait);
            }
        };
    }

    private synchronized void add(Wait wait) {
        waits.add(wait);
        changes++;
    }

    private synchronized void remove(Wait wait) {
        waits.removeIf(w -> w == wait);
        changes++;
    }

    private void drive() {
        long seen = -1;
        int quiet = 0;
        while (!closed) {
            LockSupport.parkNanos(500_000);
            long current = version();
            boolean parked = participants.stream().allMatch(t -> PARKED.contains(t.getState()));
            quiet = parked && current == seen ? quiet + 1 : 0;
            seen = current;
            if (quiet >= 4) {
                quiet = 0;
                jump();
            }
        }
    }

    private synchronized long version() {
        return changes;
    }

    private void jump() {
        Wait next;
        synchronized (this) {
            next = waits.stream().min(Comparator.comparing(Wait::deadline)).orElse(null);
            if (next == null) {
                return;
            }
            if (now.isBefore(next.deadline())) {
                now = next.deadline();
            }
        }
        synchronized (next.monitor()) {
            next.monitor().notifyAll();
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(driver);
    }
}
