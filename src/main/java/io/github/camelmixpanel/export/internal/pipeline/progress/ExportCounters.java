package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.RateLimitedException;
import io.github.camelmixpanel.export.internal.model.ExportCounts;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.pipeline.route.WindowListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Counts what an export did since it was opened, and what the route took in each of the last 60
 * minutes. Called per block, window and flush, never per event. Thread-safe.
 */
public final class ExportCounters implements WindowListener {

    private static final int MINUTES = 60;

    private final InstantSource clock;
    private final LongAdder queries = new LongAdder();
    private final LongAdder rateLimited = new LongAdder();
    private final LongAdder failedDownloads = new LongAdder();
    private final LongAdder failedWindows = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    // guarded by this
    private long windows;
    private long events;
    private long duplicates;
    private long badLines;
    private long acknowledged;
    private final long[] byMinute = new long[MINUTES];
    private long minute;

    public ExportCounters(InstantSource clock) {
        this.clock = clock;
        this.minute = minuteOf(clock.instant());
    }

    @Override
    public void windowStarted(Window window, int generation) {
        queries.increment();
    }

    @Override
    public void rateLimited(RateLimitedException answer) {
        rateLimited.increment();
    }

    /** A query or its download failed for any other reason. */
    public void downloadFailed() {
        failedDownloads.increment();
    }

    @Override
    public void windowFailed(Window window, int generation, ExportException failure) {
        failedWindows.increment();
    }

    /** Called once per block. */
    public void received(int block) {
        bytes.add(block);
    }

    /** So many events were acknowledged and written; about once a second. */
    public synchronized void acknowledged(long more) {
        if (more > 0) {
            turnTo(clock.instant());
            byMinute[Math.floorMod(minute, MINUTES)] += more;
            acknowledged += more;
        }
    }

    @Override
    public synchronized void windowCommitted(WindowSummary summary) {
        windows++;
        events += summary.download().events();
        duplicates += summary.compared().duplicates();
        badLines += summary.download().badLines();
    }

    synchronized ExportCounts counts() {
        return new ExportCounts(
                new ExportCounts.FromMixpanel(
                        queries.sum(), rateLimited.sum(), failedDownloads.sum(), bytes.sum()),
                new ExportCounts.ToRoute(
                        windows, failedWindows.sum(), events, acknowledged, duplicates, badLines));
    }

    /** Events acknowledged in each of the last 60 minutes, the current one last. */
    synchronized List<Long> eventsByMinute() {
        turnTo(clock.instant());
        return IntStream.rangeClosed(1, MINUTES)
                .mapToObj(i -> byMinute[Math.floorMod(minute + i, MINUTES)])
                .toList();
    }

    /**
     * Empties the minutes between the last one and now; a clock that jumps back changes nothing.
     */
    private void turnTo(Instant now) {
        long current = minuteOf(now);
        for (long next = Math.max(minute + 1, current - MINUTES + 1); next <= current; next++) {
            byMinute[Math.floorMod(next, MINUTES)] = 0;
        }
        minute = Math.max(minute, current);
    }

    private static long minuteOf(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), 60);
    }
}
