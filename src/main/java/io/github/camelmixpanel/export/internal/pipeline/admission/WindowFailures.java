package io.github.camelmixpanel.export.internal.pipeline.admission;

import io.github.camelmixpanel.export.failure.CredentialsException;
import io.github.camelmixpanel.export.failure.DayNotBegunException;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.RateLimitedException;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.RetryRule;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ArrivalCalendar;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportCounters;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import java.time.InstantSource;

/**
 * What the failure of a query means for its window, which is FETCHING, and for the export: when to
 * ask again, and who is told. Thread-safe.
 */
public final class WindowFailures {

    private final ExportSettings settings;
    private final Board board;
    private final ProjectLimit limit;
    private final ArrivalCalendar arrivals;
    private final RetryRule retries;
    private final ExportLog progress;
    private final ExportCounters tally;
    private final EventSink sink;
    private final InstantSource clock;
    private volatile CredentialsException refusal;

    public WindowFailures(
            ExportSettings settings,
            Board board,
            ProjectLimit limit,
            ArrivalCalendar arrivals,
            RetryRule retries,
            ExportLog progress,
            ExportCounters tally,
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
    public void failed(WindowRun task, ExportException failure) {
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

    private void dayNotBegun(WindowRun task, ExportException failure) {
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

    private void retry(WindowRun task, ExportException failure) {
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

    private void tell(WindowRun task, ExportException failure) {
        try {
            sink.windowFailed(task.window, task.generation, failure);
        } catch (RuntimeException e) {
            progress.handlerFailed(failure, e);
        }
    }

    /** A query was answered: the credentials are good. */
    public void succeeded() {
        refusal = null;
    }

    /** Why no window may be asked for: the server's last word on the credentials, or null. */
    public CredentialsException refusal() {
        return refusal;
    }
}
