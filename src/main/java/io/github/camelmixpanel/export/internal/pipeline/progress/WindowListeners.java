package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.pipeline.route.WindowListener;
import java.util.List;
import java.util.function.Consumer;

/**
 * Those who hear what happens to the windows of an export. One that throws keeps it from no other,
 * and never fails a window.
 */
public record WindowListeners(ExportCounters counters, EventSink sink, ExportLog log) {

    /** It counts before the route hears of it, and the log comes last. */
    public void each(Consumer<WindowListener> event) {
        for (WindowListener listener : List.of(counters, sink, log)) {
            pass(event, listener);
        }
    }

    /** Logs what concerns no other. */
    public void log(Consumer<ExportLog> event) {
        pass(event, log);
    }

    private <T> void pass(Consumer<T> event, T listener) {
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            log.listenerFailed(e);
        }
    }
}
