package io.github.camelmixpanel.export.internal.pipeline.admission;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.limit.WaitListener;
import io.github.camelmixpanel.export.internal.model.Verdict.Kind;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.RetryRule;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has at most {@code maxConcurrentWindows} threads of the pool take due windows from the {@link
 * Board}, the most urgent first, wait for the quota, and work on each window that gets a permit.
 */
public final class Admissions {

    private final ExportSettings settings;
    private final Board board;
    private final ProjectLimit limit;
    private final Work work;
    private final WindowFailures failures;
    private final ExportLog log;
    private final InstantSource clock;
    private final ExecutorService pool;
    private final AtomicInteger workers = new AtomicInteger();

    /** What is done with a window that may be queried. */
    public interface Work {

        /** Called before windows are taken. */
        default void begin() {}

        /**
         * @return null, without waiting, while the credentials are rejected
         */
        ProjectLimit.Permit admit(WindowRun run, int kept, WaitListener listener)
                throws InterruptedException, ExportException;

        /** Called once per permit, by the thread that waited for it; closes it when done. */
        void admitted(WindowRun run, ProjectLimit.Permit permit) throws ExportException;
    }

    public Admissions(
            ExportSettings settings,
            Board board,
            ProjectLimit limit,
            Work work,
            WindowFailures failures,
            ExportLog log,
            InstantSource clock,
            ExecutorService pool) {
        this.settings = settings;
        this.board = board;
        this.limit = limit;
        this.work = work;
        this.failures = failures;
        this.log = log;
        this.clock = clock;
        this.pool = pool;
    }

    /** Ensures that threads are at work while windows are left to query. */
    public void start() {
        work.begin();
        while (workers.incrementAndGet() <= settings.downloads().maxConcurrentWindows()) {
            try {
                pool.execute(this::work);
            } catch (RejectedExecutionException e) {
                break; // the pool is going down with the consumer
            }
        }
        workers.decrementAndGet();
    }

    private void work() {
        try {
            WindowRun run;
            while ((run = board.takeToFetch()) != null) {
                admit(run);
                // an interrupt meant the wait for a permit that is over now
                Thread.interrupted();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            workers.decrementAndGet();
            if (board.wantsDownload()) {
                start(); // planned while this thread found nothing and was still counted
            }
        }
    }

    private void admit(WindowRun run) {
        try {
            ProjectLimit.Permit permit = work.admit(run, kept(run), log::waiting);
            if (permit == null) {
                board.putBack(run);
            } else {
                work.admitted(run, permit);
            }
        } catch (InterruptedException e) {
            board.putBack(run);
        } catch (ExportException e) {
            failures.failed(run, e);
        } catch (RuntimeException | Error e) {
            // a defect must not leave the window in FETCHING for ever
            board.retryLater(
                    run,
                    clock.instant().plus(RetryRule.EXHAUSTED),
                    true,
                    Trouble.of(Kind.QUERY, run.window, e.toString()));
            throw e;
        }
    }

    /** A long back-fill leaves today's export its share of the hourly quota. */
    private int kept(WindowRun run) {
        return run.due.kind() == DueWindow.Kind.BACKFILL
                ? settings.keptForToday(clock.instant())
                : 0;
    }
}
