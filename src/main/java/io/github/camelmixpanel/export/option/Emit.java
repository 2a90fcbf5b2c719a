package io.github.camelmixpanel.export.option;

/** What a consumer sends to its route. */
public enum Emit {
    /** Each event of the due windows. */
    EVENTS,
    /** One task per due window, for a producer that makes the query, here or on another host. */
    WINDOWS
}
