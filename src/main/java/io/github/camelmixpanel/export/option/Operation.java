package io.github.camelmixpanel.export.option;

/** What a message requests from a producer. */
public enum Operation {
    /** One window now, whatever was exported before. */
    EXPORT,
    /** Carries out the task in the body, which the consumer of that name issued. */
    TASK,
    /** Reports the outcome of a task that the consumer of that name issued. */
    COMPLETE,
    /** Has the consumer of that name export days again. */
    REEXPORT,
    /** Has the consumer of that name emit the parked events of these days again. */
    RESUME,
    /** Drops the parked events of these days. */
    DROP
}
