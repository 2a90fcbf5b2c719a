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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.spi.ThreadPoolFactory;
import org.apache.camel.support.DefaultThreadPoolFactory;

/**
 * A clock for several threads that stands still while any of them works and jumps to the next
 * awaited instant when all of them wait.
 *
 * <p>A thread takes part once it has read {@link #clock()} or waited on {@link #sleeper()}, and
 * from its start in a pool of {@link #threads()}. Threads that only want to know the time, such as
 * a simulated server's, read {@link #observer()}.
 */
public final class VirtualTime implements AutoCloseable {

    private static final Set<Thread.State> PARKED =
            Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.TERMINATED);

    private final Set<Thread> participants = ConcurrentHashMap.newKeySet();
    private final Set<ThreadPoolExecutor> pools = ConcurrentHashMap.newKeySet();
    private final List<Wait> waits = new ArrayList<>();
    private final Duration look;
    private final Thread driver;
    private volatile Instant now;
    private volatile boolean closed;
    private volatile boolean held;
    private long changes;

    private record Wait(Object monitor, Instant deadline) {}

    public VirtualTime(Instant start) {
        this(start, Duration.ofNanos(500_000));
    }

    /**
     * @param look how long between two looks at the threads: five that find them waiting let time
     *     go on, so that a short one is fast, and a thread that has been woken but does not run yet
     *     may find that it is later
     */
    public VirtualTime(Instant start, Duration look) {
        this.now = start;
        this.look = look;
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

    /** Pools whose threads take part, and whose tasks hold up the time before a thread has them. */
    public ThreadPoolFactory threads() {
        return new DefaultThreadPoolFactory() {
            @Override
            public ExecutorService newThreadPool(
                    int core,
                    int most,
                    long keepAlive,
                    TimeUnit unit,
                    int queue,
                    boolean coreTimesOut,
                    RejectedExecutionHandler rejected,
                    ThreadFactory threads) {
                ThreadFactory taking =
                        work -> {
                            Thread thread = threads.newThread(work);
                            participants.add(thread);
                            return thread;
                        };
                ExecutorService pool =
                        super.newThreadPool(
                                core, most, keepAlive, unit, queue, coreTimesOut, rejected, taking);
                pools.add((ThreadPoolExecutor) pool);
                return pool;
            }
        };
    }

    /** Whether a thread of the pool has been woken for a task and does not run yet. */
    private static boolean isWaking(ThreadPoolExecutor pool) {
        return !pool.getQueue().isEmpty() && pool.getActiveCount() < pool.getPoolSize();
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
        long seen = -1;
        int quiet = 0;
        while (!closed) {
            LockSupport.parkNanos(look.toNanos());
            long current = version();
            boolean parked =
                    !held
                            && pools.stream().noneMatch(VirtualTime::isWaking)
                            && participants.stream().allMatch(t -> PARKED.contains(t.getState()));
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
