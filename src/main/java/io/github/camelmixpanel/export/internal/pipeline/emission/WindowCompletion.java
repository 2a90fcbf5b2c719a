package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.DownloadSummary;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.TaskOutcome;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.model.WindowSummary.DayCounts;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.DayTally;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ExportCalendar;
import io.github.camelmixpanel.export.internal.pipeline.progress.WindowListeners;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Predicate;

/**
 * Commits a window once its events have been emitted, here or elsewhere, and gives it up where its
 * body is lost. Any thread may call {@link #doneElsewhere}, the polling thread all else.
 */
public record WindowCompletion(
        Ledger ledger,
        ExportCalendar calendar,
        Board board,
        WindowPreparation preparation,
        FailedExchanges failures,
        Flusher flusher,
        WindowListeners listeners,
        InstantSource clock) {

    /**
     * Every line of it is done. Keys first: a crash before the ledger's line makes the commit
     * happen again, and it does the same.
     */
    public void commit(WindowRun run) throws ExportException {
        flusher.end(run);
        OpenWindow done = run.spooled();
        long parked = run.emission.parked;
        preparation.countDays(run);
        DayTally tally = run.emission.days;
        DayCounts days = tally == null ? DayCounts.UNKNOWN : tally.counts();
        WindowSummary summary = summary(run, done, run.compared(), days, parked);
        preparation.keepKeys(run);
        ledger.parked(new ParkedWindow(run.window, run.generation, parked, false));
        calendar.commit(done, summary);
        preparation.committed(run);
        board.committed(run);
        listeners.each(it -> it.windowCommitted(summary));
        run.emission.forgetBody();
    }

    /** The verified body of a window cannot be read: it is tried again, or queried again. */
    public void unreadableBody(WindowRun run, SpoolException e) throws ExportException {
        if (!failures.readsAgain(run, e)) {
            lostBody(run, e);
        }
    }

    private void lostBody(WindowRun run, SpoolException e) throws ExportException {
        flusher.end(run);
        ledger.dropped(run.window, e.getMessage());
        failures.lostBody(run);
        preparation.bodies().delete(run.spooled().body());
        listeners.log(it -> it.bodyLost(e));
        run.emission.forgetBody();
        board.lostBody(run);
    }

    /**
     * An operator has decided about a parked window. Others went on meanwhile and may have emitted
     * events of it, so that it is compared again, as after a restart.
     */
    public void beginAgain(WindowRun run) throws ExportException {
        flusher.end(run);
        OpenWindow begun =
                ledger.openWindows().stream()
                        .filter(it -> it.window().equals(run.window))
                        .findFirst()
                        .orElseThrow()
                        .begunAgain();
        ledger.spooled(begun);
        run.replace(begun);
        run.emission.beginAgain();
    }

    /**
     * An operator gives up what the route did not take of a parked window.
     *
     * @return false when its body is lost, so that it is queried again
     */
    public boolean giveUp(WindowRun run) throws ExportException {
        try {
            board.givenUp(run);
            preparation.dedupe(run);
            failures.giveUp(run);
            commit(run);
            listeners.log(it -> it.windowDropped(run.window));
            return true;
        } catch (SpoolException e) {
            lostBody(run, e);
            return false;
        }
    }

    /**
     * A task that was issued is done: commits its window.
     *
     * @return what was committed
     */
    public WindowSummary doneElsewhere(WindowRun run, TaskOutcome.Done done)
            throws ExportException {
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
                        run.window,
                        run.generation,
                        done.task().issuedAt(), // no later than its query began
                        done.serverStartedAt(),
                        body);
        Comparison compared =
                new Comparison(done.events() - done.duplicates(), 0, done.duplicates(), 0, 0, 0);
        WindowSummary summary = summary(run, window, compared, done.days(), 0);
        calendar.commit(window, summary);
        board.done(run);
        listeners.counters().acknowledged(compared.emitted());
        return summary;
    }

    private WindowSummary summary(
            WindowRun run, OpenWindow done, Comparison compared, DayCounts days, long parked) {
        return new WindowSummary(
                run.window,
                run.generation,
                DownloadSummary.of(
                        done.body(), run.queries(), done.queryStartedAt(), clock.instant()),
                compared,
                parked,
                days(done, compared, days, day -> calendar.isFinal(done, day) && parked == 0),
                calendar.isFinal(done) && parked == 0);
    }

    private static List<WindowSummary.Day> days(
            OpenWindow done, Comparison compared, DayCounts days, Predicate<LocalDate> isFinal) {
        if (done.window().length() > 1) {
            return days.of(done.window(), isFinal);
        }
        LocalDate day = done.window().fromDate();
        long events = done.body().events();
        return List.of(new WindowSummary.Day(day, events, compared.emitted(), isFinal.test(day)));
    }
}
