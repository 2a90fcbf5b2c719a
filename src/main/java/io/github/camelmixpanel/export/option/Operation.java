package io.github.camelmixpanel.export.option;

/** What a message asks a producer for. */
public enum Operation {
    /** One window now, whatever was exported before. */
    EXPORT,
    /** Takes note of what became of a task that the consumer of that name gave out. */
    COMPLETE,
    /** Days of the export of that name once more, by its consumer. */
    REEXPORT,
    /** What is parked of these days is handed to the route of its consumer once more. */
    RESUME,
    /** What is parked of these days is given up. */
    DROP
}
