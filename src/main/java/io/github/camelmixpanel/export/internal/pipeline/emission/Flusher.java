package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyList;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportCounters;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Writes to the disk what the route has acknowledged of windows that are not committed yet.
 *
 * <p>Thread-safe. The polling thread writes while it hands out events; another one writes each
 * second, since an exchange may be acknowledged while the polling thread waits, or is held by the
 * route, or polls no more. Steps that must not be told apart by a crash are taken while this
 * monitor is held.
 */
public final class Flusher {

    private final Ledger ledger;
    private final Optional<Deduplicator> seen;
    private final ExportCounters tally;
    private final Set<WindowRun> begun = new LinkedHashSet<>();

    /**
     * Takes what is acknowledged next. One list after the other is used again: a mebibyte of them
     * each second would not die young.
     */
    private KeyList spareKeys = new KeyList();

    /** Of {@link #flushAll}, until the polling thread has heard of it. */
    private ExportException failure;

    private boolean closed;

    public Flusher(Ledger ledger, Optional<Deduplicator> seen, ExportCounters tally) {
        this.ledger = ledger;
        this.seen = seen;
        this.tally = tally;
    }

    /** From now on the route may acknowledge lines of this window. */
    synchronized void begin(WindowRun task) {
        begun.add(task);
    }

    /** Writes for the last time what is acknowledged of this window's body. */
    synchronized void end(WindowRun task) throws ExportException {
        flush(task);
        begun.remove(task);
    }

    /**
     * Writes what was acknowledged, of all windows. What fails is thrown once more by the next call
     * of the polling thread, which must not go on then.
     */
    public synchronized void flushAll() throws ExportException {
        try {
            for (WindowRun task : begun) {
                write(task);
            }
        } catch (ExportException e) {
            failure = e;
            throw e;
        }
    }

    /** Writes what was acknowledged of one window; for the polling thread. */
    synchronized void flush(WindowRun task) throws ExportException {
        ExportException earlier = failure;
        failure = null;
        if (earlier != null && !closed) {
            throw earlier;
        }
        write(task);
    }

    private void write(WindowRun task) throws ExportException {
        if (closed || !begun.contains(task)) {
            return;
        }
        KeyList keys = task.lines.takeAcknowledgedKeys(spareKeys);
        spareKeys = new KeyList(); // should a write fail
        if (seen.isPresent() && keys.size() > 0) {
            // before the ledger: a crash in between makes the repeat smaller, the other way round
            // larger
            seen.get().acknowledged(task, keys);
        }
        keys.clear();
        spareKeys = keys;
        tally.acknowledged(task.lines.takeAcknowledgedCount());
        long watermark = task.lines.lowWatermark();
        if (watermark > task.recorded) {
            ledger.acknowledged(task.window, watermark);
            task.recorded = watermark;
        }
    }

    /** Nothing is written any more: another run may have begun. */
    public synchronized void close() {
        closed = true;
    }

    synchronized boolean isClosed() {
        return closed;
    }
}
