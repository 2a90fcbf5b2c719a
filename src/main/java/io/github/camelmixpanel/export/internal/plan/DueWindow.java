package io.github.camelmixpanel.export.internal.plan;

import io.github.camelmixpanel.export.internal.model.Window;

/** A window to export, and why it is due. */
public record DueWindow(Window window, Kind kind) {

    /** In the order in which windows are exported. */
    public enum Kind {
        /** The day that has not ended. */
        TODAY,
        /** Events that Mixpanel has processed since the last arrival query. */
        ARRIVALS,
        /** A past day that was exported before it was final. */
        REVISIT,
        /** Past days that were never exported. */
        BACKFILL
    }
}
