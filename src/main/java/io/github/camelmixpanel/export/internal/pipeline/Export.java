package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.CredentialsException;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.TaskOutcome;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.board.BoardStatus;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ReexportRequest;
import io.github.camelmixpanel.export.internal.pipeline.emission.Emission;
import io.github.camelmixpanel.export.internal.pipeline.parking.OperatorCommands;
import io.github.camelmixpanel.export.internal.pipeline.tasks.TaskResult;
import io.github.camelmixpanel.export.internal.plan.Planner;
import io.github.camelmixpanel.export.option.Reexport;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * One export: every due day reaches the route whole and in project quota, and the ledger says what
 * is done.
 *
 * <p>The polling thread plans, emits and commits; the threads of the pool admit, fetch, spool and
 * verify. Any thread may call all but {@link #poll} and {@link #close}.
 */
public class Export extends ExportParts implements Closeable {

    private static final Duration LAST_MOMENT = Duration.ofSeconds(1);

    private final ReentrantLock polling = new ReentrantLock();
    private volatile boolean stopped;
    private volatile Instant nextDue; // as of the last plan; null before

    /** Nothing may be written any more: another run may have begun. */
    private volatile boolean closed;

    Export(Given given) throws ExportException {
        super(given);
        recovery.takeUp(settings.tasks().emitsWindows());
    }

    /**
     * Works until every due window is committed or waits for longer than this poll should, or until
     * it is not to go on.
     *
     * @param goOn asked before each event and after each {@link #wake}; must be cheap
     * @return exchanges emitted
     * @throws CredentialsException when Mixpanel rejected the credentials, once until they are good
     *     again
     * @throws LedgerException when progress cannot be recorded, so that nothing more may be emitted
     */
    public int poll(BooleanSupplier goOn) throws ExportException {
        if (!polling.tryLock()) {
            return 0; // a scheduler with more than one thread
        }
        try {
            count.begin();
            BooleanSupplier running = () -> isRunning() && goOn.getAsBoolean();
            BooleanSupplier mayGoOn = () -> count.isBelowBound() && running.getAsBoolean();
            if (mayGoOn.getAsBoolean()) {
                status.runs().begin();
                calendar.pollBegins();
                board.open();
                log.begin();
                notices.begin();
                do {
                    carryOutWhatIsOwed(mayGoOn, running);
                    Instant nextPlan = plan();
                    admit(); // the pool's threads fetch, spool and verify
                    Optional<WindowRun> verified = board.takeToEmit(mayGoOn, until(nextPlan));
                    if (verified.isPresent()) {
                        emit(verified.get(), mayGoOn); // split, dedupe, emit, acknowledge, commit
                    }
                } while (mayGoOn.getAsBoolean() && !isDone());
                end(mayGoOn);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExportException | IllegalStateException e) {
            if (!closed) {
                throw e;
            }
            log.heldBeyondClose(e); // the route let go of this thread too late to record it
        } catch (Error e) {
            log.pollBroken(troubles.pollBroken(e));
            throw e;
        } finally {
            board.pause();
            status.runs().end();
            polling.unlock();
            if (closed) {
                closeKeysOnce();
            }
        }
        return count.emitted();
    }

    private boolean isRunning() {
        return !stopped && disk.trouble().isEmpty();
    }

    private void carryOutWhatIsOwed(BooleanSupplier mayGoOn, BooleanSupplier running)
            throws ExportException, InterruptedException {
        notices.send(mayGoOn);
        tasks.giveUpLost();
        operator.carryOut(mayGoOn, running, count::exchange);
    }

    /** Puts what is due on the board, and says when to look again. */
    private Instant plan() throws LedgerException {
        Planner.Plan plan = calendar.plan(board.windows());
        if (!plan.windows().isEmpty()) {
            board.plan(plan.windows(), ledger::nextGeneration);
            log.planned(plan.windows());
        }
        nextDue = plan.nextDue().orElse(Instant.MAX);
        firstLook.planned(board.windows().isEmpty(), nextDue);
        return nextDue;
    }

    private void admit() {
        admissions.start();
        log.beat();
    }

    /** When the polling thread has something to do beside emitting. */
    private Instant until(Instant nextPlan) {
        return Collections.min(List.of(nextPlan, board.status().nextDeadline(), log.nextBeat()));
    }

    /** Ends with the commit of the window, or leaves it for another pass, body or operator. */
    private void emit(WindowRun run, BooleanSupplier goOn)
            throws ExportException, InterruptedException {
        try {
            preparation.dedupe(run);
            Emission.PassResult result = emission.emit(run, goOn, count::exchange);
            if (closed) {
                return;
            }
            switch (result) {
                case COMPLETE -> completion.commit(run);
                case PARKS -> {
                    operator.tried(run);
                    failures.park(run);
                }
                case UNFINISHED -> failures.leave(run);
            }
        } catch (SpoolException e) {
            completion.unreadableBody(run, e);
        }
    }

    private boolean isDone() {
        return board.isDone() && !calendar.isBehind(board.windows());
    }

    private void end(BooleanSupplier mayGoOn) throws ExportException, InterruptedException {
        notices.send(mayGoOn);
        forgetOldKeys();
        firstLook.polled(board.windows().isEmpty());
        troubles.throwRejectionOnce();
    }

    /** The ledger first: a repair must not be promised for days whose keys are gone. */
    private void forgetOldKeys() throws LedgerException {
        LocalDate needed;
        synchronized (ledger) { // no day is exported again in between
            needed = calendar.keysNeededFrom();
            if (!deduplicator.hasBefore(needed)) {
                return;
            }
            ledger.keysFrom(needed);
        }
        deduplicator.forgetBefore(needed);
    }

    /**
     * Records what became of a task that this export issued, in this run or in an earlier one; it
     * is in the ledger on return.
     *
     * @throws IllegalStateException when this export issues no tasks
     * @throws LedgerException when it cannot be recorded: send it again
     */
    public TaskResult complete(TaskOutcome outcome) throws ExportException {
        if (!settings.tasks().emitsWindows()) {
            throw new IllegalStateException(
                    """
                    mixpanel-export:%s issues no tasks: set emit=WINDOWS on its consumer, or \
                    remove the route to operation=COMPLETE"""
                            .formatted(settings.name()));
        }
        return tasks.complete(outcome, completion);
    }

    /**
     * Makes days due again that were exported before; a poll takes them up when it plans next.
     *
     * @return those days
     * @throws IllegalArgumentException when none of them was exported
     * @throws IllegalStateException when a repair cannot tell what the route has had
     */
    public List<LocalDate> reexport(Window days, Reexport mode) throws LedgerException {
        synchronized (ledger) { // no keys are given up in between
            return ReexportRequest.ask(
                    settings.name(),
                    ledger,
                    settings.range().toDate(),
                    deduplicator::has,
                    days,
                    mode);
        }
    }

    /** What is parked and waits for {@link #resume} or {@link #drop}. */
    public List<ParkedWindow> parked() {
        return ledger.parked();
    }

    /** As {@link OperatorCommands#resume}. */
    public List<Window> resume(Window days) {
        return operator.resume(days);
    }

    /** As {@link OperatorCommands#drop}. */
    public List<Window> drop(Window days) {
        return operator.drop(days);
    }

    /** Makes a waiting poll ask again whether it is to go on. */
    public void wake() {
        board.wake();
        inFlight.wake();
    }

    /**
     * Ends the poll and every query at once; what the route still holds may be acknowledged until
     * {@link #close}.
     */
    public void stop() {
        stopped = true;
        board.cancelQueries();
        wake();
    }

    /** How things stand now, also when this is closed. */
    public ExportSnapshot snapshot() {
        BoardStatus windows = board.status();
        return status.snapshot(
                polling.isLocked() ? ExportSnapshot.Activity.POLLING : ExportSnapshot.Activity.IDLE,
                windows,
                troubles.list(windows),
                Optional.ofNullable(nextDue));
    }

    /** What keeps this export from going on, for people; empty when all is well. */
    public List<String> trouble() {
        return troubles.list(board.status()).stream().map(Trouble::text).toList();
    }

    /**
     * Logs once each exchange that the route holds for more than 10 minutes. Called now and then,
     * by another thread than that which polls: the route may hold that one too.
     *
     * @return whether it is time to look whether they are lost
     */
    public boolean watch() {
        AtomicBoolean due = new AtomicBoolean();
        troubles.inBackground(
                ExportTroubles.NOT_WATCHED, () -> due.set(stuckWatch.look(this::snapshot)), log);
        return due.get();
    }

    /**
     * Writes what was acknowledged, whatever the polling thread does: it may wait, or be held by
     * the route, or poll no more. Called once a second, by another thread.
     */
    public void flush() {
        troubles.inBackground(ExportTroubles.NOT_FLUSHED, flusher::flushAll, log);
    }

    /**
     * Writes what was acknowledged meanwhile, by a thread that is interrupted too. The export has
     * been stopped; a poll that the route still holds is given a moment.
     */
    @Override
    public void close() {
        boolean quiet = false;
        boolean interrupted = false;
        try {
            quiet = polling.tryLock(LAST_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true; // a shutdown that took too long
        }
        try {
            flush();
        } finally {
            flusher.close();
            closed = true;
            if (quiet) {
                polling.unlock();
            }
            closeKeysOnce();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Leaves it to a poll that the route still holds, whose thread uses them. */
    private void closeKeysOnce() {
        if (polling.tryLock()) {
            try {
                board.all().forEach(run -> run.emission.end());
                deduplicator.close();
            } catch (IOException e) {
                log.keysNotClosed(e);
            } finally {
                polling.unlock();
            }
        }
    }
}
