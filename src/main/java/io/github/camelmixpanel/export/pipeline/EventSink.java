package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.dedupe.DedupeKey;
import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.ExportException;
import io.github.camelmixpanel.export.model.MalformedEventException;
import io.github.camelmixpanel.export.model.Window;
import io.github.camelmixpanel.export.model.WindowSummary;

/** Where events go: the Camel route. Called by the polling thread, except {@link #windowFailed}. */
public interface EventSink {

    /**
     * Hands one event to the route. Returns as soon as the route lets go of the thread; {@code
     * acknowledgement} is told when the route is through with the event, on any thread, before or
     * after this method returns.
     */
    void emit(
            Window window,
            int generation,
            ExportEvent event,
            DedupeKey key,
            Acknowledgement acknowledgement);

    /** A window is committed; told as an exchange of its own, as {@link #emit} does. */
    void windowComplete(WindowSummary summary, Acknowledgement acknowledgement);

    /** A line that is no event was set aside. */
    void badLine(MalformedEventException line);

    /** A window used up its retries and waits. Called on any thread. */
    void windowFailed(ExportException failure);

    /** The route's answer to one event. Only the first call counts. */
    interface Acknowledgement {

        /** The route took the event. */
        void acknowledge();

        /** The route and its error handler left the event failed. */
        void refuse(Throwable cause);
    }
}
