package io.github.camelmixpanel.export.database;

import io.github.camelmixpanel.export.model.Disk;
import java.io.Closeable;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A scope that this process owns until it closes this.
 *
 * @param disk where to write it
 * @param clockDifference what is to be added to a time by the clock of the process that had it
 *     before
 * @param lost whether another process has taken it
 */
public record HeldState(Disk disk, Duration clockDifference, BooleanSupplier lost, Runnable end)
        implements Closeable {

    static HeldState local(Disk disk) {
        return new HeldState(disk, Duration.ZERO, () -> false, () -> {});
    }

    public boolean isLost() {
        return lost.getAsBoolean();
    }

    @Override
    public void close() {
        end.run();
    }
}
