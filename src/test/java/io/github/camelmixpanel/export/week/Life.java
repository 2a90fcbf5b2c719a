package io.github.camelmixpanel.export.week;

import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;

/**
 * The life of a process, which ends at a chosen step as by {@code kill -9}: nothing reaches the
 * disk any more, and nobody hears of what the process does then.
 *
 * <p>A step is a change to the disk or an event handed to the route. The write at which the process
 * dies leaves half of its bytes. Why that is like a kill: of a killed process only its files and
 * what others have received of it are left, and those are what they were at that step. Forcing is a
 * step, but nothing is forced, since a kill leaves the system's cache alone. Thread-safe.
 */
final class Life implements Disk {

    private final long lastStep;
    private final InstantSource clock;
    private long steps;
    private Instant end;
    private boolean full;
    private Instant fullSince;
    private Instant freed = Instant.MIN;

    /**
     * @param lastStep the step at which it dies, 1 for the first
     */
    Life(long lastStep, InstantSource clock) {
        this.lastStep = lastStep;
        this.clock = clock;
    }

    synchronized boolean isOver() {
        return steps >= lastStep;
    }

    /** Takes a step; false if that was the last, or after it. */
    synchronized boolean step() {
        steps++;
        if (steps == lastStep) {
            end = clock.instant();
        }
        return !isOver();
    }

    /** From now on the disk takes not a byte. */
    synchronized void fill() {
        full = true;
        fullSince = clock.instant();
    }

    synchronized void free() {
        if (full) {
            full = false;
            freed = clock.instant();
        }
    }

    synchronized boolean isFull() {
        return full;
    }

    /** Since when nothing could be written, if that may still be so; else now. */
    synchronized Instant unwrittenSince(Instant now) {
        return full || now.isBefore(freed.plusSeconds(2)) ? fullSince : now;
    }

    /** When it died. */
    synchronized Instant end() {
        return end;
    }

    @Override
    public synchronized void write(DurableFile file, long position, byte[] bytes)
            throws IOException {
        boolean before = isOver();
        if (full && !before) {
            throw new IOException("No space left on device");
        }
        if (!step()) {
            if (!before) {
                Disk.super.write(file, position, Arrays.copyOf(bytes, bytes.length / 2));
            }
            throw dead();
        }
        Disk.super.write(file, position, bytes);
    }

    @Override
    public synchronized void force(DurableFile file) throws IOException {
        live();
    }

    @Override
    public synchronized void truncate(DurableFile file, long length) throws IOException {
        live();
        Disk.super.truncate(file, length);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        live();
        Disk.super.rename(from, to);
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        live();
    }

    private void live() throws IOException {
        if (!step()) {
            throw dead();
        }
    }

    private static IOException dead() {
        return new IOException("this process is dead");
    }
}
