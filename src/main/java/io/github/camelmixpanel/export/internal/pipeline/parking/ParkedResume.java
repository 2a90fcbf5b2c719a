package io.github.camelmixpanel.export.internal.pipeline.parking;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.emission.Deduplicator;
import io.github.camelmixpanel.export.internal.pipeline.emission.ParkedReader;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportCounters;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.spool.ParkedEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * Hands the parked events of a committed window to the route once more, in the order in which they
 * were parked; those it takes are parked no more. Used by the polling thread.
 *
 * <p>Part by part: what the route has taken of one is on the device before the next one begins, and
 * a part is a second's work, and four mebibytes of events, at most. Their file is rewritten for
 * each, so where that takes long, a part is ten times as long.
 */
public final class ParkedResume {

    private static final int PART_BYTES = 4 << 20;
    private static final Duration PART = Duration.ofSeconds(1);
    private static final int WORK_TO_REWRITING = 10;

    private final Ledger ledger;
    private final ParkedEvents files;
    private final ParkedReader reader;
    private final Optional<Deduplicator> seen;
    private final InFlight inFlight;
    private final EventSink sink;
    private final ExportLog progress;
    private final ExportCounters tally;
    private final int batchSize;
    private final InstantSource clock;

    public ParkedResume(
            Ledger ledger,
            ParkedEvents files,
            ParkedReader reader,
            Optional<Deduplicator> seen,
            InFlight inFlight,
            EventSink sink,
            ExportLog progress,
            ExportCounters tally,
            int batchSize,
            InstantSource clock) {
        this.ledger = ledger;
        this.files = files;
        this.reader = reader;
        this.seen = seen;
        this.inFlight = inFlight;
        this.sink = sink;
        this.progress = progress;
        this.tally = tally;
        this.batchSize = batchSize;
        this.clock = clock;
    }

    /** What of its file is still to be handed out, and how far it has come. */
    private static final class State {

        private final ParkedWindow parked;

        /** Events at the start of the file that the route did not take this time either. */
        private long refused;

        private int batches;
        private long left;
        private Duration rewriting = Duration.ZERO;
        private Throwable lastFailure;
        private boolean stopped;

        private State(ParkedWindow parked, long refused) {
            this.parked = parked;
            this.refused = refused;
            this.left = parked.events();
        }
    }

    /**
     * Does it, each event once.
     *
     * @param refused events at the start of its file that are not tried again
     * @param goOn asked before each exchange
     * @param running asked while the route still has some, also when no more is to be handed out
     * @return how many there are then, if it was not to go on before the last event; empty when all
     *     were tried
     */
    OptionalLong resume(
            ParkedWindow parked,
            long refused,
            BooleanSupplier goOn,
            BooleanSupplier running,
            Runnable emitted)
            throws LedgerException, InterruptedException {
        State state = new State(parked, refused);
        while (!state.stopped) {
            List<ExportEvent> events =
                    reader.read(parked.window(), parked.generation(), state.refused, PART_BYTES);
            if (events.isEmpty()) {
                break;
            }
            handOut(state, events, goOn, running, emitted);
        }
        if (!state.stopped && state.left != state.refused) {
            state.left = state.refused; // a crash had left the ledger behind the file
            noteLeft(state);
        }
        progress.resumedParked(
                parked.window(), parked.events() - state.left, state.left, state.lastFailure);
        return state.stopped ? OptionalLong.of(state.refused) : OptionalLong.empty();
    }

    private void handOut(
            State state,
            List<ExportEvent> events,
            BooleanSupplier goOn,
            BooleanSupplier running,
            Runnable emitted)
            throws LedgerException, InterruptedException {
        // the events go by their place among these: their lines are of more than one download
        InFlight.Lines places = inFlight.new Lines(state.parked.window(), 0);
        Instant start = clock.instant();
        int handedOut = 0;
        while (handedOut < events.size() && !isLongEnough(state, start)) {
            List<ExportEvent> batch =
                    List.copyOf(
                            events.subList(
                                    handedOut, Math.min(events.size(), handedOut + batchSize)));
            if (!goOn.getAsBoolean() || !handOut(state, places, handedOut, batch, goOn)) {
                state.stopped = true;
                break;
            }
            emitted.run();
            handedOut += batch.size();
        }
        places.drain(running);
        state.stopped |= !places.isDrained();
        keep(state, places, handedOut);
    }

    private boolean isLongEnough(State state, Instant start) {
        Duration work = Duration.between(start, clock.instant());
        return work.isNegative() // a clock may be set back
                || work.compareTo(PART) >= 0
                        && work.compareTo(state.rewriting.multipliedBy(WORK_TO_REWRITING)) >= 0;
    }

    private boolean handOut(
            State state,
            InFlight.Lines places,
            int before,
            List<ExportEvent> batch,
            BooleanSupplier goOn)
            throws InterruptedException {
        ParkedWindow parked = state.parked;
        List<DedupeKey> keys = Deduplicator.keysOf(seen, batch);
        long first = before + 1L;
        InFlight.Place place = places.emitted(first, first + batch.size() - 1, batch, keys, goOn);
        if (place == null) {
            return false;
        }
        new EventBatch(parked.window(), parked.generation(), batch, keys, state.batches++, 0)
                .to(sink, place);
        return true;
    }

    /** Forgets what the route has taken. */
    private void keep(State state, InFlight.Lines places, int handedOut) throws LedgerException {
        tally.acknowledged(places.takeAcknowledgedCount());
        state.lastFailure = places.lastFailure() == null ? state.lastFailure : places.lastFailure();
        boolean drained = places.isDrained();
        long done = places.lowWatermark();
        // what is still with the route may come again
        LongPredicate stays = place -> drained ? places.wants(place) : place > done;
        long stay = LongStream.rangeClosed(1, handedOut).filter(stays).count();
        if (stay < handedOut) {
            Instant start = clock.instant();
            long before = state.refused;
            ParkedWindow parked = state.parked;
            files.keep(
                    parked.window(),
                    parked.generation(),
                    place -> place <= before || stays.test(place - before));
            state.left -= handedOut - stay;
            noteLeft(state);
            state.rewriting = Duration.between(start, clock.instant());
        }
        state.refused += drained ? stay : 0;
    }

    private void noteLeft(State state) throws LedgerException {
        ParkedWindow parked = state.parked;
        ledger.parked(new ParkedWindow(parked.window(), parked.generation(), state.left, false));
    }
}
