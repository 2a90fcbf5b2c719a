package io.github.camelmixpanel.export.internal.pipeline.route;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.RateLimitedException;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;

/**
 * Hears what happens to the windows of one export: those who log, count or publish it implement
 * what they need. Any thread may call it.
 */
public interface WindowListener {

    /** The query of a window is about to be sent, or a task with it is issued. */
    default void windowStarted(Window window, int generation) {}

    /** A query was answered with 429; its window is queried again when the pause is over. */
    default void rateLimited(RateLimitedException answer) {}

    /** A window used up its retries and waits. */
    default void windowFailed(Window window, int generation, ExportException failure) {}

    /** Every event of a window is acknowledged, and the ledger has it. */
    default void windowCommitted(WindowSummary summary) {}
}
