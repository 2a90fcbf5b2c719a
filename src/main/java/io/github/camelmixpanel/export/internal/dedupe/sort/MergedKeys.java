package io.github.camelmixpanel.export.internal.dedupe.sort;

import io.github.camelmixpanel.export.failure.LedgerException;
import java.io.IOException;
import java.util.List;

/** Returns all keys of several cursors in order; a key that two of them have comes twice. */
public final class MergedKeys extends KeyCursor {

    private final List<? extends KeyCursor> sources;

    /** A binary heap of the sources that have a current key, the smallest first. */
    private final KeyCursor[] heap;

    private int size;
    private boolean started;

    /**
     * @param sources before their first key; closed with this cursor
     */
    public MergedKeys(List<? extends KeyCursor> sources) {
        this.sources = sources;
        this.heap = new KeyCursor[sources.size()];
    }

    @Override
    public boolean next() throws IOException, LedgerException {
        if (!started) {
            start();
        } else if (size > 0) {
            if (!heap[0].next()) {
                heap[0] = heap[--size];
            }
            sink(0);
        }
        if (size == 0) {
            return false;
        }
        set(heap[0]);
        return true;
    }

    private void start() throws IOException, LedgerException {
        started = true;
        for (KeyCursor source : sources) {
            if (source.next()) {
                heap[size++] = source;
            }
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
        }
    }

    private void sink(int index) {
        KeyCursor moved = heap[index];
        int at = index;
        for (int child; (child = 2 * at + 1) < size; at = child) {
            if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
                child++;
            }
            if (!heap[child].isBefore(moved)) {
                break;
            }
            heap[at] = heap[child];
        }
        heap[at] = moved;
    }

    @Override
    public void close() throws IOException {
        for (KeyCursor source : sources) {
            source.close();
        }
    }
}
