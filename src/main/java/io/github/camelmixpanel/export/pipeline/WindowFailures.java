package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.limit.ProjectLimit;
import io.github.camelmixpanel.export.model.CredentialsException;
import io.github.camelmixpanel.export.model.DayNotBegunException;
import io.github.camelmixpanel.export.model.ExportException;
import io.github.camelmixpanel.export.model.ExportSettings;
import io.github.camelmixpanel.export.model.RateLimitedException;
import java.time.InstantSource;

/**
 * What the failure of a query means for its window, which is FETCHING, and for the export: when to
 * ask again, and who is told. Thread-safe.
 */
final class WindowFailures {

    private final ExportSettings settings;
    private final Board board;
    private final ProjectLimit limit;
    private final ArrivalCalendar arrivals;
    private final RetryRule retries;
    private final Progress progress;
    private final Tally tally;
    private final EventSink sink;
    private final InstantSource clock;
    private volatile CredentialsException refusal;

    WindowFailures(
            ExportSettings settings,
            Board board,
            ProjectLimit limit,
            ArrivalCalendar arrivals,
            RetryRule retries,
            Progress progress,
            Tally tally,
            EventSink sink,
            InstantSource clock) {
        this.settings = settings;
        this.board = board;
        this.limit = limit;
        this.arrivals = arrivals;
        this.retries = retries;
        this.progress = progress;
        this.tally = tally;
        this.sink = sink;
        this.clock = clock;
    }

    /** To be called while the query's permit is held, if there was one. */
    void failed(WindowTask task, ExportException failure) {
        if (task.cancelled) {
            board.putBack(task);
            return;
        }
        QueryFailure.tell(failure, limit, settings.name(), task.window);
        if (failure instanceof RateLimitedException limited) {
            tally.rateLimited();
            progress.rateLimited(limited);
            board.putBack(task);
            return;
        }
        tally.failedDownload();
        if (failure instanceof CredentialsException credentials) {
            refusal = credentials;
            board.retryLater(task, clock.instant(), true, credentials.getMessage());
        } else if (failure instanceof DayNotBegunException) {
            dayNotBegun(task, failure);
        } else {
            retry(task, failure);
        }
    }

    private void dayNotBegun(WindowTask task, ExportException failure) {
        progress.dayNotBegun(failure);
        if (task.window.isArrivals()) {
            arrivals.dayNotBegun(task.window.toDate());
            board.withdraw(task); // planned again without that day
        } else {
            board.retryLater(
                    task,
                    clock.instant().plus(settings.late().todayInterval()),
                    true,
                    failure.getMessage());
        }
    }

    private void retry(WindowTask task, ExportException failure) {
        RetryRule.Decision decision = retries.after(failure, task.failures + 1, task.exhausted);
        task.failures = decision.longWait() ? 0 : task.failures + 1;
        task.exhausted += decision.longWait() ? 1 : 0;
        // told before the board settles, which may end the poll
        progress.failed(failure, decision);
        if (decision.longWait()) {
            tally.failedWindow();
            tell(task, failure);
        }
        board.retryLater(
                task,
                clock.instant().plus(decision.delay()),
                decision.longWait(),
                failure.getMessage());
    }

    private void tell(WindowTask task, ExportException failure) {
        try {
            sink.windowFailed(task.window, task.generation, failure);
        } catch (RuntimeException e) {
            progress.handlerFailed(failure, e);
        }
    }

    /** A query was answered: the credentials are good. */
    void succeeded() {
        refusal = null;
    }

    /** Why no window may be asked for: the server's last word on the credentials, or null. */
    CredentialsException refusal() {
        return refusal;
    }
}
