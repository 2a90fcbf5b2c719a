package io.github.camelmixpanel.export.internal.settings;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.option.BackfillOrder;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import io.github.camelmixpanel.export.option.LateEvents;
import io.github.camelmixpanel.export.option.OnBadLine;
import io.github.camelmixpanel.export.option.OnFailure;
import io.github.camelmixpanel.export.option.OnQueryChange;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import javax.sql.DataSource;

/**
 * All options of an export, checked and complete. Names and meanings are those of the endpoint
 * options.
 */
public record ExportSettings(
        String name,
        Source source,
        Windows windows,
        Dedupe dedupe,
        Downloads downloads,
        TaskSettings tasks,
        Emission emission,
        State state) {

    private static final int KEPT_FOR_TODAY = 6;

    /** How many times {@code windowSize} a download of several days may bring. */
    private static final int TOO_LARGE = 4;

    /**
     * Where to export from, and what.
     *
     * @param baseUrl scheme, host and port only
     */
    public record Source(URI baseUrl, Credentials credentials, ExportQuery query) {}

    /**
     * Which days are due, and how they are grouped.
     *
     * @param windowDays 0 for as many as are expected to bring {@code windowSize}
     * @param windowSize in bytes, as received
     */
    public record Windows(
            DateRange range,
            int windowDays,
            long windowSize,
            ZoneId timeZone,
            BackfillOrder backfillOrder,
            LateEventSettings late) {}

    /** Whether and how events that the route has had are left out. */
    public record Dedupe(boolean deduplicate, DedupeRecipe dedupeKey) {}

    /** How downloads run and are retried. */
    public record Downloads(
            int maxConcurrentWindows,
            Limits limits,
            Duration onDemandTimeout,
            int maxRetries,
            Duration retryDelay,
            Duration windowTimeout) {}

    /**
     * How events go to the route.
     *
     * @param maxInFlight exchanges
     * @param batchSize events per exchange
     * @param maxMessagesPerPoll exchanges; 0 for no bound
     * @param maxLineSize in bytes
     */
    public record Emission(
            int maxInFlight,
            int batchSize,
            int maxMessagesPerPoll,
            boolean windowComplete,
            OnBadLine onBadLine,
            OnFailure onFailure,
            int maxRedeliveries,
            int maxLineSize) {}

    /**
     * Where the state is kept.
     *
     * @param maxSpoolSize in bytes, for this export
     * @param maxInMemorySize in bytes, for all exports together; 0 for none
     * @param dataSource the database that keeps the state too, or null
     */
    public record State(
            OnQueryChange onQueryChange,
            Path stateDirectory,
            long maxSpoolSize,
            long maxInMemorySize,
            DataSource dataSource) {}

    /** How many queries of the hour a long back-fill leaves to today's export. */
    public int keptForToday(Instant now) {
        LocalDate last = range().toDate();
        LocalDate today = LocalDate.ofInstant(now, timeZone());
        boolean todayToo =
                late().mode() != LateEvents.NONE && (last == null || !last.isBefore(today));
        return todayToo ? Math.min(KEPT_FOR_TODAY, downloads.limits().queriesPerHour() / 10) : 0;
    }

    public URI baseUrl() {
        return source.baseUrl();
    }

    public Credentials credentials() {
        return source.credentials();
    }

    public ExportQuery query() {
        return source.query();
    }

    public DateRange range() {
        return windows.range();
    }

    /** How many days are planned together: 1 when the size of a window is found out later. */
    public int windowDays() {
        return sizesWindows() ? 1 : Math.max(1, windows.windowDays());
    }

    /**
     * Whether windows take as many days as are expected to bring {@code windowSize}. A sample is
     * one per day.
     */
    public boolean sizesWindows() {
        return windows.windowDays() == 0 && query().limit() == null;
    }

    /** Less than the option says when so many windows would not fit in the spool together. */
    public long windowSize() {
        long windowsInSpool = downloads.maxConcurrentWindows() + 1L;
        return Math.max(1, Math.min(windows.windowSize(), maxSpoolSize() / windowsInSpool));
    }

    /**
     * How many days a window has at most in place of one that was too large: half as many, or fewer
     * by what it had brought when it was ended.
     */
    public int daysOfCut(int days, long received) {
        long half = (days + 1) / 2;
        return (int) Math.min(half, Math.max(1, days * windowSize() / Math.max(1, received) + 1));
    }

    /** The bytes after which a download shows that its window is too large. */
    public long largestDownload(Window window) {
        boolean smallerMayDo = sizesWindows() && !window.isArrivals() && window.length() > 1;
        return smallerMayDo ? TOO_LARGE * windowSize() : Long.MAX_VALUE;
    }

    public ZoneId timeZone() {
        return windows.timeZone();
    }

    public LateEventSettings late() {
        return windows.late();
    }

    public long maxSpoolSize() {
        return state.maxSpoolSize();
    }

    /** Less than the option says in a small heap, which is needed for other things. */
    public long maxInMemorySize() {
        return Math.min(state.maxInMemorySize(), Runtime.getRuntime().maxMemory() / 8);
    }
}
