package io.github.camelmixpanel.export.internal.model;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.FailureKind;
import io.github.camelmixpanel.export.internal.model.WindowSummary.DayCounts;
import java.time.Duration;
import java.time.Instant;

/** How a task ended. */
public sealed interface TaskOutcome {

    ExportTask task();

    /**
     * The route has taken every event of the window.
     *
     * @param serverStartedAt when the query began by the server's {@code Date}, or null when it
     *     sent none
     * @param duplicates of the events, left out because the download had them already
     * @param bytes length of the download as received
     * @param days the same by day, for a window of several; unknown from an earlier version
     */
    record Done(
            ExportTask task,
            Instant serverStartedAt,
            long events,
            long duplicates,
            long otherEvents,
            long badLines,
            long bytes,
            DayCounts days)
            implements TaskOutcome {}

    /**
     * The window needs another query.
     *
     * @param message for people
     * @param retryAfter the wait that Mixpanel asked for, or null
     * @param status the HTTP status, or 0
     */
    record Failed(
            ExportTask task, FailureKind kind, String message, Duration retryAfter, int status)
            implements TaskOutcome {

        /** The same as if this process had made the query. */
        public ExportException exception() {
            return kind.exception(message, retryAfter, status);
        }
    }
}
