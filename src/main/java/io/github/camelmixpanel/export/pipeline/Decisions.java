package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.dedupe.DedupeKey;
import io.github.camelmixpanel.export.ledger.Ledger;
import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.ExportException;
import io.github.camelmixpanel.export.model.LedgerException;
import io.github.camelmixpanel.export.model.ParkedWindow;
import io.github.camelmixpanel.export.model.Window;
import io.github.camelmixpanel.export.model.WindowState;
import io.github.camelmixpanel.export.spool.ParkedEvents;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * What somebody has decided about parked events: to hand them to the route once more, or to give
 * them up. {@link #decide} may be called by any thread; the polling thread does the work.
 */
final class Decisions {

    /** What is to become of it. */
    enum Decision {
        RESUME,
        DROP
    }

    private record Parked(Window window, int generation) {

        static Parked of(ParkedWindow window) {
            return new Parked(window.window(), window.generation());
        }
    }

    private final Ledger ledger;
    private final Board board;
    private final WindowOutcomes outcomes;
    private final ParkedEvents files;
    private final ParkedReader reader;
    private final Optional<Seen> seen;
    private final InFlight inFlight;
    private final EventSink sink;
    private final Progress progress;
    private final Tally tally;
    private final int batchSize;
    private final Map<Parked, Decision> asked = new LinkedHashMap<>(); // guarded by this

    Decisions(
            Ledger ledger,
            Board board,
            WindowOutcomes outcomes,
            ParkedEvents files,
            ParkedReader reader,
            Optional<Seen> seen,
            InFlight inFlight,
            EventSink sink,
            Progress progress,
            Tally tally,
            int batchSize) {
        this.ledger = ledger;
        this.board = board;
        this.outcomes = outcomes;
        this.files = files;
        this.reader = reader;
        this.seen = seen;
        this.inFlight = inFlight;
        this.sink = sink;
        this.progress = progress;
        this.tally = tally;
        this.batchSize = batchSize;
    }

    /**
     * @param days every parked window that shares a day with these is meant
     * @return what was found
     */
    synchronized List<ParkedWindow> decide(Window days, Decision decision) {
        List<ParkedWindow> found =
                ledger.parked().stream().filter(it -> it.window().sharesADayWith(days)).toList();
        found.forEach(it -> asked.put(Parked.of(it), decision));
        return found;
    }

    /** What was decided before about a window has been tried: it parks again. */
    synchronized void tried(WindowTask task) {
        asked.remove(new Parked(task.window, task.generation));
    }

    private synchronized void done(ParkedWindow window) {
        asked.remove(Parked.of(window));
    }

    private synchronized Optional<Decision> about(ParkedWindow window) {
        return Optional.ofNullable(asked.get(Parked.of(window)));
    }

    /**
     * Does what was decided, of all windows.
     *
     * @param goOn asked before each exchange
     * @param running asked while the route still has some, also when no more is to be handed out
     */
    void carryOut(BooleanSupplier goOn, BooleanSupplier running, Runnable emitted)
            throws ExportException, InterruptedException {
        for (ParkedWindow parked : ledger.parked()) {
            Optional<Decision> decision = about(parked);
            if (decision.isEmpty() || !goOn.getAsBoolean()) {
                continue;
            }
            if (parked.whole()) {
                for (WindowTask task : board.all()) {
                    if (task.state() == WindowState.PARKED && task.window.equals(parked.window())) {
                        unpark(task, parked, decision.get());
                    }
                }
            } else if (isOnTheBoard(parked)) {
                continue; // a parked window that was resumed: once it is committed
            } else if (decision.get() == Decision.DROP) {
                drop(parked);
            } else {
                resume(parked, goOn, running, emitted);
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

    private void unpark(WindowTask task, ParkedWindow parked, Decision decision)
            throws ExportException {
        outcomes.beginAnew(task);
        if (decision == Decision.DROP) {
            if (outcomes.giveUp(task)) {
                done(parked);
            }
            return;
        }
        ledger.parked(
                new ParkedWindow(parked.window(), parked.generation(), parked.events(), false));
        board.resumed(task);
        if (parked.events() == 0) {
            done(parked); // else what is parked of it comes again once it is committed
        }
    }

    /**
     * Gives up the parked events of a committed window. The ledger first: a file of which it knows
     * nothing does no harm.
     */
    private void drop(ParkedWindow parked) throws LedgerException {
        ledger.parked(new ParkedWindow(parked.window(), parked.generation(), 0, false));
        files.delete(parked.window(), parked.generation());
        done(parked);
        progress.dropped(parked.window(), parked.events());
    }

    /**
     * Hands the parked events of a committed window to the route, each once; those it takes are
     * parked no more.
     */
    private void resume(
            ParkedWindow parked, BooleanSupplier goOn, BooleanSupplier running, Runnable emitted)
            throws LedgerException, InterruptedException {
        List<ExportEvent> events = reader.read(parked.window(), parked.generation());
        // the events go by their place in the file: their lines are of more than one download
        InFlight.Lines places = inFlight.new Lines(parked.window(), 0);
        for (int first = 0; first < events.size(); first += batchSize) {
            List<ExportEvent> batch =
                    List.copyOf(events.subList(first, Math.min(events.size(), first + batchSize)));
            if (!goOn.getAsBoolean() || !handOut(parked, places, first + 1, batch, goOn)) {
                break;
            }
            emitted.run();
        }
        places.drain(running);
        tally.acknowledged(places.takeAcknowledgedCount());
        boolean drained = places.isDrained();
        long done = places.lowWatermark();
        // what is still with the route may come again
        LongPredicate stays = place -> drained ? places.wants(place) : place > done;
        files.keep(parked.window(), parked.generation(), stays);
        int left = (int) LongStream.rangeClosed(1, events.size()).filter(stays).count();
        ledger.parked(new ParkedWindow(parked.window(), parked.generation(), left, false));
        if (drained && (left == 0 || places.failed() > 0)) {
            done(parked);
        }
        progress.resumedParked(parked.window(), events.size() - left, left, places.lastFailure());
    }

    private boolean handOut(
            ParkedWindow parked,
            InFlight.Lines places,
            int first,
            List<ExportEvent> batch,
            BooleanSupplier goOn)
            throws InterruptedException {
        List<DedupeKey> keys = Seen.keysOf(seen, batch);
        InFlight.Place place = places.emitted(first, first + batch.size() - 1L, batch, keys, goOn);
        if (place == null) {
            return false;
        }
        new Handout(parked.window(), parked.generation(), batch, keys, place.index(), 0)
                .to(sink, place);
        return true;
    }
}
