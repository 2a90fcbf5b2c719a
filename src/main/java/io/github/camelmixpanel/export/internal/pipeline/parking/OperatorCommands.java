package io.github.camelmixpanel.export.internal.pipeline.parking;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.pipeline.admission.Admissions;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.emission.WindowCompletion;
import io.github.camelmixpanel.export.internal.pipeline.progress.WindowListeners;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.spool.ParkedEvents;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Carries out once what an operator decides about parked events: to send them to the route once
 * more, or to give them up. Any thread may {@link #resume} and {@link #drop}; the polling thread
 * does the work. A stop forgets what is not done.
 */
public final class OperatorCommands {

    private enum Decision {
        RESUME,
        DROP
    }

    private record Parked(Window window, int generation) {

        static Parked of(ParkedWindow window) {
            return new Parked(window.window(), window.generation());
        }
    }

    /**
     * One decision; to decide the same once more makes another.
     *
     * @param progress of RESUME
     */
    private record Command(Decision decision, ParkedResume.Progress progress) {}

    private final ExportSettings settings;
    private final Ledger ledger;
    private final Board board;
    private final Admissions admissions;
    private final WindowCompletion completion;
    private final ParkedEvents files;
    private final ParkedResume resume;
    private final WindowListeners listeners;
    private final Map<Parked, Command> commands = new LinkedHashMap<>(); // guarded by this

    public OperatorCommands(
            ExportSettings settings,
            Ledger ledger,
            Board board,
            Admissions admissions,
            WindowCompletion completion,
            ParkedEvents files,
            ParkedResume resume,
            WindowListeners listeners) {
        this.settings = settings;
        this.ledger = ledger;
        this.board = board;
        this.admissions = admissions;
        this.completion = completion;
        this.files = files;
        this.resume = resume;
        this.listeners = listeners;
    }

    /**
     * Has the poll that runs, or the next one, send what is parked of these days to the route: each
     * parked event once, and the rest of a window that is parked as a whole with all of its
     * redeliveries. What the route does not take stays parked, or is parked again. A window that
     * failed and waits is tried again without a wait.
     *
     * @param days every window that shares a day with these is meant
     * @return what was found; empty when nothing is parked and nothing waits
     */
    public List<Window> resume(Window days) {
        List<Window> waited = board.endWaits(days, false);
        if (board.wantsDownload()) {
            admissions.start(); // no thread is left where nothing else was to be queried
        }
        if (!waited.isEmpty() && settings.tasks().emitsWindows()) {
            return waited; // it parks nothing
        }
        return Stream.concat(waited.stream(), decide(days, Decision.RESUME).stream())
                .distinct()
                .toList();
    }

    /**
     * As {@link #resume}, but has what is parked given up: parked events are deleted, and a window
     * that is parked as a whole is committed as it is. What failed and waits is tried once more,
     * and given up if it fails again. They are never exported again, unless the days are exported
     * again.
     */
    public List<Window> drop(Window days) {
        List<Window> parked = decide(days, Decision.DROP);
        return Stream.concat(parked.stream(), completion.failures().dropFailed(days).stream())
                .distinct()
                .toList();
    }

    private List<Window> decide(Window days, Decision decision) {
        if (settings.tasks().emitsWindows()) {
            throw new IllegalStateException(
                    """
                    mixpanel-export:%s issues tasks and sends no event to its route: start it with \
                    emit=EVENTS to resume or drop what was parked before"""
                            .formatted(settings.name()));
        }
        List<ParkedWindow> found;
        synchronized (this) {
            found =
                    ledger.parked().stream()
                            .filter(it -> it.window().sharesADayWith(days))
                            .toList();
            for (ParkedWindow it : found) {
                commands.put(Parked.of(it), new Command(decision, new ParkedResume.Progress()));
            }
        }
        board.wake();
        return found.stream().map(ParkedWindow::window).toList();
    }

    /** What was decided before about a window has been tried: it parks again. */
    public synchronized void tried(WindowRun run) {
        commands.remove(new Parked(run.window, run.generation));
    }

    private synchronized void done(ParkedWindow window, Command command) {
        commands.remove(Parked.of(window), command);
    }

    /** Null where nothing was decided. */
    private synchronized Command about(ParkedWindow window) {
        return commands.get(Parked.of(window));
    }

    /**
     * Does what was decided, of all windows.
     *
     * @param goOn asked before each exchange
     * @param running asked while the route still has some, also when no more is to be emitted
     */
    public void carryOut(BooleanSupplier goOn, BooleanSupplier running, Runnable emitted)
            throws ExportException, InterruptedException {
        if (!resume.settle()) {
            return; // the route still has events of the poll before
        }
        for (ParkedWindow parked : ledger.parked()) {
            Command command = about(parked);
            if (command == null || !goOn.getAsBoolean()) {
                continue;
            }
            if (parked.whole()) {
                for (WindowRun run : board.all()) {
                    if (run.state() == WindowState.PARKED && run.window.equals(parked.window())) {
                        unpark(run, parked, command);
                    }
                }
            } else if (isOnTheBoard(parked)) {
                continue; // a parked window that was resumed: once it is committed
            } else if (command.decision == Decision.DROP) {
                drop(parked);
                done(parked, command);
            } else if (resume.resume(parked, command.progress, goOn, running, emitted)) {
                done(parked, command);
            }
        }
    }

    private boolean isOnTheBoard(ParkedWindow parked) {
        return board.all().stream()
                .anyMatch(
                        run ->
                                run.window.equals(parked.window())
                                        && run.generation == parked.generation());
    }

    private void unpark(WindowRun run, ParkedWindow parked, Command command)
            throws ExportException {
        completion.beginAgain(run);
        if (command.decision == Decision.DROP) {
            if (completion.giveUp(run)) {
                done(parked, command);
            }
            return;
        }
        ledger.parked(
                new ParkedWindow(parked.window(), parked.generation(), parked.events(), false));
        board.resumed(run);
        if (parked.events() == 0) {
            done(parked, command); // else what is parked of it comes again once it is committed
        }
    }

    /**
     * Gives up the parked events of a committed window. The ledger first: a file of which it knows
     * nothing does no harm.
     */
    private void drop(ParkedWindow parked) throws LedgerException {
        ledger.parked(new ParkedWindow(parked.window(), parked.generation(), 0, false));
        files.delete(parked.window(), parked.generation());
        listeners.log(it -> it.parkedDropped(parked.window(), parked.events()));
    }
}
