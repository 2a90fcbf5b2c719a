package io.github.camelmixpanel.export.option;

/** What is emitted of days that are exported again on request. */
public enum Reexport {
    /** Only events that the route has not had yet. */
    REPAIR,
    /** All events, as if the route had never had any of these days. */
    REPLAY
}
