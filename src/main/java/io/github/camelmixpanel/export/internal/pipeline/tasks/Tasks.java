package io.github.camelmixpanel.export.internal.pipeline.tasks;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.FailureKind;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.TaskException;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.limit.WaitListener;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.TaskOutcome;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.pipeline.admission.Admissions;
import io.github.camelmixpanel.export.internal.pipeline.admission.WindowFailures;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.emission.WindowCompletion;
import io.github.camelmixpanel.export.internal.pipeline.progress.WindowListeners;
import io.github.camelmixpanel.export.internal.pipeline.route.Acknowledgement;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.text.Spans;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Issues admitted windows, each as a task for one query that the route has another process make. A
 * task is in the ledger before it leaves, and until its window is committed; one without an outcome
 * within {@code taskTimeout} is lost, and its window is issued again with a new permit.
 *
 * <p>A generation is committed once, and never issued after that. Only the outcome of a task in the
 * ledger counts, once; a late one counts until its window is committed. Thread-safe: one monitor
 * guards what becomes of tasks, and no code of the user runs under it.
 *
 * @param emitted called for each task that leaves
 */
public record Tasks(
        ExportSettings settings,
        Board board,
        ProjectLimit limit,
        Ledger ledger,
        WindowFailures failures,
        WindowListeners listeners,
        EventSink sink,
        Runnable emitted)
        implements Admissions.Work {

    @Override
    public ProjectLimit.Permit admit(WindowRun run, int kept, WaitListener listener)
            throws InterruptedException, LedgerException {
        return limit.admitTask(
                run.window, settings.name(), kept, listener, settings.tasks().taskStartTimeout());
    }

    @Override
    public void admitted(WindowRun run, ProjectLimit.Permit permit) throws LedgerException {
        Instant issuedAt = permit.startedAt();
        ExportTask task =
                new ExportTask(
                        settings.name(),
                        UUID.randomUUID().toString(),
                        run.window,
                        run.generation,
                        issuedAt,
                        issuedAt.plus(settings.tasks().taskStartTimeout()),
                        issuedAt.plus(settings.tasks().taskTimeout()));
        boolean leaves = false;
        try {
            leaves = issue(run, new WindowRun.Issued(task, permit));
        } finally {
            if (!leaves) {
                permit.close();
            }
        }
        if (!leaves) {
            board.putBack(run);
            return;
        }
        listeners.log(it -> it.taskIssued(task));
        listeners.each(it -> it.windowStarted(run.window, run.generation));
        sink.task(task, new Sent(task));
    }

    /** Counted here, so that no other one leaves when that was the last of this poll. */
    private synchronized boolean issue(WindowRun run, WindowRun.Issued issued)
            throws LedgerException {
        if (run.state() == WindowState.COMMITTED) {
            return false; // by the outcome of a task that was given up
        }
        ledger.issued(issued.task());
        boolean leaves = board.issued(run, issued);
        if (leaves) {
            issued.permit().sent();
            emitted.run();
        } else {
            ledger.taskOver(issued.task()); // the poll is over
        }
        return leaves;
    }

    /** What the route says of a task; one that it took is under way. */
    private final class Sent implements Acknowledgement {

        private final ExportTask task;
        private final AtomicBoolean reported = new AtomicBoolean();

        Sent(ExportTask task) {
            this.task = task;
        }

        @Override
        public void acknowledge() {
            if (reported.compareAndSet(false, true)) {
                listeners.log(it -> it.taskTaken(task));
            }
        }

        /** A fetcher may have it all the same: its query counts, and so would its outcome. */
        @Override
        public void fail(Throwable cause) {
            if (!reported.compareAndSet(false, true)) {
                return; // the collector found it lost, long after it was completed
            }
            try {
                failed(
                        task,
                        new TaskException(
                                "Window %s: the route could not send its task: %s"
                                        .formatted(task.window(), cause)));
            } catch (LedgerException e) {
                listeners.log(it -> it.taskNotEnded(task, e));
            }
        }
    }

    /** Gives up tasks that are lost. */
    public void giveUpLost() throws LedgerException {
        for (ExportTask task : board.status().lost()) {
            failed(task, lost(task));
        }
    }

    private TaskException lost(ExportTask task) {
        return new TaskException(
                """
                Window %s: no outcome of its task, issued at %s, came within taskTimeout=%s. Look \
                for a fetcher that died, or a route to operation=COMPLETE that does not run"""
                        .formatted(
                                task.window(),
                                task.issuedAt().truncatedTo(ChronoUnit.SECONDS),
                                Spans.of(settings.tasks().taskTimeout())));
    }

    /**
     * Records an outcome; it is in the ledger on return.
     *
     * @param completion commits a window that is done
     */
    public TaskResult complete(TaskOutcome outcome, WindowCompletion completion)
            throws ExportException {
        ExportTask task = outcome.task();
        TaskResult result = TaskResult.IGNORED;
        if (outcome instanceof TaskOutcome.Done done) {
            result = done(done, completion);
        } else if (outcome instanceof TaskOutcome.Failed failed
                && failed.kind() != FailureKind.REPEATED
                && failed(task, failed.exception())) {
            result = TaskResult.AGAIN;
        }
        if (result == TaskResult.IGNORED) {
            listeners.log(it -> it.outcomeIgnored(task));
        }
        return result;
    }

    private TaskResult done(TaskOutcome.Done done, WindowCompletion completion)
            throws ExportException {
        WindowSummary committed;
        synchronized (this) {
            Optional<WindowRun> run =
                    Optional.of(done.task())
                            .filter(ledger.countingTasks()::contains)
                            .flatMap(board::unfinished);
            if (run.isEmpty()) {
                return TaskResult.IGNORED;
            }
            committed = completion.doneElsewhere(run.get(), done);
            limit.succeeded(done.task().window());
            failures.succeeded();
        }
        listeners.each(it -> it.windowCommitted(committed));
        return TaskResult.COMMITTED;
    }

    /**
     * @return false when the task was given up before
     */
    private boolean failed(ExportTask task, ExportException failure) throws LedgerException {
        List<Runnable> userCode = new ArrayList<>();
        synchronized (this) {
            Optional<WindowRun> run = board.runOf(task);
            if (run.isEmpty()) {
                return false;
            }
            ledger.taskOver(task);
            failures.failed(run.get(), failure, userCode::add);
        }
        userCode.forEach(Runnable::run);
        return true;
    }
}
