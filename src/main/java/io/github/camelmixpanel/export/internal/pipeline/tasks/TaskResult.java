package io.github.camelmixpanel.export.internal.pipeline.tasks;

/** What the outcome of a task led to. */
public enum TaskResult {
    /** The window is committed. */
    COMMITTED,
    /** The window is issued again, when its time has come. */
    AGAIN,
    /** The task was given up before, and its window is done or issued as another task. */
    IGNORED
}
