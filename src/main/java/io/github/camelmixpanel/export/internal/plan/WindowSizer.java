package io.github.camelmixpanel.export.internal.plan;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Sizes windows so that one download is expected to bring {@code windowSize}, as nearly as whole
 * days allow. A guess that is wrong costs little, since a window takes at most four times the days
 * of the one next to it. Pure; of one thread.
 *
 * <p>A day is expected to bring what it brought before, by its share of the events; or else the
 * most that any of the {@value #RECENT} days around the nearest known one brought: a weekend does
 * not hide the week before it. Days that bring nothing are crossed in strides of up to {@value
 * #LONGEST} days, and never by more than half of the way to a day that brought something.
 */
public final class WindowSizer {

    /** How many times the days of its neighbour a window has at most. */
    static final int GROWTH = 4;

    /** Most days of a window, however empty. */
    static final int LONGEST = 366;

    /** So many that a window with a weekend in it leaves a working day in sight. */
    static final int RECENT = 5;

    private final NavigableMap<LocalDate, Volume> known;
    private final Map<LocalDate, Integer> longest;
    private final long windowSize;

    /** By the first of the days that they rest on: it is the same for all days of a stretch. */
    private final Map<LocalDate, Double> guesses = new HashMap<>();

    /**
     * What a day brought.
     *
     * @param own its part of the bytes that were received
     * @param spread the same if all days of its window had brought as much: what the next ones
     *     bring, without the ups and downs of single days
     * @param windowDays the days of the window that brought them
     */
    public record Volume(double own, double spread, int windowDays) {}

    /**
     * @param known days that had ended when they were exported
     * @param longest the most days of a window with this day in it, for days of windows that were
     *     too large
     * @param windowSize in bytes
     */
    public WindowSizer(
            Map<LocalDate, Volume> known, Map<LocalDate, Integer> longest, long windowSize) {
        this.known = new TreeMap<>(known);
        this.longest = Map.copyOf(longest);
        this.windowSize = windowSize;
    }

    /**
     * The days of the next window.
     *
     * @param due neighbouring days in due order, at least one
     * @param underWay days that are being downloaded
     * @return the first of {@code due}; or the last day alone, when nothing is known of that end
     */
    public List<LocalDate> next(List<LocalDate> due, Collection<LocalDate> underWay) {
        if (isEndUnknown(due, underWay)) {
            return due.subList(due.size() - 1, due.size());
        }
        NavigableMap<LocalDate, Volume> recent = new TreeMap<>(known);
        underWay.forEach(
                day -> recent.putIfAbsent(day, new Volume(expected(day), expected(day), 1)));
        return due.subList(0, days(due, reach(due.get(0)), recent));
    }

    /** On how many days all this rests. */
    public int knownDays() {
        return known.size();
    }

    /**
     * How many windows these days take.
     *
     * @param due neighbouring days in due order, at least one
     */
    public int queries(List<LocalDate> due) {
        int queries = 0;
        int reach = reach(due.get(0));
        for (int from = 0; from < due.size(); queries++) {
            int days = days(due.subList(from, due.size()), reach, known);
            reach = GROWTH * days;
            from += days;
        }
        return queries;
    }

    /** The first download is under way, or done: the second one tells about the other end. */
    private boolean isEndUnknown(List<LocalDate> due, Collection<LocalDate> underWay) {
        if (due.size() < 2 || known.size() > 1) {
            return false;
        }
        boolean ascending = due.get(0).isBefore(due.get(1));
        LocalDate first = due.get(0);
        LocalDate last = due.get(due.size() - 1);
        return isKnown(first, !ascending, underWay) && !isKnown(last, ascending, underWay);
    }

    /** Whether there is a known day, or one under way, on this side of a day. */
    private boolean isKnown(LocalDate day, boolean after, Collection<LocalDate> underWay) {
        return (after ? known.higherKey(day) : known.lowerKey(day)) != null
                || underWay.stream().anyMatch(it -> after ? it.isAfter(day) : it.isBefore(day));
    }

    private int days(List<LocalDate> due, int reach, NavigableMap<LocalDate, Volume> recent) {
        double bytes = 0;
        int unknown = 0;
        int most = LONGEST;
        for (int n = 0; n < due.size(); n++) {
            LocalDate day = due.get(n);
            double more = expected(day, recent);
            bytes += more;
            unknown += known.containsKey(day) ? 0 : 1;
            most = Math.min(most, longest.getOrDefault(day, LONGEST));
            if (n > 0 && (n >= most || unknown > reach || bytes - more / 2 > windowSize)) {
                return n;
            }
        }
        return due.size();
    }

    /** How many unknown days may be queried at once, beginning with this one. */
    private int reach(LocalDate day) {
        LocalDate nearest = nearest(day);
        return nearest == null ? 1 : GROWTH * known.get(nearest).windowDays();
    }

    /** What a day is expected to bring, in bytes. */
    public double expected(LocalDate day) {
        return expected(day, known);
    }

    /**
     * @param recent {@code known}, and what is expected of days that are being downloaded: a
     *     weekend that came first does not hide the week before it either
     */
    private double expected(LocalDate day, NavigableMap<LocalDate, Volume> recent) {
        LocalDate nearest = nearest(day);
        if (nearest == null) {
            return 0;
        }
        if (nearest.equals(day)) {
            return known.get(day).own();
        }
        LocalDate first = nearest.isBefore(day) ? nearest.minusDays(RECENT - 1L) : nearest;
        return recent == known
                ? guesses.computeIfAbsent(first, it -> most(known, it))
                : most(recent, first);
    }

    private static double most(NavigableMap<LocalDate, Volume> days, LocalDate first) {
        return days.subMap(first, true, first.plusDays(RECENT - 1L), true).values().stream()
                .mapToDouble(Volume::spread)
                .max()
                .orElse(0);
    }

    private LocalDate nearest(LocalDate day) {
        LocalDate before = known.floorKey(day);
        LocalDate after = known.ceilingKey(day);
        if (before == null || after == null) {
            return before == null ? after : before;
        }
        return ChronoUnit.DAYS.between(before, day) <= ChronoUnit.DAYS.between(day, after)
                ? before
                : after;
    }
}
