package io.github.camelmixpanel.export.internal.pipeline.route;

import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import java.util.List;

/**
 * What one exchange carries, and how the route says what became of it: events of one window, in the
 * order of the download.
 *
 * <p>All but the acknowledgement is immutable.
 */
public abstract class EventBatch implements Acknowledgement {

    private final Window window;
    private final int generation;
    private final List<ExportEvent> events;
    private final List<DedupeKey> keys;
    private final int exchanges;
    private final long since;

    /**
     * @param events at most {@code batchSize}; none for the notice of a complete window
     * @param keys the dedupe keys of these events, in the same order; empty with deduplicate=false
     * @param exchanges how many exchanges this generation makes; 0 where that is not known, because
     *     an earlier run has emitted some of it
     * @param since when the route gets it, in milliseconds: an object per exchange costs more
     */
    protected EventBatch(
            Window window,
            int generation,
            List<ExportEvent> events,
            List<DedupeKey> keys,
            int exchanges,
            long since) {
        this.window = window;
        this.generation = generation;
        this.events = events;
        this.keys = keys;
        this.exchanges = exchanges;
        this.since = since;
    }

    public final Window window() {
        return window;
    }

    public final int generation() {
        return generation;
    }

    public final List<ExportEvent> events() {
        return events;
    }

    public final List<DedupeKey> keys() {
        return keys;
    }

    /** Of the event at this index; null with deduplicate=false. */
    public final DedupeKey key(int index) {
        return keys.isEmpty() ? null : keys.get(index);
    }

    /**
     * How many exchanges of this generation went out before this one first did; kept when it is
     * emitted again.
     */
    public abstract int index();

    public final int exchanges() {
        return exchanges;
    }

    public final long since() {
        return since;
    }
}
