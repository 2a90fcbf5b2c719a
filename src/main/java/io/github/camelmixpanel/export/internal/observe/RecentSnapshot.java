package io.github.camelmixpanel.export.internal.observe;

import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A snapshot of at most a tenth of a second ago, so that a reader of many figures does not have the
 * whole snapshot taken for each. Takes none while there is no reader. Thread-safe.
 */
public final class RecentSnapshot implements Supplier<Optional<ExportSnapshot>> {

    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Supplier<Optional<ExportSnapshot>> source;
    private final LongSupplier nanoTime;

    // guarded by this
    private Optional<ExportSnapshot> latest = Optional.empty();
    private long takenAt;

    public RecentSnapshot(Supplier<Optional<ExportSnapshot>> source) {
        this(source, System::nanoTime);
    }

    /**
     * @param nanoTime as {@link System#nanoTime}
     */
    public RecentSnapshot(Supplier<Optional<ExportSnapshot>> source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized Optional<ExportSnapshot> get() {
        if (latest.isEmpty() || nanoTime.getAsLong() - takenAt > FRESH_NANOS) {
            latest = source.get();
            takenAt = nanoTime.getAsLong();
        }
        return latest;
    }
}
