package io.github.camelmixpanel.export.internal.pipeline.ack;

import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import java.util.List;

/**
 * An exchange that the route left failed, which counts its redeliveries only while the route takes
 * others. The {@link InFlight} that it came from guards it.
 */
public final class FailedExchange {

    private final AckTracker.Batch lines;
    private final List<ExportEvent> events;
    private final List<DedupeKey> keys;
    private Throwable cause;

    /** Failed since it was last counted. */
    private boolean fresh;

    /** How often it failed while the route took others. */
    private int counted;

    FailedExchange(AckTracker.Batch lines, List<ExportEvent> events, List<DedupeKey> keys) {
        this.lines = lines;
        this.events = events;
        this.keys = keys;
    }

    void failed(Throwable why) {
        cause = why;
        fresh = true;
    }

    /** The route is up: a failure since the last call has a reason of its own. */
    void count() {
        counted += fresh ? 1 : 0;
        fresh = false;
    }

    int counted() {
        return counted;
    }

    AckTracker.Batch lines() {
        return lines;
    }

    List<DedupeKey> keys() {
        return keys;
    }

    public List<ExportEvent> events() {
        return events;
    }

    /** How it failed the last time; may be null. */
    public Throwable cause() {
        return cause;
    }

    /** How many events these carry. */
    public static long events(List<FailedExchange> failures) {
        return failures.stream().mapToLong(failure -> failure.events.size()).sum();
    }
}
