package io.github.camelmixpanel.export.option;

/** What is emitted of days that are exported again because somebody asked for it. */
public enum Reexport {
    /** Only what the route has not had yet. */
    REPAIR,
    /** Everything, as if the route had never had anything of these days. */
    REPLAY
}
