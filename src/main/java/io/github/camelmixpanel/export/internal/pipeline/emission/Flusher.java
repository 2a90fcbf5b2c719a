package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyList;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.pipeline.ack.WindowAcks;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.progress.WindowListeners;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Writes to the disk what the route has acknowledged of windows that are not committed yet.
 *
 * <p>Thread-safe. The polling thread writes while it emits events; another one writes each second,
 * since an exchange may be acknowledged while the polling thread waits, or is held by the route, or
 * polls no more. Steps that a crash must not separate are taken while this monitor is held.
 */
public final class Flusher {

    /** How much acknowledged work a crash may repeat. */
    private static final long INTERVAL_MILLIS = 1_000;

    /** The same in events: until then their keys are in memory, whatever the heap. */
    private static final int MOST_EVENTS = 50_000;

    private final Ledger ledger;
    private final Deduplicator deduplicator;
    private final WindowListeners listeners;
    private final InstantSource clock;
    private final Set<WindowRun> begun = new LinkedHashSet<>();
    private Source unfinished = () -> {};

    /**
     * Takes what is acknowledged next. One list after the other is used again: a mebibyte of them
     * each second would not die young.
     */
    private KeyList spareKeys = new KeyList();

    /** Of {@link #flushAll}, until the polling thread has got it. */
    private ExportException failure;

    private boolean closed;

    // the polling thread's
    private long flushed; // in milliseconds
    private int emitted; // since then

    /** What is acknowledged of events that are of no window on the board. */
    @FunctionalInterface
    public interface Source {
        void flush() throws ExportException;
    }

    public Flusher(
            Ledger ledger,
            Deduplicator deduplicator,
            WindowListeners listeners,
            InstantSource clock) {
        this.ledger = ledger;
        this.deduplicator = deduplicator;
        this.listeners = listeners;
        this.clock = clock;
        this.flushed = clock.millis();
    }

    /** From now on the route may acknowledge lines of this window. */
    synchronized void begin(WindowRun run) {
        begun.add(run);
    }

    /** From now on {@link #flushAll} writes what is acknowledged of this too, and of no other. */
    public synchronized void also(Source source) {
        unfinished = source;
    }

    /** Writes for the last time what is acknowledged of this window's body. */
    synchronized void end(WindowRun run) throws ExportException {
        write(run, true);
        begun.remove(run);
    }

    /**
     * Writes what was acknowledged, of all windows. Until it succeeds, what fails is thrown once
     * more by the next call of the polling thread, which must not go on then.
     */
    public synchronized void flushAll() throws ExportException {
        try {
            for (WindowRun run : begun) {
                write(run, false);
            }
            unfinished.flush();
            failure = null; // what an earlier call could not write is written
        } catch (ExportException e) {
            failure = e;
            throw e;
        }
    }

    /** Writes what was acknowledged of one window; for the polling thread. */
    void flush(WindowRun run) throws ExportException {
        flushed = clock.millis();
        emitted = 0;
        synchronized (this) {
            write(run, true);
        }
    }

    /**
     * The polling thread has emitted a batch: writes if a second or 50,000 events have passed.
     *
     * @return whether it did
     */
    boolean flushIfDue(WindowRun run, EventBatch batch) throws ExportException {
        long passed = batch.since() - flushed;
        emitted += batch.events().size();
        boolean due =
                passed < 0 // a clock may be set back
                        || passed >= INTERVAL_MILLIS
                        || emitted >= MOST_EVENTS;
        if (due) {
            flush(run);
        }
        return due;
    }

    private void write(WindowRun run, boolean polling) throws ExportException {
        ExportException earlier = failure;
        if (polling) {
            failure = null;
            if (earlier != null && !closed) {
                throw earlier;
            }
        }
        if (closed || !begun.contains(run)) {
            return;
        }
        WindowAcks acks = run.emission.acks;
        KeyList keys = acks.takeAcknowledgedKeys(spareKeys);
        spareKeys = new KeyList(); // should a write fail
        try {
            if (keys.size() > 0) {
                // before the ledger: a crash in between makes the repeat smaller, the other way
                // round larger
                deduplicator.acknowledged(run, keys);
            }
        } catch (Throwable e) {
            acks.returnAcknowledgedKeys(keys);
            throw e;
        }
        keys.clear();
        spareKeys = keys;
        listeners.counters().acknowledged(acks.takeAcknowledgedCount());
        long watermark = acks.lowWatermark();
        OpenWindow known = run.spooled();
        if (watermark > known.acknowledged()) {
            ledger.acknowledged(run.window, watermark);
            run.replace(known.acknowledgedUpTo(watermark));
        }
    }

    /** Nothing is written any more: another run may have begun. */
    public synchronized void close() {
        closed = true;
    }

    public synchronized boolean isClosed() {
        return closed;
    }
}
