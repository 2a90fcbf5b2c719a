package io.github.camelmixpanel.export.internal.model;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What one generation of a window brought: {@code emitted + duplicates = events}, and {@code events
 * + otherEvents + badLines} are the lines of its download that are not blank.
 *
 * @param generation 1 for the first export of the window, 2 for the next
 * @param download counts queries since the route was started, and time up to the last
 *     acknowledgement
 * @param compared which events are new, and what became of earlier ones
 * @param parked of those emitted, events that the route could not take and that are kept aside
 * @param days the same by day, in calendar order; empty where it is not known
 * @param isFinal whether no later generation of the window is planned, and nothing is parked
 */
public record WindowSummary(
        Window window,
        int generation,
        DownloadSummary download,
        Comparison compared,
        long parked,
        List<Day> days,
        boolean isFinal) {

    /**
     * What the generation brought of one day.
     *
     * @param events events of the day in the download
     * @param emitted of these, events handed to the route
     * @param isFinal whether no further export of the day is planned, and nothing of the window is
     *     parked
     */
    public record Day(LocalDate day, long events, long emitted, boolean isFinal) {}

    /**
     * What the days of a window brought, in calendar order; both empty where it is not known.
     *
     * @param events of each day in the download
     * @param emitted of these, events for the route
     */
    public record DayCounts(List<Long> events, List<Long> emitted) {

        public static final DayCounts UNKNOWN = new DayCounts(List.of(), List.of());

        /** The same by day: every day of a window of days, of arrivals those with events. */
        public List<Day> of(Window window, Predicate<LocalDate> isFinal) {
            List<Day> days = new ArrayList<>();
            for (int i = 0; i < events.size(); i++) {
                LocalDate day = window.fromDate().plusDays(i);
                if (events.get(i) > 0 || !window.isArrivals()) {
                    days.add(new Day(day, events.get(i), emitted.get(i), isFinal.test(day)));
                }
            }
            return days;
        }
    }
}
