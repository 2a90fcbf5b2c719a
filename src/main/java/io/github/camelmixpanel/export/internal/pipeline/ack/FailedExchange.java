package io.github.camelmixpanel.export.internal.pipeline.ack;

import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import java.util.List;

/** An exchange that the route left failed. Guarded by the {@link InFlight} it came from. */
public final class FailedExchange {

    final AckTracker.Batch batch;
    public final List<ExportEvent> events;
    final List<DedupeKey> keys;

    /** How it failed the last time; may be null. */
    public Throwable cause;

    /** Failed since it was last counted. */
    boolean fresh = true;

    /** Hand-outs that it failed while the route took others. */
    int counted;

    public FailedExchange(AckTracker.Batch batch, List<ExportEvent> events, List<DedupeKey> keys) {
        this.batch = batch;
        this.events = events;
        this.keys = keys;
    }

    /** How many events these carry. */
    public static long events(List<FailedExchange> failures) {
        return failures.stream().mapToLong(failure -> failure.events.size()).sum();
    }
}
