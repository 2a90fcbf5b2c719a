package io.github.camelmixpanel.export.internal.model;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.FailureKind;
import java.time.Duration;
import java.time.Instant;

/** What became of a task. */
public sealed interface TaskOutcome {

    ExportTask task();

    /**
     * Every event of the window was handed on.
     *
     * @param serverStartedAt when the query began by the server's {@code Date}, or null when it
     *     sent none
     * @param duplicates of the events, left out because the download had them already
     * @param bytes length of the download as received
     */
    record Done(
            ExportTask task,
            Instant serverStartedAt,
            long events,
            long duplicates,
            long otherEvents,
            long badLines,
            long bytes)
            implements TaskOutcome {}

    /**
     * The window has to be asked for again.
     *
     * @param message for people
     * @param retryAfter what Mixpanel asked for, or null
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
