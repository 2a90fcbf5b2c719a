package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.dedupe.DedupeKey;
import io.github.camelmixpanel.export.model.ExportEvent;
import java.util.List;

/** An exchange that the route left failed. Guarded by the {@link InFlight} it came from. */
final class Failure {

    final AckTracker.Batch batch;
    final List<ExportEvent> events;
    final List<DedupeKey> keys;

    /** How it failed the last time; may be null. */
    Throwable cause;

    /** Failed since it was last counted. */
    boolean fresh = true;

    /** Hand-outs that it failed while the route took others. */
    int counted;

    Failure(AckTracker.Batch batch, List<ExportEvent> events, List<DedupeKey> keys) {
        this.batch = batch;
        this.events = events;
        this.keys = keys;
    }

    /** How many events these carry. */
    static long events(List<Failure> failures) {
        return failures.stream().mapToLong(failure -> failure.events.size()).sum();
    }
}
