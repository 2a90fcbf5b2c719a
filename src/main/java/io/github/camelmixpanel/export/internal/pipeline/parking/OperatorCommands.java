package io.github.camelmixpanel.export.internal.pipeline.parking;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.emission.WindowCompletion;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.spool.ParkedEvents;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * What somebody has decided about parked events: to hand them to the route once more, or to give
 * them up. {@link #decide} may be called by any thread; the polling thread does the work.
 */
public final class OperatorCommands {

    /** What is to become of it. */
    public enum Decision {
        RESUME,
        DROP
    }

    private record Parked(Window window, int generation) {

        static Parked of(ParkedWindow window) {
            return new Parked(window.window(), window.generation());
        }
    }

    /** One decision; who decides the same once more makes another. */
    private static final class Asked {

        private final Decision decision;

        /** Of RESUME: events at the start of the file that the route has refused already. */
        private long refused;

        private Asked(Decision decision) {
            this.decision = decision;
        }
    }

    private final Ledger ledger;
    private final Board board;
    private final WindowCompletion outcomes;
    private final ParkedEvents files;
    private final ParkedResume resumption;
    private final ExportLog progress;
    private final Map<Parked, Asked> asked = new LinkedHashMap<>(); // guarded by this

    public OperatorCommands(
            Ledger ledger,
            Board board,
            WindowCompletion outcomes,
            ParkedEvents files,
            ParkedResume resumption,
            ExportLog progress) {
        this.ledger = ledger;
        this.board = board;
        this.outcomes = outcomes;
        this.files = files;
        this.resumption = resumption;
        this.progress = progress;
    }

    /**
     * @param days every parked window that shares a day with these is meant
     * @return what was found
     */
    public synchronized List<ParkedWindow> decide(Window days, Decision decision) {
        List<ParkedWindow> found =
                ledger.parked().stream().filter(it -> it.window().sharesADayWith(days)).toList();
        for (ParkedWindow each : found) {
            asked.put(Parked.of(each), new Asked(decision));
        }
        return found;
    }

    /** What was decided before about a window has been tried: it parks again. */
    public synchronized void tried(WindowRun task) {
        asked.remove(new Parked(task.window, task.generation));
    }

    private synchronized void done(ParkedWindow window, Asked decision) {
        asked.remove(Parked.of(window), decision);
    }

    /** Null where nothing was decided. */
    private synchronized Asked about(ParkedWindow window) {
        return asked.get(Parked.of(window));
    }

    /**
     * Does what was decided, of all windows.
     *
     * @param goOn asked before each exchange
     * @param running asked while the route still has some, also when no more is to be handed out
     */
    public void carryOut(BooleanSupplier goOn, BooleanSupplier running, Runnable emitted)
            throws ExportException, InterruptedException {
        for (ParkedWindow parked : ledger.parked()) {
            Asked about = about(parked);
            if (about == null || !goOn.getAsBoolean()) {
                continue;
            }
            if (parked.whole()) {
                for (WindowRun task : board.all()) {
                    if (task.state() == WindowState.PARKED && task.window.equals(parked.window())) {
                        unpark(task, parked, about);
                    }
                }
            } else if (isOnTheBoard(parked)) {
                continue; // a parked window that was resumed: once it is committed
            } else if (about.decision == Decision.DROP) {
                drop(parked);
                done(parked, about);
            } else {
                OptionalLong refused =
                        resumption.resume(parked, about.refused, goOn, running, emitted);
                if (refused.isEmpty()) {
                    done(parked, about);
                } else {
                    about.refused = refused.getAsLong();
                }
            }
        }
    }

    private boolean isOnTheBoard(ParkedWindow parked) {
        return board.all().stream()
                .anyMatch(
                        task ->
                                task.window.equals(parked.window())
                                        && task.generation == parked.generation());
    }

    private void unpark(WindowRun task, ParkedWindow parked, Asked about) throws ExportException {
        outcomes.beginAnew(task);
        if (about.decision == Decision.DROP) {
            if (outcomes.giveUp(task)) {
                done(parked, about);
            }
            return;
        }
        ledger.parked(
                new ParkedWindow(parked.window(), parked.generation(), parked.events(), false));
        board.resumed(task);
        if (parked.events() == 0) {
            done(parked, about); // else what is parked of it comes again once it is committed
        }
    }

    /**
     * Gives up the parked events of a committed window. The ledger first: a file of which it knows
     * nothing does no harm.
     */
    private void drop(ParkedWindow parked) throws LedgerException {
        ledger.parked(new ParkedWindow(parked.window(), parked.generation(), 0, false));
        files.delete(parked.window(), parked.generation());
        progress.dropped(parked.window(), parked.events());
    }
}
