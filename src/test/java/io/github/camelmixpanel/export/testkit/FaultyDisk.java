package io.github.camelmixpanel.export.testkit;

import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A real disk on which chosen steps fail; a write that fails leaves half of its bytes behind.
 * Forcing is a step, but nothing is forced: no test can see the difference, and it is slow.
 *
 * <p>Steps count from 1. Not thread-safe.
 */
public final class FaultyDisk implements Disk {

    private long steps;
    private long failFrom = Long.MAX_VALUE;
    private long failUntil = Long.MAX_VALUE;

    /** Lets the step after the next {@code good} ones fail, and none after it. */
    public void failOnceAfter(long good) {
        failFrom = steps + good + 1;
        failUntil = failFrom;
    }

    /** Lets every step after the next {@code good} ones fail. */
    public void failAlwaysAfter(long good) {
        failFrom = steps + good + 1;
        failUntil = Long.MAX_VALUE;
    }

    public void heal() {
        failFrom = Long.MAX_VALUE;
    }

    @Override
    public void write(DurableFile file, long position, byte[] bytes) throws IOException {
        if (nextFails()) {
            Disk.super.write(file, position, Arrays.copyOf(bytes, bytes.length / 2));
            throw failure();
        }
        Disk.super.write(file, position, bytes);
    }

    @Override
    public void force(DurableFile file) throws IOException {
        failIfNext();
    }

    @Override
    public void truncate(DurableFile file, long length) throws IOException {
        failIfNext();
        Disk.super.truncate(file, length);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        failIfNext();
        Disk.super.rename(from, to);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        failIfNext();
    }

    private boolean nextFails() {
        steps++;
        return steps >= failFrom && steps <= failUntil;
    }

    private void failIfNext() throws IOException {
        if (nextFails()) {
            throw failure();
        }
    }

    private static IOException failure() {
        return new IOException("No space left on device");
    }
}
