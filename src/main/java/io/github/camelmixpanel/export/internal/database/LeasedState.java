package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.internal.durable.Disk;
import java.io.Closeable;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A scope that this process owns until it closes this or another process takes it.
 *
 * @param disk writes the scope
 * @param clockDifference what to add to a time that was written before
 * @param lost whether another process has taken it
 * @param end releases it
 */
public record LeasedState(Disk disk, Duration clockDifference, BooleanSupplier lost, Runnable end)
        implements Closeable {

    static LeasedState local(Disk disk) {
        return new LeasedState(disk, Duration.ZERO, () -> false, () -> {});
    }

    public boolean isLost() {
        return lost.getAsBoolean();
    }

    @Override
    public void close() {
        end.run();
    }
}
