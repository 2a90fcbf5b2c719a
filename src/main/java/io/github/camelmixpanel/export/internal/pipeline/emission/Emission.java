package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.MalformedEventException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.dedupe.Duplicates;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyList;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.board.BodyKeys;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.split.BadLines;
import io.github.camelmixpanel.export.internal.split.EventReader;
import io.github.camelmixpanel.export.internal.split.EventsAhead;
import io.github.camelmixpanel.export.internal.split.LineReader;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.spool.GunzipInputStream;
import io.github.camelmixpanel.export.internal.spool.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Hands the events of one verified window to the route, in the order of the file and by batch, each
 * that is not acknowledged yet, and writes what is acknowledged to the ledger at least once a
 * second, and once in 50,000 events, while it works. Used by the polling thread.
 */
public final class Emission {

    /** How much acknowledged work a crash may repeat. */
    private static final Duration FLUSH = Duration.ofSeconds(1);

    /** The same in events: until then their keys are in memory, whatever the heap. */
    private static final int FLUSH_EVENTS = 50_000;

    /** How a pass through a window's body ended. */
    public enum Outcome {
        /** Every line is done, so that the window can be committed. */
        COMPLETE,
        /** Some lines failed, or were not handed out yet. */
        UNFINISHED,
        /** Too much of the window fails for good. */
        PARKS
    }

    private final ExportSettings settings;
    private final Spool spool;
    private final Ledger ledger;
    private final EventScanner scanner;
    private final Optional<Deduplicator> seen;
    private final InFlight inFlight;
    private final FailedExchanges refusals;
    private final EventSink sink;
    private final ExportLog progress;
    private final Flusher flusher;
    private final InstantSource clock;
    private final Executor threads;
    private Instant flushed;
    private int handedOut; // since then

    public Emission(
            ExportSettings settings,
            Spool spool,
            Ledger ledger,
            EventScanner scanner,
            Optional<Deduplicator> seen,
            InFlight inFlight,
            FailedExchanges refusals,
            EventSink sink,
            ExportLog progress,
            Flusher flusher,
            InstantSource clock,
            Executor threads) {
        this.settings = settings;
        this.spool = spool;
        this.ledger = ledger;
        this.scanner = scanner;
        this.seen = seen;
        this.inFlight = inFlight;
        this.refusals = refusals;
        this.sink = sink;
        this.progress = progress;
        this.flusher = flusher;
        this.clock = clock;
        this.threads = threads;
        this.flushed = clock.instant();
    }

    /**
     * @param goOn asked before each event, and while waiting
     * @param emitted told of each exchange
     * @throws SpoolException when the body cannot be read: it has to be asked for again
     */
    public Outcome emit(WindowRun task, BooleanSupplier goOn, Runnable emitted)
            throws ExportException, InterruptedException {
        SpooledBody body = task.spooled.body();
        prepare(task);
        flusher.begin(task);
        task.lines.beginPass();
        boolean readToEnd;
        try (BodyOffsets places = task.takePlaces();
                EventsAhead<DedupeKey> events =
                        EventsAhead.start(
                                lines(body),
                                scanner,
                                places,
                                keyMaker(),
                                (line, reason, bytes) -> tellOnce(task, line, reason),
                                task.lines.lowWatermark() + 1,
                                goOn,
                                threads)) {
            readToEnd = handOut(task, events, goOn, emitted);
        } catch (IOException e) {
            // what the route has taken of it must not come again with the next body
            task.lines.drain(goOn);
            flush(task);
            throw unreadable(task, e);
        }
        if (readToEnd) {
            task.lines.drain(goOn);
        }
        if (flusher.isClosed()) {
            return Outcome.UNFINISHED; // the route held this thread beyond the stop
        }
        boolean parks = settle(task);
        flush(task);
        if (parks) {
            return Outcome.PARKS;
        }
        return readToEnd && task.lines.allAcknowledged() ? Outcome.COMPLETE : Outcome.UNFINISHED;
    }

    private boolean settle(WindowRun task) throws ExportException {
        if (refusals.skips()) {
            refusals.skip(task); // the user's handler hears of it, and may take its time
        }
        synchronized (flusher) { // or what is parked would count as done before the ledger has it
            boolean parks = !refusals.skips() && refusals.settle(task);
            if (!parks && task.parked > 0) {
                // at once: the window may never be committed under this name
                ledger.parked(new ParkedWindow(task.window, task.generation, task.parked, false));
            }
            return parks;
        }
    }

    private void flush(WindowRun task) throws ExportException {
        flushed = clock.instant();
        handedOut = 0;
        flusher.flush(task);
    }

    /** Finds out what of a window is to be emitted, unless that is known. */
    void prepare(WindowRun task) throws ExportException {
        if (task.lines == null) {
            begin(task, task.spooled.body());
        }
    }

    /** All or nothing: a window whose comparison failed is begun anew in the next poll. */
    private void begin(WindowRun task, SpooledBody body) throws ExportException {
        spool.check(body);
        KeyList parkedBefore = new KeyList();
        refusals.begin(
                task, event -> parkedBefore.addAll(Deduplicator.keysOf(seen, List.of(event))));
        boolean fromTheStart = task.spooled.acknowledged() == 0 && task.parkedLines.isEmpty();
        if (seen.isPresent()) {
            haveKeys(task);
            // what is parked counts as done, also for another body: a crash right after it was
            // parked leaves its keys unwritten
            seen.get().acknowledged(task, parkedBefore);
            task.duplicates = seen.get().duplicates(task, ledger.replayed(task.spooled));
            fromTheStart &= task.duplicates.resumed() == 0;
            if (task.spooled.compared() == null) {
                // before its first event: the same comparison later would find what it did itself
                task.spooled = task.spooled.compared(comparison(task.duplicates));
                ledger.spooled(task.spooled);
            }
        }
        task.exchanges = fromTheStart ? exchanges(task.compared().emitted()) : 0;
        task.recorded = task.spooled.acknowledged();
        task.lines = inFlight.new Lines(task.window, task.recorded);
    }

    /** Reads them again where they were released, or an earlier run has read them. */
    void haveKeys(WindowRun task) throws ExportException {
        if (seen.isPresent() && task.keys() == null) {
            task.hasKeys(readKeys(task, seen.get()));
        }
    }

    private static Comparison comparison(Duplicates found) {
        return new Comparison(
                found.newKeys() + found.resumed(),
                found.alreadyEmitted(),
                found.repeatedInBody(),
                found.vanished(),
                found.rewritten());
    }

    private int exchanges(long events) {
        long exchanges = (events + settings.batchSize() - 1) / settings.batchSize();
        return exchanges <= Integer.MAX_VALUE ? (int) exchanges : 0;
    }

    private BodyKeys readKeys(WindowRun task, Deduplicator seen) throws ExportException {
        BodyKeys keys = seen.newKeys();
        boolean whole = false;
        try (EventReader events =
                new EventReader(lines(task.spooled.body()), scanner, BadLines.IGNORE)) {
            for (ExportEvent event; (event = events.next()) != null; ) {
                keys.take(event);
            }
            whole = true;
            return keys;
        } catch (IOException e) {
            throw unreadable(task, e);
        } finally {
            if (!whole) {
                keys.close();
            }
        }
    }

    private static SpoolException unreadable(WindowRun task, IOException e) {
        return new SpoolException(
                "Window "
                        + task.window
                        + ": cannot read its spooled body "
                        + task.spooled.body().file()
                        + ": "
                        + e.getMessage(),
                e);
    }

    private LineReader lines(SpooledBody body) throws SpoolException {
        InputStream bytes = spool.open(body);
        return new LineReader(
                body.gzip() ? new GunzipInputStream(bytes) : bytes, settings.maxLineSize());
    }

    /** Gives null with deduplicate=false. */
    private Function<ExportEvent, DedupeKey> keyMaker() {
        if (seen.isEmpty()) {
            return event -> null;
        }
        KeyMaker maker = seen.get().newMaker();
        return maker::keyOf;
    }

    private boolean handOut(
            WindowRun task, EventsAhead<DedupeKey> events, BooleanSupplier goOn, Runnable emitted)
            throws IOException, ExportException, InterruptedException {
        List<ExportEvent> batch = new ArrayList<>();
        List<DedupeKey> keys = new ArrayList<>();
        for (ExportEvent event; (event = events.next()) != null; ) {
            if (!task.lines.wants(event.line()) || task.repeats(event.line())) {
                continue;
            }
            batch.add(event);
            if (seen.isPresent()) {
                keys.add(events.made());
            }
            if (batch.size() == settings.batchSize() || task.lines.endsBatch(event.line())) {
                if (!handOut(task, List.copyOf(batch), List.copyOf(keys), goOn, emitted)) {
                    return false;
                }
                batch.clear();
                keys.clear();
            }
        }
        return !events.isStopped()
                && (batch.isEmpty()
                        || handOut(task, List.copyOf(batch), List.copyOf(keys), goOn, emitted));
    }

    private boolean handOut(
            WindowRun task,
            List<ExportEvent> events,
            List<DedupeKey> keys,
            BooleanSupplier goOn,
            Runnable emitted)
            throws ExportException, InterruptedException {
        if (refusals.skips()) {
            refusals.skip(task);
        } else if (task.lines.refusedInPass() >= settings.maxInFlight()) {
            return false; // the route fails, not the events: no use in trying them all
        }
        long first = events.get(0).line();
        long last = events.get(events.size() - 1).line();
        InFlight.Place place =
                goOn.getAsBoolean() ? task.lines.emitted(first, last, events, keys, goOn) : null;
        if (place == null) {
            return false;
        }
        emitted.run();
        new EventBatch(task.window, task.generation, events, keys, place.index(), task.exchanges)
                .to(sink, place);
        Duration since = Duration.between(flushed, place.since());
        handedOut += events.size();
        if (since.isNegative() // a clock may be set back
                || since.compareTo(FLUSH) >= 0
                || handedOut >= FLUSH_EVENTS) {
            flush(task);
            progress.beat();
        }
        return true;
    }

    /** Bad lines are in the quarantine folder since the download; here the user hears of them. */
    private void tellOnce(WindowRun task, long line, String reason) {
        if (line > task.lastBadLine) {
            task.lastBadLine = line;
            sink.badLine(
                    new MalformedEventException(
                            "Window "
                                    + task.window
                                    + ", line "
                                    + line
                                    + " is no event ("
                                    + reason
                                    + "). It is in the quarantine folder; the other lines are emitted."));
        }
    }
}
