package io.github.camelmixpanel.export.internal.pipeline.route;

import io.github.camelmixpanel.export.failure.MalformedEventException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import java.util.List;

/**
 * Where events go: the Camel route, which also listens to what happens to their windows. The
 * polling thread calls it, unless a method says otherwise.
 */
public interface EventSink extends WindowListener {

    /**
     * Sends events to the route as one exchange. Returns as soon as the route lets go of the
     * thread; the batch is acknowledged when the route is through with the exchange, on any thread,
     * before or after this method returns.
     */
    void emit(EventBatch batch);

    /** As {@link #emit}, and a batch that cannot be emitted fails. */
    default void deliver(EventBatch batch) {
        try {
            emit(batch);
        } catch (RuntimeException e) {
            batch.fail(e); // or its slot would never be free again
        }
    }

    /** Sends a task to the route, from any thread; otherwise as {@link #emit}. */
    void task(ExportTask task, Acknowledgement acknowledgement);

    /** Sends the notice that a window is committed, as an exchange of its own. */
    void windowComplete(WindowSummary summary, Acknowledgement acknowledgement);

    /** Events that the route left failed count as done. */
    void skipped(Window window, List<ExportEvent> events, Throwable cause);

    /** A line that is no event was set aside. */
    void badLine(MalformedEventException line);
}
