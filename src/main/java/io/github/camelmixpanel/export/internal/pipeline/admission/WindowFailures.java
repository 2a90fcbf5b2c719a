package io.github.camelmixpanel.export.internal.pipeline.admission;

import io.github.camelmixpanel.export.failure.CredentialsException;
import io.github.camelmixpanel.export.failure.DayNotBegunException;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.IncompleteExportException;
import io.github.camelmixpanel.export.failure.InvalidExportRequestException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.RateLimitedException;
import io.github.camelmixpanel.export.failure.TransientExportException;
import io.github.camelmixpanel.export.failure.UnreachableException;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.Verdict.Attempt;
import io.github.camelmixpanel.export.internal.model.Verdict.Kind;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.RetryRule;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ArrivalCalendar;
import io.github.camelmixpanel.export.internal.pipeline.progress.WindowListeners;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Decides what the failure of a query means for its window, which is FETCHING, and for the export:
 * when to query again, and who hears of it; {@link #report} also what it means for the project.
 * Thread-safe.
 */
public final class WindowFailures {

    /** A window of several days that broke so often in its body is cut. */
    private static final int MOST_BREAKS = 2;

    private final ExportSettings settings;
    private final Ledger ledger;
    private final Board board;
    private final ProjectLimit limit;
    private final ArrivalCalendar arrivals;
    private final RetryRule retries;
    private final WindowListeners listeners;
    private final InstantSource clock;
    private volatile CredentialsException refusal;

    public WindowFailures(
            ExportSettings settings,
            Ledger ledger,
            Board board,
            ProjectLimit limit,
            ArrivalCalendar arrivals,
            RetryRule retries,
            WindowListeners listeners,
            InstantSource clock) {
        this.settings = settings;
        this.ledger = ledger;
        this.board = board;
        this.limit = limit;
        this.arrivals = arrivals;
        this.retries = retries;
        this.listeners = listeners;
        this.clock = clock;
    }

    /** To be called while the query's permit is held, if there was one. */
    public void failed(WindowRun run, ExportException failure) {
        failed(run, failure, Runnable::run);
    }

    /**
     * As {@link #failed(WindowRun, ExportException)}.
     *
     * @param user runs what calls code of the user
     */
    public void failed(WindowRun run, ExportException failure, Executor user) {
        if (run.isCancelled()) {
            board.putBack(run);
            return;
        }
        report(failure, limit, settings, run.window);
        if (failure instanceof RateLimitedException limited) {
            listeners.each(it -> it.rateLimited(limited));
            board.putBack(run);
            return;
        }
        listeners.counters().downloadFailed();
        if (isTooLarge(run, failure) && isCut(run, failure)) {
            return;
        }
        if (failure instanceof CredentialsException credentials) {
            refusal = credentials;
            board.retryLater(run, clock.instant(), true, trouble(Kind.CREDENTIALS, run, failure));
        } else if (failure instanceof DayNotBegunException) {
            dayNotBegun(run, failure);
        } else {
            retry(run, failure, user);
        }
    }

    /**
     * A single day is as small as it gets. One break may be the network's; what breaks twice, or is
     * broken by one of its days, gets further in parts.
     */
    private boolean isTooLarge(WindowRun run, ExportException failure) {
        if (!settings.sizesWindows() || run.window.isArrivals() || run.window.length() == 1) {
            return false;
        }
        boolean broke =
                failure instanceof IncompleteExportException
                        || failure instanceof TransientExportException && run.received(0) > 0;
        return failure.isTooLarge() || broke && run.countBroken() >= MOST_BREAKS;
    }

    /** In the ledger first: a restart must not make the same window once more. */
    private boolean isCut(WindowRun run, ExportException failure) {
        int longest = settings.daysOfCut(run.window.length(), run.received(0));
        try {
            ledger.cut(run.window, longest);
        } catch (LedgerException e) {
            return false; // it is tried as a whole, later
        }
        listeners.log(it -> it.windowCut(run.window, longest, failure));
        board.cut(run);
        return true;
    }

    private void dayNotBegun(WindowRun run, ExportException failure) {
        listeners.log(it -> it.dayNotBegun(failure));
        if (run.window.isArrivals()) {
            arrivals.dayNotBegun(run.window.toDate());
            board.withdraw(run); // planned again without that day
        } else {
            board.retryLater(
                    run,
                    clock.instant().plus(settings.late().todayInterval()),
                    true,
                    trouble(Kind.TIME_ZONE, run, failure));
        }
    }

    private void retry(WindowRun run, ExportException failure, Executor user) {
        RetryRule.Decision decision = run.countFailure(failure, retries);
        // before the board settles, which may end the poll
        listeners.log(it -> it.retryScheduled(failure, decision));
        if (decision.longWait()) {
            user.execute(
                    () ->
                            listeners.each(
                                    it -> it.windowFailed(run.window, run.generation, failure)));
        }
        board.retryLater(
                run,
                clock.instant().plus(decision.delay()),
                decision.longWait(),
                trouble(decision.longWait() ? Kind.QUERY : Kind.RETRY, run, failure)
                        .with(failure.retryable() ? attempt(decision) : Attempt.NONE));
    }

    /**
     * Reports a failed query, whose permit is still held, to the project's limit. Three failures of
     * the server in a row pause the project; failures of the local disk do not.
     */
    public static void report(
            ExportException failure, ProjectLimit limit, ExportSettings settings, Window window) {
        if (failure instanceof RateLimitedException limited) {
            limit.rateLimited(limited.retryAfter());
        } else if (failure instanceof CredentialsException) {
            limit.refused(settings.credentials().fingerprint());
        } else if (failure instanceof TransientExportException
                || failure instanceof UnreachableException
                || failure instanceof IncompleteExportException
                || failure instanceof InvalidExportRequestException) {
            limit.failed(settings.name(), window, failure.retryable());
        }
    }

    private static Attempt attempt(RetryRule.Decision decision) {
        int number = Math.min(decision.attempt(), decision.attempts());
        return new Attempt(number, decision.attempts(), Optional.empty());
    }

    private static Trouble trouble(Kind kind, WindowRun run, ExportException failure) {
        return Trouble.of(kind, run.window, failure.getMessage());
    }

    /** A query was answered: the credentials are good. */
    public void succeeded() {
        refusal = null;
    }

    /** Why no window may be queried: the server's last word on the credentials, or null. */
    public CredentialsException refusal() {
        return refusal;
    }
}
