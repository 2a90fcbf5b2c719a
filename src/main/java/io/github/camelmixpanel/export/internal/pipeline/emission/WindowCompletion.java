package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.DownloadSummary;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.TaskOutcome;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.pipeline.ack.FailedExchange;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ExportCalendar;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportCounters;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.spool.Spool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a window once its events have been handed to the route, here or elsewhere:
 * committed, parked, left for another pass, or asked for again. {@link #doneElsewhere} may be
 * called by any thread, all else by the polling thread.
 */
public final class WindowCompletion {

    private final ExportSettings settings;
    private final Ledger ledger;
    private final ExportCalendar calendar;
    private final Board board;
    private final Spool spool;
    private final Optional<Deduplicator> seen;
    private final InFlight inFlight;
    private final Emission emission;
    private final Flusher flusher;
    private final FailedExchanges refusals;
    private final EventSink sink;
    private final ExportLog progress;
    private final ExportCounters tally;
    private final InstantSource clock;

    public WindowCompletion(
            ExportSettings settings,
            Ledger ledger,
            ExportCalendar calendar,
            Board board,
            Spool spool,
            Optional<Deduplicator> seen,
            InFlight inFlight,
            Emission emission,
            Flusher flusher,
            FailedExchanges refusals,
            EventSink sink,
            ExportLog progress,
            ExportCounters tally,
            InstantSource clock) {
        this.settings = settings;
        this.ledger = ledger;
        this.calendar = calendar;
        this.board = board;
        this.spool = spool;
        this.seen = seen;
        this.inFlight = inFlight;
        this.emission = emission;
        this.flusher = flusher;
        this.refusals = refusals;
        this.sink = sink;
        this.progress = progress;
        this.tally = tally;
        this.clock = clock;
    }

    /** Its verified body cannot be read any more. */
    public void lostBody(WindowRun task, SpoolException e) throws ExportException {
        flusher.end(task);
        ledger.dropped(task.window, e.getMessage());
        refusals.lostBody(task);
        spool.delete(task.spooled.body().file());
        progress.lostBody(e);
        board.lostBody(task);
    }

    /**
     * Somebody has decided about a parked window. Others went on meanwhile and may have handed out
     * events of it, so that it is compared anew, as after a restart.
     */
    public void beginAnew(WindowRun task) throws ExportException {
        flusher.end(task);
        OpenWindow begun =
                ledger.openWindows().stream()
                        .filter(it -> it.window().equals(task.window))
                        .findFirst()
                        .orElseThrow()
                        .compared(null);
        ledger.spooled(begun);
        task.beginsAnew(begun);
    }

    /**
     * Somebody has decided to give up what the route did not take of a parked window.
     *
     * @return false when its body is lost, so that it is asked for again
     */
    public boolean giveUp(WindowRun task) throws ExportException {
        try {
            board.givenUp(task);
            emission.prepare(task);
            refusals.giveUp(task);
            commit(task);
            progress.windowDropped(task.window);
            return true;
        } catch (SpoolException e) {
            lostBody(task, e);
            return false;
        }
    }

    /** A pass has left some of its lines, failed or not handed out. */
    public void leaveFailed(WindowRun task) {
        long failed = FailedExchange.events(task.lines.failures());
        if (failed == 0) {
            task.emitNotBefore = null; // stopped in mid-way, or all that failed is parked
            return;
        }
        task.failedPasses = task.lines.anyInPass() ? 1 : task.failedPasses + 1;
        Duration backoff = refusals.backoff(task);
        boolean down = inFlight.isRouteDown();
        progress.leftFailed(task.window, failed, down, backoff, task.lines.lastFailure());
        board.leftFailed(
                task,
                task.lines.anyAcknowledged(),
                clock.instant().plus(backoff),
                task.failedPasses > settings.maxRedeliveries(),
                "window "
                        + task.window
                        + ": the route left "
                        + failed
                        + " events failed"
                        + (down ? " and took no other since" : "")
                        + ". They are handed out again; the log says why they failed.");
        if (task.waitsForAFew) {
            task.releaseKeys(); // others go on meanwhile
        }
    }

    /** Too much of it fails for good. What is acknowledged stays so. */
    public void park(WindowRun task) throws LedgerException {
        ParkedWindow parked = new ParkedWindow(task.window, task.generation, task.parked, true);
        ledger.parked(parked);
        List<FailedExchange> failures = task.lines.failures();
        progress.windowParked(
                task.window,
                FailedExchange.events(failures),
                task.parked,
                task.lines.lastFailure());
        board.parked(task, null); // told from the ledger
        task.releaseKeys();
    }

    /**
     * Every line of it is done. Keys first: a crash before the ledger's line makes the commit
     * happen again, and it does the same.
     */
    public void commit(WindowRun task) throws ExportException {
        flusher.end(task);
        WindowSummary summary = summary(task, task.spooled, task.compared());
        if (seen.isPresent()) {
            emission.haveKeys(task);
            seen.get().commit(task);
        }
        ledger.parked(new ParkedWindow(task.window, task.generation, task.parked, false));
        note(task.spooled, summary);
        seen.ifPresent(it -> it.committed(task));
        spool.delete(task.spooled.body().file());
        board.committed(task);
        tell(summary);
        task.forgetBody();
    }

    private void note(OpenWindow done, WindowSummary summary) throws LedgerException {
        WindowSummary notice = settings.windowComplete() ? summary : null;
        if (done.window().isArrivals()) {
            ledger.arrived(calendar.covered(done), notice);
        } else {
            calendar.exported(done);
            ledger.committed(done.record(), notice);
        }
    }

    private void tell(WindowSummary summary) {
        tally.committed(summary);
        sink.windowCommitted(summary);
        progress.committed(summary);
    }

    /** A task that was given out is done. */
    public void doneElsewhere(WindowRun task, TaskOutcome.Done done) throws ExportException {
        SpooledBody body =
                new SpooledBody(
                        "",
                        false,
                        done.bytes(),
                        "",
                        done.events() + done.otherEvents() + done.badLines(),
                        done.events(),
                        done.badLines(),
                        done.otherEvents());
        OpenWindow window =
                new OpenWindow(
                        task.window,
                        task.generation,
                        done.task().issuedAt(), // no later than its query began
                        done.serverStartedAt(),
                        body);
        Comparison compared =
                new Comparison(done.events() - done.duplicates(), 0, done.duplicates(), 0, 0);
        WindowSummary summary = summary(task, window, compared);
        note(window, summary);
        board.done(task);
        tally.acknowledged(compared.emitted());
        tell(summary);
    }

    private WindowSummary summary(WindowRun task, OpenWindow done, Comparison compared) {
        return new WindowSummary(
                task.window,
                task.generation,
                DownloadSummary.of(
                        done.body(), task.queries, done.queryStartedAt(), clock.instant()),
                compared,
                task.parked,
                calendar.isFinal(done) && task.parked == 0);
    }
}
