package io.github.camelmixpanel.export.model;

/** What is done about events that reach Mixpanel after their day has been exported. */
public enum LateEvents {
    /** Nothing: a day is asked for once, after its end plus one hour, and today never. */
    NONE
}
