package io.github.camelmixpanel.export.internal.pipeline.tasks;

/** What the outcome of a task led to. */
public enum TaskResult {
    /** The window is committed. */
    COMMITTED,
    /** The window is issued again, when its time has come. */
    AGAIN,
    /**
     * It counts no more: its window is done, it failed after it was given up, or nobody issued it.
     */
    IGNORED
}
