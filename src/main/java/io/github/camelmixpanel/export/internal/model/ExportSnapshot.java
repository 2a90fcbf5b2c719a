package io.github.camelmixpanel.export.internal.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What one export is doing and has done, as it was at one instant: the one source of everything
 * that people see. Immutable.
 *
 * <p>Its parts are read one after the other while the export works on, so a window that is
 * committed at that very moment may be among {@link #windows} and not yet among the {@link
 * #counts}.
 *
 * @param export name of the export
 * @param at when it was taken
 * @param activity what the export is doing
 * @param counts what it has done since the route was started
 * @param quota of its project, shared with every other export of it
 */
public record ExportSnapshot(
        String export,
        Instant at,
        Activity activity,
        ExportCounts counts,
        QuotaStatus quota,
        Usage usage,
        Pace pace,
        Work work) {

    public enum Activity {
        /** Its route does not run. The figures are the last ones known. */
        STOPPED,
        /** Waits for its next poll. */
        IDLE,
        /** Works on the windows that are due, or waits for its quota. */
        POLLING
    }

    /**
     * What the export holds of its bounded resources.
     *
     * @param inFlight exchanges handed to the route and not yet completed
     * @param maxInFlight how many these may be
     * @param spoolBytes bytes of downloads on disk, finished and unfinished ones
     * @param maxSpoolBytes how many these may be
     */
    public record Usage(int inFlight, int maxInFlight, long spoolBytes, long maxSpoolBytes) {}

    /**
     * What there is still to query, judged by the days that are known.
     *
     * @param queries without those that fail
     * @param bytes as received
     * @param knownDays on how many days these figures rest
     */
    public record Forecast(int queries, long bytes, int knownDays) {}

    /**
     * How fast it goes on.
     *
     * @param eventsByMinute events that the route took in each of the last 60 minutes, the current
     *     one last
     * @param toGo how long the windows due will take, estimated from their quota and the pace so
     *     far; empty when none is due, or nothing is known yet
     * @param forecast what the windows due will take; empty when nothing is known yet
     * @param lag how far behind now the export is: everything that happened earlier was queried at
     *     least once; zero when no day is left to query
     */
    public record Pace(
            List<Long> eventsByMinute,
            Optional<Duration> toGo,
            Optional<Forecast> forecast,
            Duration lag) {

        public Pace {
            eventsByMinute = List.copyOf(eventsByMinute);
        }
    }

    /**
     * A poll that had something to do.
     *
     * @param ended empty while it goes on
     * @param counts what was done since it began and before the next one did
     */
    public record Run(Instant begun, Optional<Instant> ended, ExportCounts counts) {}

    /**
     * What there is to do, and what is done.
     *
     * @param windows due and under way, in the order of their queries
     * @param days every day of the export up to today, in calendar order
     * @param runs the last ones since the route was started, the latest first
     * @param parked what waits for an operator to resume or drop it, of windows due and committed
     * @param verdict how all of it is to be understood
     */
    public record Work(
            List<WindowStatus> windows,
            List<DayStatus> days,
            List<Run> runs,
            List<ParkedWindow> parked,
            Verdict verdict) {

        public Work {
            windows = List.copyOf(windows);
            days = List.copyOf(days);
            runs = List.copyOf(runs);
            parked = List.copyOf(parked);
        }
    }

    /** Of an export that was never opened: a standby. */
    public static ExportSnapshot unopened(String export, Instant at) {
        Verdict verdict =
                new Verdict(
                        Verdict.State.STOPPED,
                        Optional.empty(),
                        "",
                        Optional.empty(),
                        at,
                        new Verdict.Days(0, 0),
                        Optional.empty(),
                        List.of());
        return new ExportSnapshot(
                export,
                at,
                Activity.STOPPED,
                ExportCounts.NONE,
                new QuotaStatus(0, 0, 0, at, Optional.empty(), Optional.empty()),
                new Usage(0, 0, 0, 0),
                new Pace(List.of(), Optional.empty(), Optional.empty(), Duration.ZERO),
                new Work(List.of(), List.of(), List.of(), List.of(), verdict));
    }

    /** The same figures of an export that does nothing now. */
    public ExportSnapshot now(Function<Verdict, Verdict> other) {
        return new ExportSnapshot(
                export,
                at,
                Activity.STOPPED,
                counts,
                quota,
                usage,
                pace,
                new Work(
                        work.windows,
                        work.days,
                        work.runs,
                        work.parked,
                        other.apply(work.verdict)));
    }

    /** The same of a route that is stopped or suspended since now. */
    public ExportSnapshot stopped(String words) {
        return now(it -> it.now(Verdict.State.STOPPED, words, at, it.troubles()));
    }

    public Verdict verdict() {
        return work.verdict();
    }

    public List<Verdict.Trouble> troubles() {
        return work.verdict().troubles();
    }
}
