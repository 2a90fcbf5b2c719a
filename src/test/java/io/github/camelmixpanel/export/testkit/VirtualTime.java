package io.github.camelmixpanel.export.testkit;

import io.github.camelmixpanel.export.internal.model.Sleeper;
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
    private static final long LOOK_NANOS = 100_000;

    private final Set<Thread> participants = ConcurrentHashMap.newKeySet();
    private final List<Wait> waits = new ArrayList<>();
    private final Thread driver;
    private volatile Instant now;
    private volatile boolean closed;
    private volatile boolean held;
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
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }

    /**
     * Lets time pass for work of this thread, as soon as no other thread does anything: a query on
     * its way arrives at the time at which it was sent.
     */
    public void pass(Duration duration) {
        if (duration.isZero()) {
            return;
        }
        Thread me = Thread.currentThread();
        while (!participants.stream().allMatch(t -> t == me || isIdle(t))) {
            Thread.yield(); // not parked, or time might go on without this thread
        }
        advance(duration);
    }

    /** One that wants a monitor may have to wait until this one gives it up. */
    private static boolean isIdle(Thread thread) {
        Thread.State state = thread.getState();
        return state == Thread.State.BLOCKED || PARKED.contains(state);
    }

    /** Runs a task on a new thread, which takes part though it may never ask for the time. */
    public void start(Runnable task) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                task.run();
                            } finally {
                                participants.remove(Thread.currentThread());
                            }
                        });
        participants.add(thread); // before it runs: until then time might go on without it
        thread.start();
    }

    /** From here on it only goes on by {@link #advance}, until {@link #letGo}. */
    public void hold() {
        held = true;
    }

    public void letGo() {
        held = false;
    }

    /** Waits until so much time has passed. */
    public void sleep(Duration duration) throws InterruptedException {
        Instant end = now.plus(duration);
        Object monitor = new Object();
        synchronized (monitor) {
            while (now.isBefore(end)) {
                sleeper().sleep(monitor, Duration.between(now, end));
            }
        }
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
        try {
            while (!closed) {
                LockSupport.parkNanos(LOOK_NANOS);
                long seen = version();
                if (!held && allWait() && SleepingThreads.areAll() && version() == seen) {
                    jump();
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("The driver of virtual time was interrupted", e);
        }
    }

    private boolean allWait() {
        return participants.stream().allMatch(t -> PARKED.contains(t.getState()));
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
