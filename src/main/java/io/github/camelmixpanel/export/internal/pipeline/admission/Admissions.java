package io.github.camelmixpanel.export.internal.pipeline.admission;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.RetryRule;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.option.LateEvents;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * At most {@code maxConcurrentWindows} threads of the pool take due windows from the {@link Board},
 * the most urgent first, wait for the quota, and go on with what there is leave for.
 */
public final class Admissions {

    private static final int KEPT_FOR_TODAY = 6;

    private final ExportSettings settings;
    private final Board board;
    private final ProjectLimit limit;
    private final Work work;
    private final WindowFailures failures;
    private final ExportLog progress;
    private final InstantSource clock;
    private final ExecutorService pool;
    private final AtomicInteger workers = new AtomicInteger();

    /** What is done with a window that may be asked for. */
    public interface Work {

        /**
         * @return null, without waiting, while the credentials are refused
         */
        ProjectLimit.Permit admit(WindowRun task, int kept, ProjectLimit.WaitListener listener)
                throws InterruptedException, ExportException;

        /** Called once for each permit, by the thread that waited for it; closes it when done. */
        void admitted(WindowRun task, ProjectLimit.Permit permit) throws ExportException;
    }

    public Admissions(
            ExportSettings settings,
            Board board,
            ProjectLimit limit,
            Work work,
            WindowFailures failures,
            ExportLog progress,
            InstantSource clock,
            ExecutorService pool) {
        this.settings = settings;
        this.board = board;
        this.limit = limit;
        this.work = work;
        this.failures = failures;
        this.progress = progress;
        this.clock = clock;
        this.pool = pool;
    }

    /** Sees to it that threads are at work while windows are left to ask for. */
    public void start() {
        while (workers.incrementAndGet() <= settings.maxConcurrentWindows()) {
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
            WindowRun task;
            while ((task = board.takeToFetch()) != null) {
                admit(task);
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

    private void admit(WindowRun task) {
        try {
            ProjectLimit.Permit permit = work.admit(task, kept(task), progress::waiting);
            if (permit == null) {
                board.putBack(task);
            } else {
                work.admitted(task, permit);
            }
        } catch (InterruptedException e) {
            board.putBack(task);
        } catch (ExportException e) {
            failures.failed(task, e);
        } catch (RuntimeException | Error e) {
            // a defect must not leave the window in FETCHING for ever
            board.retryLater(task, clock.instant().plus(RetryRule.EXHAUSTED), true, e.toString());
            throw e;
        }
    }

    /** A long back-fill leaves today's export its share of the hour. */
    private int kept(WindowRun task) {
        LocalDate last = settings.range().toDate();
        LocalDate today = LocalDate.ofInstant(clock.instant(), settings.timeZone());
        boolean todayToo =
                settings.late().mode() != LateEvents.NONE
                        && (last == null || !last.isBefore(today));
        return todayToo && task.due.kind() == DueWindow.Kind.BACKFILL
                ? Math.min(KEPT_FOR_TODAY, limit.queriesPerHour() / 10)
                : 0;
    }
}
