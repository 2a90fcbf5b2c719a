package io.github.camelmixpanel.export.plan;

import io.github.camelmixpanel.export.model.BackfillOrder;
import io.github.camelmixpanel.export.model.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Covers every day that is due exactly once, never a day that has not ended an hour ago.
 *
 * <p>A day is a calendar day of the project's time zone and ends where the next one begins, so it
 * may last 23 or 25 hours. It is due once, an hour after its end: Mixpanel's export is eventually
 * consistent, and events were observed to appear up to 45 minutes late. Thread-safe.
 */
public final class Planner {

    /** How long after its end a day is asked for. */
    public static final Duration SETTLING = Duration.ofHours(1);

    private final ZoneId timeZone;
    private final int windowDays;
    private final BackfillOrder order;

    public Planner(ZoneId timeZone, int windowDays, BackfillOrder order) {
        this.timeZone = timeZone;
        this.windowDays = windowDays;
        this.order = order;
    }

    /** The order in which windows are asked for. */
    public Comparator<Window> order() {
        Comparator<Window> oldest = Comparator.comparing(Window::fromDate);
        return order == BackfillOrder.NEWEST ? oldest.reversed() : oldest;
    }

    /** The project's calendar day at {@code now}. */
    public LocalDate today(Instant now) {
        return now.atZone(timeZone).toLocalDate();
    }

    /** The last day that is due at {@code now}. */
    public LocalDate lastDay(Instant now) {
        return today(now.minus(SETTLING)).minusDays(1);
    }

    /**
     * The windows due, in the order in which to ask for them: runs of days that follow each other,
     * at most {@code windowDays} long.
     *
     * @param firstDay inclusive
     * @param toDate inclusive, or null for no end
     * @param done days that need no query
     */
    public List<Window> due(
            Instant now, LocalDate firstDay, LocalDate toDate, Predicate<LocalDate> done) {
        LocalDate last = lastDay(now);
        if (toDate != null && toDate.isBefore(last)) {
            last = toDate;
        }
        List<LocalDate> days = new ArrayList<>();
        for (LocalDate day = firstDay; !day.isAfter(last); day = day.plusDays(1)) {
            if (!done.test(day)) {
                days.add(day);
            }
        }
        boolean newestFirst = order == BackfillOrder.NEWEST;
        if (newestFirst) {
            Collections.reverse(days);
        }
        return grouped(days, newestFirst ? -1 : 1);
    }

    private List<Window> grouped(List<LocalDate> days, int step) {
        List<Window> windows = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= days.size(); i++) {
            boolean ends =
                    i == days.size()
                            || i - start == windowDays
                            || !days.get(i).equals(days.get(i - 1).plusDays(step));
            if (ends) {
                LocalDate a = days.get(start);
                LocalDate b = days.get(i - 1);
                windows.add(step > 0 ? new Window(a, b) : new Window(b, a));
                start = i;
            }
        }
        return windows;
    }
}
