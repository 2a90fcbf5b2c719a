package io.github.camelmixpanel.export.internal.pipeline.route;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.RateLimitedException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import java.time.Duration;
import java.util.List;

/**
 * Hears what happens to the windows of one export: those who log, count or publish it implement
 * what they need. Any thread may call it, never for a single event that the route took.
 */
public interface WindowListener {

    /** A window goes on from the body that an earlier run has spooled. */
    default void recovered(Window window, int generation, long acknowledged, long lines) {}

    /** The query of a window is about to be sent, or a task with it is issued. */
    default void windowStarted(Window window, int generation) {}

    /** A query was answered with 429; its window is queried again when the pause is over. */
    default void rateLimited(RateLimitedException answer) {}

    /** A query or its download failed for any other reason. */
    default void downloadFailed(Window window, ExportException failure) {}

    /** A day had not begun yet in Mixpanel's time. */
    default void dayNotBegun(ExportException failure) {}

    /** A failed window is queried again after this delay. */
    default void retryScheduled(
            ExportException failure, int attempt, int attempts, Duration delay) {}

    /** A window was too large: its days are queried in windows of at most so many. */
    default void windowCut(Window window, int longest, ExportException failure) {}

    /** A window used up its retries and waits. */
    default void windowFailed(Window window, int generation, ExportException failure) {}

    /** The verified body of a window cannot be read now; it is tried again after this delay. */
    default void bodyOutOfReach(ExportException failure, Duration delay) {}

    /** The verified body of a window cannot be read any more; it is queried again. */
    default void bodyLost(ExportException failure) {}

    /** So many events were acknowledged and written; about once a second. */
    default void acknowledged(long events) {}

    /**
     * A pass over a window left events failed; they are emitted again.
     *
     * @param routeDown whether the route took no other event since
     */
    default void eventsLeftFailed(
            Window window, long events, boolean routeDown, Duration backoff, Throwable last) {}

    /** The route cannot take these events; they wait for an operator. */
    default void eventsParked(Window window, List<ExportEvent> events, Throwable cause) {}

    /**
     * Too much of a window fails; it waits for an operator.
     *
     * @param parked events of it that were parked before
     */
    default void windowParked(Window window, long failed, long parked, Throwable last) {}

    /** Parked events went to the route once more. */
    default void parkedResumed(Window window, long taken, long left, Throwable last) {}

    /** An operator gave up events that were parked, or that failed and waited. */
    default void parkedDropped(Window window, long events) {}

    /** An operator gave up what the route did not take of a parked window. */
    default void windowDropped(Window window) {}

    /** Every event of a window is acknowledged, and the ledger has it. */
    default void windowCommitted(WindowSummary summary) {}

    /** The route left the notice of a complete window failed. */
    default void noticeFailed(Window window, Throwable cause) {}

    /** A window is issued as a task. */
    default void taskIssued(ExportTask task) {}

    /** The route took a task. */
    default void taskTaken(ExportTask task) {}

    /** The failure of a task could not be recorded. */
    default void taskNotEnded(ExportTask task, ExportException failure) {}

    /** The outcome of a task came after the task was given up. */
    default void outcomeIgnored(ExportTask task) {}
}
