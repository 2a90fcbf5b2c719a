package io.github.camelmixpanel.export.model;

/** What a message asks a producer for. */
public enum Operation {
    /** One window now, whatever was exported before. */
    EXPORT,
    /** Days of the export of that name once more, by its consumer. */
    REEXPORT
}
