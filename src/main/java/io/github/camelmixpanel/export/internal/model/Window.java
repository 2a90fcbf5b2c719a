package io.github.camelmixpanel.export.internal.model;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/**
 * What one query asks for: whole calendar days of one export, both ends inclusive, in the time zone
 * of the Mixpanel project; all their events, or only those that Mixpanel processed in a span of
 * time.
 *
 * <p>Immutable. {@link #toString()} is the form in logs and file names: {@code 2026-10-11}, {@code
 * 2026-10-11..2026-10-17} for more than a day, and {@code arrivals-2026-09-11..2026-10-11} where
 * only a span of processing times is asked for.
 *
 * @param arrivals which events of these days; null for all
 */
public record Window(LocalDate fromDate, LocalDate toDate, Arrivals arrivals) {

    private static final long SECONDS_PER_DAY = 86_400;

    /**
     * @throws IllegalArgumentException when {@code fromDate} is after {@code toDate}
     */
    public Window {
        if (fromDate.isAfter(toDate)) {
            throw new IllegalArgumentException(
                    "A window from " + fromDate + " cannot end before it, on " + toDate);
        }
    }

    /** All events of these days. */
    public Window(LocalDate fromDate, LocalDate toDate) {
        this(fromDate, toDate, null);
    }

    public static Window ofDay(LocalDate day) {
        return new Window(day, day);
    }

    /** Whether it asks for a span of processing times, and not for all events of its days. */
    public boolean isArrivals() {
        return arrivals != null;
    }

    /** Whether there is a day in both. */
    public boolean sharesADayWith(Window other) {
        return !fromDate.isAfter(other.toDate) && !toDate.isBefore(other.fromDate);
    }

    public int length() {
        return (int) ChronoUnit.DAYS.between(fromDate, toDate) + 1;
    }

    /** The days of this window in calendar order. */
    public Stream<LocalDate> days() {
        return fromDate.datesUntil(toDate.plusDays(1));
    }

    /** What to choose so that the query of a window like this brings less: an object of a verb. */
    public String less() {
        return fromDate.equals(toDate) || isArrivals()
                ? "fewer events, or a where that leaves out more"
                : "fewer windowDays";
    }

    /** How many days its export brings nearer to the end; an arrival query counts as one. */
    public int dayCount() {
        return isArrivals() ? 1 : length();
    }

    /** Whether it asks for all events of one day. */
    public boolean isDay() {
        return fromDate.equals(toDate) && !isArrivals();
    }

    /** Whether both are days, one just before the other. */
    public boolean isNextDayTo(Window other) {
        return isDay()
                && other.isDay()
                && Math.abs(ChronoUnit.DAYS.between(fromDate, other.fromDate)) == 1;
    }

    /**
     * The day of this window that an event of it belongs to: the calendar day of its time, as
     * Mixpanel sent it, which is wall clock time of the project. A time outside of the window
     * counts for the nearest of its days, no time for the first.
     */
    public LocalDate dayOf(ExportEvent event) {
        return fromDate.plusDays(indexOf(event));
    }

    /** The same as its number in this window, from 0. */
    public int indexOf(ExportEvent event) {
        if (event.rawTimeSeconds() == null || fromDate.equals(toDate)) {
            return 0;
        }
        long day = Math.floorDiv(event.rawTimeSeconds(), SECONDS_PER_DAY);
        long index = day - fromDate.toEpochDay();
        return (int) Math.max(0, Math.min(index, length() - 1));
    }

    @Override
    public String toString() {
        String days = fromDate.equals(toDate) ? fromDate.toString() : fromDate + ".." + toDate;
        return isArrivals() ? "arrivals-" + days : days;
    }
}
