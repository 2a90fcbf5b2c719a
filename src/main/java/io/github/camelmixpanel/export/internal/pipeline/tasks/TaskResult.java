package io.github.camelmixpanel.export.internal.pipeline.tasks;

/** What came of the outcome of a task. */
public enum TaskResult {
    /** The window is committed. */
    COMMITTED,
    /** The window is given out again, when its time has come. */
    AGAIN,
    /** The task had been given up, and its window is done or with somebody else. */
    IGNORED
}
