package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.internal.durable.Disk;
import java.io.Closeable;
import java.time.Duration;

/**
 * A scope that this process owns until it closes this or another process takes it.
 *
 * @param disk writes the scope
 * @param clockDifference what to add to a time that was written before
 * @param end releases it
 */
public record LeasedState(Disk disk, Duration clockDifference, Runnable end) implements Closeable {

    /** Whether another process has taken it. */
    public boolean isLost() {
        return disk.isTakenOver();
    }

    @Override
    public void close() {
        end.run();
    }
}
