package io.github.camelmixpanel.export.internal.pipeline.route;

import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import java.util.List;

/**
 * What one exchange carries: events of one window, in the order of the download.
 *
 * @param events one or more, at most {@code batchSize}
 * @param keys the dedupe keys of these events, in the same order; empty with deduplicate=false
 * @param index how many exchanges of this generation went out before this one first did; kept when
 *     it is handed out again
 * @param exchanges how many exchanges this generation makes; 0 where that is not known, because an
 *     earlier run has emitted some of it
 */
public record EventBatch(
        Window window,
        int generation,
        List<ExportEvent> events,
        List<DedupeKey> keys,
        int index,
        int exchanges) {

    /** Of the event at this place; null with deduplicate=false. */
    public DedupeKey key(int place) {
        return keys.isEmpty() ? null : keys.get(place);
    }

    /** Hands it to the route, which says what became of it. */
    public void to(EventSink sink, EventSink.Acknowledgement acknowledgement) {
        try {
            sink.emit(this, acknowledgement);
        } catch (RuntimeException e) {
            acknowledgement.refuse(e); // or its place would never be free again
        }
    }
}
