package io.github.camelmixpanel.export.internal.pipeline.ack;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which lines of one download are done, whatever the order in which their exchanges complete: all
 * lines up to {@link #lowWatermark()} are.
 *
 * <p>Lines go out by batch, and a batch that failed goes out again as it was. Holds only the
 * batches in flight and those left failed, so its size is bounded by {@code maxInFlight}. Not
 * thread-safe: the monitor of {@link InFlight} guards it.
 */
final class AckTracker {

    /**
     * The lines of one exchange; lines in between that are none of its own go out with no other
     * either.
     *
     * @param first 1-based, inclusive
     * @param last inclusive
     * @param index how many batches went out before this one first did
     */
    record Batch(long first, long last, int index) {}

    private final SortedLongs inFlight = new SortedLongs();
    private final TreeMap<Long, Batch> failed = new TreeMap<>();
    private long passed;
    private int batches;

    /**
     * @param lowWatermark lines up to this one are done already
     */
    AckTracker(long lowWatermark) {
        this.passed = lowWatermark;
    }

    /** Whether this line still has to go to the route: it never did, or was left failed. */
    boolean wants(long line) {
        return line > passed || failedAt(line) != null;
    }

    /** Whether this line is the last of a batch that failed, so that no other line joins it. */
    boolean endsBatch(long line) {
        Batch batch = failedAt(line);
        return batch != null && batch.last() == line;
    }

    private Batch failedAt(long line) {
        if (failed.isEmpty()) {
            return null;
        }
        Map.Entry<Long, Batch> before = failed.floorEntry(line);
        return before != null && line <= before.getValue().last() ? before.getValue() : null;
    }

    /**
     * The lines from {@code first} to {@code last} are with the route: a new batch, or a failed
     * one.
     */
    Batch emitted(long first, long last) {
        Batch batch = failed.remove(first);
        if (batch == null) {
            batch = new Batch(first, last, batches++);
        }
        inFlight.add(first);
        passed = Math.max(passed, last);
        return batch;
    }

    void acknowledged(Batch batch) {
        inFlight.remove(batch.first());
    }

    void failed(Batch batch) {
        if (inFlight.remove(batch.first())) {
            failed.put(batch.first(), batch);
        }
    }

    /** Whether this batch failed, and is not with the route once more. */
    boolean isLeftFailed(Batch batch) {
        return failed.containsKey(batch.first());
    }

    /** The lines of a failed batch are done with, though not acknowledged. */
    void setAside(Batch batch) {
        failed.remove(batch.first());
    }

    long lowWatermark() {
        long watermark = passed;
        if (!inFlight.isEmpty()) {
            watermark = Math.min(watermark, inFlight.first() - 1);
        }
        if (!failed.isEmpty()) {
            watermark = Math.min(watermark, failed.firstKey() - 1);
        }
        return watermark;
    }

    /** Batches with the route. */
    int inFlight() {
        return inFlight.size();
    }

    /** Batches left failed. */
    int failed() {
        return failed.size();
    }
}
