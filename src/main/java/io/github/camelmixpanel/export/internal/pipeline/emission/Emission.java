package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.MalformedEventException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.pipeline.ack.WindowAcks;
import io.github.camelmixpanel.export.internal.pipeline.board.Findings;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.download.SpooledBodies;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.split.EventsAhead;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * Sends the events of one verified window to the route, in the order of the file and by batch, each
 * that is not acknowledged yet, and has what is acknowledged written at least once a second, and
 * once in 50,000 events, while it works. Used by the polling thread.
 *
 * @param flushed called after each write while events are emitted
 * @param threads starts a thread that reads events ahead
 */
public record Emission(
        int batchSize,
        SpooledBodies bodies,
        Deduplicator deduplicator,
        FailedExchanges failures,
        Flusher flusher,
        EventSink sink,
        Runnable flushed,
        Executor threads) {

    /** How a pass through a window's body ended. */
    public enum PassResult {
        /** Every line is done, so that the window can be committed. */
        COMPLETE,
        /** Some lines failed, or were not emitted yet. */
        UNFINISHED,
        /** Too much of the window fails for good. */
        PARKS
    }

    /**
     * Makes one pass through the body of a window, which is prepared, and settles what failed in
     * it.
     *
     * @param goOn asked before each event, and while waiting
     * @param emitted called for each exchange
     * @throws SpoolException when the body cannot be read: the window has to be queried again
     */
    public PassResult emit(WindowRun run, BooleanSupplier goOn, Runnable emitted)
            throws ExportException, InterruptedException {
        WindowAcks acks = run.emission.acks;
        SpooledBody body = run.spooled().body();
        flusher.begin(run);
        acks.beginPass();
        boolean readToEnd;
        try (Findings findings = run.emission.takeFindings();
                EventsAhead<DedupeKey> events =
                        EventsAhead.start(
                                bodies.lines(body, findings.inflated()),
                                bodies.scanner(),
                                findings.offsets(),
                                deduplicator.newKeyMaker(),
                                (line, reason, bytes) -> reportOnce(run, line, reason),
                                acks.lowWatermark() + 1,
                                goOn,
                                threads)) {
            readToEnd = emit(run, events, goOn, emitted);
        } catch (IOException e) {
            // what the route has taken of it must not come again with the next body
            acks.drain(goOn);
            flusher.flush(run);
            throw SpooledBodies.unreadable(run.window, body, e);
        }
        if (readToEnd) {
            acks.drain(goOn);
        }
        if (flusher.isClosed()) {
            return PassResult.UNFINISHED; // the route held this thread beyond the stop
        }
        boolean parks = settle(run, readToEnd);
        flusher.flush(run);
        if (parks) {
            return PassResult.PARKS;
        }
        return readToEnd && acks.allAcknowledged() ? PassResult.COMPLETE : PassResult.UNFINISHED;
    }

    private boolean settle(WindowRun run, boolean readToEnd) throws ExportException {
        failures.skip(run);
        synchronized (flusher) { // or what is parked would count as done before the ledger has it
            return failures.settle(run, readToEnd);
        }
    }

    private boolean emit(
            WindowRun run, EventsAhead<DedupeKey> events, BooleanSupplier goOn, Runnable emitted)
            throws IOException, ExportException, InterruptedException {
        WindowAcks acks = run.emission.acks;
        List<ExportEvent> batch = new ArrayList<>();
        List<DedupeKey> keys = new ArrayList<>();
        for (ExportEvent event; (event = events.next()) != null; ) {
            run.emission.count(event);
            if (!acks.wants(event.line()) || run.emission.repeats(event.line())) {
                continue;
            }
            DedupeKey key = events.made();
            if (batchSize == 1) { // no list to be filled and copied
                List<DedupeKey> its = key == null ? List.of() : List.of(key);
                if (!emit(run, List.of(event), its, goOn, emitted)) {
                    return false;
                }
                continue;
            }
            batch.add(event);
            if (key != null) {
                keys.add(key);
            }
            if (batch.size() == batchSize || acks.endsBatch(event.line())) {
                if (!emit(run, List.copyOf(batch), List.copyOf(keys), goOn, emitted)) {
                    return false;
                }
                batch.clear();
                keys.clear();
            }
        }
        return !events.isStopped()
                && (batch.isEmpty()
                        || emit(run, List.copyOf(batch), List.copyOf(keys), goOn, emitted));
    }

    private boolean emit(
            WindowRun run,
            List<ExportEvent> events,
            List<DedupeKey> keys,
            BooleanSupplier goOn,
            Runnable emitted)
            throws ExportException, InterruptedException {
        if (!failures.allowMore(run) || !goOn.getAsBoolean()) {
            return false;
        }
        long first = events.get(0).line();
        long last = events.get(events.size() - 1).line();
        EventBatch batch = run.emission.acks.take(first, last, events, keys, goOn);
        if (batch == null) {
            return false;
        }
        emitted.run();
        sink.deliver(batch);
        if (flusher.flushIfDue(run, batch)) {
            flushed.run();
        }
        return true;
    }

    /** Bad lines are in the quarantine folder since the download; the user gets each once. */
    private void reportOnce(WindowRun run, long line, String reason) {
        if (line > run.emission.lastBadLine) {
            run.emission.lastBadLine = line;
            sink.badLine(
                    new MalformedEventException(
                            """
                            Window %s, line %d is not an event (%s). It is in the quarantine folder; \
                            the other lines are emitted."""
                                    .formatted(run.window, line, reason)));
        }
    }
}
