package io.github.camelmixpanel.export.internal.pipeline.route;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.MalformedEventException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import java.util.List;

/** Where events go: the Camel route. Called by the polling thread, unless it says otherwise. */
public interface EventSink {

    /**
     * Hands events to the route as one exchange. Returns as soon as the route lets go of the
     * thread; {@code acknowledgement} is told when the route is through with the exchange, on any
     * thread, before or after this method returns.
     */
    void emit(EventBatch handout, Acknowledgement acknowledgement);

    /** Hands a task to the route. Called on any thread; otherwise as {@link #emit}. */
    void task(ExportTask task, Acknowledgement acknowledgement);

    /** A window is committed; told as an exchange of its own, as {@link #emit} does. */
    void windowComplete(WindowSummary summary, Acknowledgement acknowledgement);

    /** Events that the route left failed count as done. */
    void skipped(Window window, List<ExportEvent> events, Throwable cause);

    /** A line that is no event was set aside. */
    void badLine(MalformedEventException line);

    /** The query of a window is about to be sent. Called on any thread. */
    void windowStarted(Window window, int generation);

    /** A window is committed. Called on any thread. */
    void windowCommitted(WindowSummary summary);

    /** A window used up its retries and waits. Called on any thread. */
    void windowFailed(Window window, int generation, ExportException failure);

    /** The route's answer to one exchange. Only the first call counts. */
    interface Acknowledgement {

        /** The route took all of it. */
        void acknowledge();

        /** The route and its error handler left the exchange failed. */
        void refuse(Throwable cause);
    }
}
