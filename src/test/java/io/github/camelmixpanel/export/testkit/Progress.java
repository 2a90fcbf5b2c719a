package io.github.camelmixpanel.export.testkit;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Tells work that is slow from work that stands still, by the CPU time it uses and not by a clock:
 * however little of the machine is left for it, it goes on while it uses any. One thread.
 */
final class Progress {

    /** How many looks, a second or more apart, must find that next to nothing was done. */
    private static final int QUIET_LOOKS = 180;

    /** Polls and clocks of idle exports use half as much between two looks. */
    private static final long IDLE_NANOS = 100_000_000;

    /** As {@link #IDLE_NANOS}, where no poll repeats. */
    private static final long WAITING_NANOS = 20_000_000;

    /** Work that has used so much has lost its way. */
    private static final long ENDLESS_NANOS = Duration.ofMinutes(4).toNanos();

    private static final long BETWEEN_LOOKS_NANOS = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanoTime;
    private final LongSupplier cpuNanos;
    private final int quietLooks;
    private final long idleNanos;
    private final Deque<Long> looks = new ArrayDeque<>();
    private final long start;
    private long looked;
    private long cpu;
    private long used;

    Progress(LongSupplier nanoTime, LongSupplier cpuNanos, int quietLooks, long idleNanos) {
        this.nanoTime = nanoTime;
        this.cpuNanos = cpuNanos;
        this.quietLooks = quietLooks;
        this.idleNanos = idleNanos;
        this.cpu = cpuNanos.getAsLong();
        this.start = nanoTime.getAsLong();
        this.looked = start;
        looks.add(used);
    }

    /** Of this JVM without this thread, and of all processes that it has started. */
    static Progress ofTests(Thread but) {
        return new Progress(
                System::nanoTime,
                () -> ofThisJvm() - ofThread(but) + of(ProcessHandle.current().descendants()),
                QUIET_LOOKS,
                IDLE_NANOS);
    }

    /**
     * Of a process that does nothing but its work.
     *
     * @param quiet how long it must have done next to nothing
     */
    static Progress of(ProcessHandle process, Duration quiet) {
        return new Progress(
                System::nanoTime,
                () -> of(Stream.of(process)),
                (int) quiet.toSeconds(),
                WAITING_NANOS);
    }

    private static long ofThisJvm() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static long ofThread(Thread thread) {
        return Math.max(0, ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId()));
    }

    private static long of(Stream<ProcessHandle> processes) {
        return processes
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .mapToLong(Duration::toNanos)
                .sum();
    }

    /** Whether it stands still, or goes in circles. Looks at most once a second. */
    boolean isOver() {
        long now = nanoTime.getAsLong();
        if (now - looked < BETWEEN_LOOKS_NANOS) {
            return false;
        }
        looked = now;
        long before = cpu;
        cpu = cpuNanos.getAsLong();
        used += Math.max(0, cpu - before); // less when a process has ended
        looks.add(used);
        if (looks.size() <= quietLooks) {
            return false;
        }
        return usedLately(looks.remove()) < quietLooks * idleNanos || used > ENDLESS_NANOS;
    }

    private long usedLately(long usedBefore) {
        return used - usedBefore;
    }

    @Override
    public String toString() {
        return String.format(
                "waited for %d s, in which %.1f s of CPU time were used, %.1f s of them lately",
                Duration.ofNanos(nanoTime.getAsLong() - start).toSeconds(),
                used / 1e9,
                usedLately(looks.element()) / 1e9);
    }
}
