package io.github.camelmixpanel.export.internal.pipeline.parking;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.ack.WindowAcks;
import io.github.camelmixpanel.export.internal.pipeline.emission.Deduplicator;
import io.github.camelmixpanel.export.internal.pipeline.emission.Flusher;
import io.github.camelmixpanel.export.internal.pipeline.emission.ParkedReader;
import io.github.camelmixpanel.export.internal.pipeline.progress.WindowListeners;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * Sends the parked events of a committed window to the route once more, in the order in which they
 * were parked; those it takes are parked no more. Used by the polling thread, but for {@link
 * #settle}.
 *
 * <p>Part by part: what the route has taken of one is on the device before the next one begins, and
 * a part is a second's work, and four mebibytes of events, at most. Their file is rewritten for
 * each, so where that takes long, a part is ten times as long. When a poll has to end while the
 * route has events of a part, the {@link Flusher} writes what the route takes of them; its monitor
 * guards what is unfinished, and once it is closed nothing is written.
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
    private final WindowListeners listeners;
    private final int batchSize;
    private final Flusher flusher;

    /** Null when the route has no event of it. */
    private State unfinished; // guarded by the flusher

    public ParkedResume(
            Ledger ledger,
            ParkedReader reader,
            Deduplicator deduplicator,
            InFlight inFlight,
            EventSink sink,
            WindowListeners listeners,
            int batchSize,
            Flusher flusher) {
        this.ledger = ledger;
        this.reader = reader;
        this.deduplicator = deduplicator;
        this.inFlight = inFlight;
        this.sink = sink;
        this.listeners = listeners;
        this.batchSize = batchSize;
        this.flusher = flusher;
        flusher.also(this::settle);
    }

    /** How far one decision to resume has come, over several polls. */
    static final class Progress {

        /** Events at the start of the file that the route did not take this time either. */
        private long failed;
    }

    /** What of its file is still to be emitted in this poll. */
    private static final class State {

        private final ParkedWindow parked;
        private final Progress progress;
        private long left;
        private Duration rewriting = Duration.ZERO;
        private Throwable lastFailure;
        private boolean stopped;

        /** Of the last part: events at the start of the file, after those that failed. */
        private WindowAcks acks;

        /** So many events of it went to the route. */
        private int sent;

        /** So many of these the file has no more, of the first ones. */
        private long forgotten;

        private State(ParkedWindow parked, Progress progress) {
            this.parked = parked;
            this.progress = progress;
            this.left = parked.events();
        }
    }

    /**
     * Does it, each event once; when all is {@link #settle settled}.
     *
     * @param goOn asked before each exchange
     * @param running asked while the route still has some, also when no more is to be emitted
     * @return whether all were tried; else call it again with the same {@code progress}
     */
    boolean resume(
            ParkedWindow parked,
            Progress progress,
            BooleanSupplier goOn,
            BooleanSupplier running,
            Runnable emitted)
            throws LedgerException, InterruptedException {
        State state = new State(parked, progress);
        while (!state.stopped) {
            List<ExportEvent> events =
                    reader.read(
                            parked.window(),
                            parked.generation(),
                            state.progress.failed,
                            PART_BYTES);
            if (events.isEmpty()) {
                break;
            }
            emitPart(state, events, goOn, running, emitted);
        }
        if (!state.stopped && state.left != state.progress.failed) {
            state.left = state.progress.failed; // a crash had left the ledger behind the file
            keepLeft(state);
        }
        listeners.log(
                it ->
                        it.parkedResumed(
                                parked.window(),
                                parked.events() - state.left,
                                state.left,
                                state.lastFailure));
        return !state.stopped;
    }

    /**
     * Forgets what the route has taken since of the events that it had when a poll ended.
     *
     * @return whether it has none of them any more
     */
    boolean settle() throws LedgerException {
        synchronized (flusher) {
            State state = unfinished;
            if (state == null || flusher.isClosed()) {
                return true;
            }
            boolean drained = state.acks.isDrained();
            unfinished = null; // the file may be written though the ledger cannot be
            keep(state, drained);
            unfinished = drained ? null : state;
            return drained;
        }
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
                new WindowAcks(inFlight, state.parked.window(), state.parked.generation());
        Instant start = inFlight.now();
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
        synchronized (flusher) {
            state.acks = acks;
            state.sent = sent;
            state.forgotten = 0;
            unfinished = state;
            state.stopped |= !settle();
        }
    }

    private boolean isLongEnough(State state, Instant start) {
        Duration work = Duration.between(start, inFlight.now());
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

    private void keep(State state, boolean drained) throws LedgerException {
        WindowAcks acks = state.acks;
        listeners.counters().acknowledged(acks.takeAcknowledgedCount());
        state.lastFailure = acks.lastFailure() == null ? state.lastFailure : acks.lastFailure();
        long taken = drained ? state.sent : acks.lowWatermark();
        LongPredicate stays = place -> place > taken || acks.wants(place);
        long before = state.progress.failed;
        long forgotten = state.forgotten;
        long stay = LongStream.rangeClosed(forgotten + 1, taken).filter(stays).count();
        if (stay < taken - forgotten) {
            Instant start = inFlight.now();
            reader.files()
                    .keep(
                            state.parked.window(),
                            state.parked.generation(),
                            place -> place <= before || stays.test(place - before + forgotten));
            state.forgotten = taken;
            state.left -= taken - forgotten - stay;
            keepLeft(state);
            state.rewriting = Duration.between(start, inFlight.now());
        }
        state.progress.failed += stay;
    }

    private void keepLeft(State state) throws LedgerException {
        ParkedWindow parked = state.parked;
        ledger.parked(new ParkedWindow(parked.window(), parked.generation(), state.left, false));
    }
}
