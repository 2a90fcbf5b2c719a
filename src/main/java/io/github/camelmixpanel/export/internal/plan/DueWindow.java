package io.github.camelmixpanel.export.internal.plan;

import io.github.camelmixpanel.export.internal.model.Window;

/** A window to ask for, and why. */
public record DueWindow(Window window, Kind kind) {

    /** In the order in which windows are asked for. */
    public enum Kind {
        /** The day that has not ended. */
        TODAY,
        /** What Mixpanel has processed since the last arrival query. */
        ARRIVALS,
        /** A past day that was exported before it was final. */
        REVISIT,
        /** Past days that were never exported. */
        BACKFILL
    }
}
