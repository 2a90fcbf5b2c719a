package io.github.camelmixpanel.export.internal.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one export is doing and has done, as it was at one instant: the one source of everything
 * that people are shown. Immutable.
 *
 * <p>Its parts are read one after the other while the export works on, so a window that is
 * committed at that very moment may be among {@link #windows} and not yet among the {@link
 * #counts}.
 *
 * @param export name of the export
 * @param at when it was taken
 * @param activity what the export is at
 * @param counts what it has done since the route was started
 * @param quota of its project, shared with every other export of it
 * @param inFlight exchanges handed to the route and not yet completed
 * @param maxInFlight how many these may be
 * @param spoolBytes bytes of downloads on disk, finished and unfinished ones
 * @param maxSpoolBytes how many these may be
 * @param eventsByMinute events that the route took in each of the last 60 minutes, the current one
 *     last
 * @param toGo how long the windows due will take, as far as their quota and the pace so far tell;
 *     empty when none is due, or nothing is known yet
 * @param lag how far behind now the export is: everything that happened earlier has been asked for
 *     at least once; zero when no day is left to ask for
 * @param windows due and under way, in the order in which they are asked for
 * @param days every day of the export up to today, in calendar order
 * @param parked what waits for somebody to have it handed out again, or dropped; of windows due and
 *     of committed ones
 * @param troubles what keeps it from going on, for people; empty when all is well
 */
public record ExportSnapshot(
        String export,
        Instant at,
        Activity activity,
        ExportCounts counts,
        QuotaStatus quota,
        int inFlight,
        int maxInFlight,
        long spoolBytes,
        long maxSpoolBytes,
        List<Long> eventsByMinute,
        Optional<Duration> toGo,
        Duration lag,
        List<WindowStatus> windows,
        List<DayStatus> days,
        List<ParkedWindow> parked,
        List<String> troubles) {

    public ExportSnapshot {
        eventsByMinute = List.copyOf(eventsByMinute);
        windows = List.copyOf(windows);
        days = List.copyOf(days);
        parked = List.copyOf(parked);
        troubles = List.copyOf(troubles);
    }

    /** What an export is at. */
    public enum Activity {
        /** Its route does not run. What is told is what was known last. */
        STOPPED,
        /** Waits for its next poll. */
        IDLE,
        /** Works on the windows that are due, or waits for its quota. */
        POLLING
    }

    /** The same, told by an export that does not run any more. */
    public ExportSnapshot stopped() {
        return new ExportSnapshot(
                export,
                at,
                Activity.STOPPED,
                counts,
                quota,
                inFlight,
                maxInFlight,
                spoolBytes,
                maxSpoolBytes,
                eventsByMinute,
                toGo,
                lag,
                windows,
                days,
                parked,
                troubles);
    }
}
