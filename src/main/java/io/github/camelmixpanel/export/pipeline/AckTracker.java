package io.github.camelmixpanel.export.pipeline;

/**
 * Which lines of one download are done, whatever the order in which their exchanges complete: all
 * lines up to {@link #lowWatermark()} are.
 *
 * <p>Holds only the lines in flight and those left failed, so its size is bounded by {@code
 * maxInFlight}. Not thread-safe: {@link InFlight} guards it.
 */
final class AckTracker {

    private final SortedLongs inFlight = new SortedLongs();
    private final SortedLongs failed = new SortedLongs();
    private long passed;

    /**
     * @param lowWatermark lines up to this one are done already
     */
    AckTracker(long lowWatermark) {
        this.passed = lowWatermark;
    }

    /** Whether this line still has to be handed to the route: never was, or was left failed. */
    boolean wants(long line) {
        return line > passed || failed.contains(line);
    }

    void emitted(long line) {
        failed.remove(line);
        inFlight.add(line);
        passed = Math.max(passed, line);
    }

    void acknowledged(long line) {
        inFlight.remove(line);
    }

    void refused(long line) {
        if (inFlight.remove(line)) {
            failed.add(line);
        }
    }

    long lowWatermark() {
        long watermark = passed;
        if (!inFlight.isEmpty()) {
            watermark = Math.min(watermark, inFlight.first() - 1);
        }
        if (!failed.isEmpty()) {
            watermark = Math.min(watermark, failed.first() - 1);
        }
        return watermark;
    }

    int inFlight() {
        return inFlight.size();
    }

    int failed() {
        return failed.size();
    }
}
