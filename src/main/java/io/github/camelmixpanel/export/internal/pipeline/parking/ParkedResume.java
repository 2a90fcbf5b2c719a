package io.github.camelmixpanel.export.internal.pipeline.parking;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.ack.WindowAcks;
import io.github.camelmixpanel.export.internal.pipeline.emission.Deduplicator;
import io.github.camelmixpanel.export.internal.pipeline.emission.ParkedReader;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.pipeline.route.WindowListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * Sends the parked events of a committed window to the route once more, in the order in which they
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
    private final ParkedReader reader;
    private final Deduplicator deduplicator;
    private final InFlight inFlight;
    private final EventSink sink;
    private final WindowListener listener;
    private final int batchSize;
    private final InstantSource clock;

    public ParkedResume(
            Ledger ledger,
            ParkedReader reader,
            Deduplicator deduplicator,
            InFlight inFlight,
            EventSink sink,
            WindowListener listener,
            int batchSize,
            InstantSource clock) {
        this.ledger = ledger;
        this.reader = reader;
        this.deduplicator = deduplicator;
        this.inFlight = inFlight;
        this.sink = sink;
        this.listener = listener;
        this.batchSize = batchSize;
        this.clock = clock;
    }

    /** What of its file is still to be emitted, and how far it has come. */
    private static final class State {

        private final ParkedWindow parked;

        /** Events at the start of the file that the route did not take this time either. */
        private long failed;

        private long left;
        private Duration rewriting = Duration.ZERO;
        private Throwable lastFailure;
        private boolean stopped;

        private State(ParkedWindow parked, long failed) {
            this.parked = parked;
            this.failed = failed;
            this.left = parked.events();
        }
    }

    /**
     * Does it, each event once.
     *
     * @param failed events at the start of its file that are not tried again
     * @param goOn asked before each exchange
     * @param running asked while the route still has some, also when no more is to be emitted
     * @return how many there are then, if it was not to go on before the last event; empty when all
     *     were tried
     */
    OptionalLong resume(
            ParkedWindow parked,
            long failed,
            BooleanSupplier goOn,
            BooleanSupplier running,
            Runnable emitted)
            throws LedgerException, InterruptedException {
        State state = new State(parked, failed);
        while (!state.stopped) {
            List<ExportEvent> events =
                    reader.read(parked.window(), parked.generation(), state.failed, PART_BYTES);
            if (events.isEmpty()) {
                break;
            }
            emitPart(state, events, goOn, running, emitted);
        }
        if (!state.stopped && state.left != state.failed) {
            state.left = state.failed; // a crash had left the ledger behind the file
            keepLeft(state);
        }
        listener.parkedResumed(
                parked.window(), parked.events() - state.left, state.left, state.lastFailure);
        return state.stopped ? OptionalLong.of(state.failed) : OptionalLong.empty();
    }

    private void emitPart(
            State state,
            List<ExportEvent> events,
            BooleanSupplier goOn,
            BooleanSupplier running,
            Runnable emitted)
            throws LedgerException, InterruptedException {
        // the events go by their position among these: their lines are of more than one download
        WindowAcks acks =
                new WindowAcks(inFlight, state.parked.window(), state.parked.generation(), 0, 0);
        Instant start = clock.instant();
        int sent = 0;
        while (sent < events.size() && !isLongEnough(state, start)) {
            List<ExportEvent> batch =
                    List.copyOf(events.subList(sent, Math.min(events.size(), sent + batchSize)));
            if (!goOn.getAsBoolean() || !emit(acks, sent, batch, goOn)) {
                state.stopped = true;
                break;
            }
            emitted.run();
            sent += batch.size();
        }
        acks.drain(running);
        state.stopped |= !acks.isDrained();
        keep(state, acks, sent);
    }

    private boolean isLongEnough(State state, Instant start) {
        Duration work = Duration.between(start, clock.instant());
        return work.isNegative() // a clock may be set back
                || work.compareTo(PART) >= 0
                        && work.compareTo(state.rewriting.multipliedBy(WORK_TO_REWRITING)) >= 0;
    }

    private boolean emit(WindowAcks acks, int before, List<ExportEvent> batch, BooleanSupplier goOn)
            throws InterruptedException {
        long first = before + 1L;
        EventBatch slot =
                acks.take(first, first + batch.size() - 1, batch, deduplicator.keysOf(batch), goOn);
        if (slot == null) {
            return false;
        }
        sink.deliver(slot);
        return true;
    }

    /** Forgets what the route has taken. */
    private void keep(State state, WindowAcks acks, int sent) throws LedgerException {
        listener.acknowledged(acks.takeAcknowledgedCount());
        state.lastFailure = acks.lastFailure() == null ? state.lastFailure : acks.lastFailure();
        boolean drained = acks.isDrained();
        long done = acks.lowWatermark();
        // what is still with the route may come again
        LongPredicate stays = place -> drained ? acks.wants(place) : place > done;
        long stay = LongStream.rangeClosed(1, sent).filter(stays).count();
        if (stay < sent) {
            Instant start = clock.instant();
            long before = state.failed;
            ParkedWindow parked = state.parked;
            reader.keep(
                    parked.window(),
                    parked.generation(),
                    place -> place <= before || stays.test(place - before));
            state.left -= sent - stay;
            keepLeft(state);
            state.rewriting = Duration.between(start, clock.instant());
        }
        state.failed += drained ? stay : 0;
    }

    private void keepLeft(State state) throws LedgerException {
        ParkedWindow parked = state.parked;
        ledger.parked(new ParkedWindow(parked.window(), parked.generation(), state.left, false));
    }
}
