package io.github.camelmixpanel.export.internal.pipeline.tasks;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.TaskException;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.TaskOutcome;
import io.github.camelmixpanel.export.internal.pipeline.admission.Admissions;
import io.github.camelmixpanel.export.internal.pipeline.admission.WindowFailures;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportCounters;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Windows that there is leave for are given away, each as a task for one query that somebody else
 * makes. A task is in the ledger before it leaves, and until its outcome is there as well; one
 * without an outcome in {@code taskTimeout} is lost, and its window is given out again with a new
 * permit.
 *
 * <p>Thread-safe.
 */
public final class Tasks implements Admissions.Work {

    private final ExportSettings settings;
    private final Board board;
    private final ProjectLimit limit;
    private final Ledger ledger;
    private final WindowFailures failures;
    private final ExportLog progress;
    private final ExportCounters tally;
    private final EventSink sink;
    private final InstantSource clock;
    private final Runnable emitted;

    /**
     * @param emitted told of each task that leaves
     */
    public Tasks(
            ExportSettings settings,
            Board board,
            ProjectLimit limit,
            Ledger ledger,
            WindowFailures failures,
            ExportLog progress,
            ExportCounters tally,
            EventSink sink,
            InstantSource clock,
            Runnable emitted) {
        this.settings = settings;
        this.board = board;
        this.limit = limit;
        this.ledger = ledger;
        this.failures = failures;
        this.progress = progress;
        this.tally = tally;
        this.sink = sink;
        this.clock = clock;
        this.emitted = emitted;
    }

    @Override
    public ProjectLimit.Permit admit(WindowRun task, int kept, ProjectLimit.WaitListener listener)
            throws InterruptedException, LedgerException {
        return limit.admitTask(
                task.window, settings.name(), kept, listener, settings.tasks().taskStartTimeout());
    }

    @Override
    public void admitted(WindowRun task, ProjectLimit.Permit permit) throws LedgerException {
        Instant issuedAt = permit.startedAt();
        ExportTask given =
                new ExportTask(
                        settings.name(),
                        UUID.randomUUID().toString(),
                        task.window,
                        task.generation,
                        issuedAt,
                        issuedAt.plus(settings.tasks().taskStartTimeout()),
                        issuedAt.plus(settings.tasks().taskTimeout()));
        boolean leaves = false;
        try {
            ledger.issued(given);
            leaves = leaves(task, new WindowRun.HandedOut(given, permit));
        } finally {
            if (!leaves) {
                permit.close();
            }
        }
        if (!leaves) {
            ledger.taskOver(given); // the poll is over
            board.putBack(task);
            return;
        }
        task.queries++;
        tally.query();
        progress.handedOut(given);
        sink.windowStarted(task.window, task.generation);
        sink.task(given, new Sent(given));
    }

    /** Counted here, so that no other one leaves when that was the last of this poll. */
    private synchronized boolean leaves(WindowRun task, WindowRun.HandedOut given) {
        boolean leaves = board.handedOut(task, given);
        if (leaves) {
            emitted.run();
        }
        return leaves;
    }

    /** What the route says of a task; one that it took is under way. */
    private final class Sent implements EventSink.Acknowledgement {

        private final ExportTask given;
        private final AtomicBoolean told = new AtomicBoolean();

        Sent(ExportTask given) {
            this.given = given;
        }

        @Override
        public void acknowledge() {
            if (told.compareAndSet(false, true)) {
                progress.taskTaken(given);
            }
        }

        /**
         * Somebody may have it all the same: its query counts, and its outcome would be welcome.
         */
        @Override
        public void refuse(Throwable cause) {
            if (!told.compareAndSet(false, true)) {
                return; // found lost by the collector when it had long been completed
            }
            try {
                failed(
                        given,
                        new TaskException(
                                "Window "
                                        + given.window()
                                        + ": the route could not send its task: "
                                        + cause));
            } catch (LedgerException e) {
                progress.taskNotEnded(given, e);
            }
        }
    }

    /** When the next task is lost, as far as the time tells; never when none is under way. */
    public Instant nextDeadline() {
        return board.handedOut().stream()
                .map(ExportTask::deadline)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    /** Gives up tasks whose time is over. */
    public void giveUpLost() throws LedgerException {
        Instant now = clock.instant();
        for (ExportTask given : board.handedOut()) {
            if (!given.deadline().isAfter(now)) {
                failed(given, lost(given));
            }
        }
    }

    private TaskException lost(ExportTask given) {
        return new TaskException(
                "Window "
                        + given.window()
                        + ": no outcome of its task, given out at "
                        + given.issuedAt().truncatedTo(ChronoUnit.SECONDS)
                        + ", came within taskTimeout="
                        + ExportLog.text(settings.tasks().taskTimeout())
                        + ". Look for a fetcher that died, or a route to operation=COMPLETE that does not"
                        + " run");
    }

    /**
     * Takes note of an outcome; it is in the ledger on return.
     *
     * @param commit called for a window that is done
     */
    public synchronized TaskResult complete(TaskOutcome outcome, Commit commit)
            throws ExportException {
        ExportTask given = outcome.task();
        TaskResult result = TaskResult.IGNORED;
        if (outcome instanceof TaskOutcome.Done done) {
            result = done(done, commit);
        } else if (outcome instanceof TaskOutcome.Failed failed
                && failed(given, failed.exception())) {
            result = TaskResult.AGAIN;
        }
        if (result == TaskResult.IGNORED) {
            progress.outcomeIgnored(given);
        }
        return result;
    }

    /** One that comes after its task was given up counts too, unless somebody did it again. */
    private TaskResult done(TaskOutcome.Done done, Commit commit) throws ExportException {
        Optional<WindowRun> task = board.unfinished(done.task().window(), done.task().generation());
        if (task.isEmpty()) {
            return TaskResult.IGNORED;
        }
        limit.succeeded(done.task().window());
        failures.succeeded();
        commit.done(task.get(), done);
        return TaskResult.COMMITTED;
    }

    /**
     * @return false when the task had been given up before
     */
    private synchronized boolean failed(ExportTask given, ExportException failure)
            throws LedgerException {
        Optional<WindowRun> task = board.windowOf(given);
        if (task.isEmpty()) {
            return false;
        }
        try {
            failures.failed(task.get(), failure);
        } finally {
            ledger.taskOver(given);
        }
        return true;
    }

    public interface Commit {
        void done(WindowRun task, TaskOutcome.Done outcome) throws ExportException;
    }
}
