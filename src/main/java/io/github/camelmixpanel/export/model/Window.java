package io.github.camelmixpanel.export.model;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/**
 * Whole calendar days of one export, both ends inclusive, in the time zone of the Mixpanel project.
 *
 * <p>Immutable. {@link #toString()} is the form in logs and file names: {@code 2026-10-11}, or
 * {@code 2026-10-11..2026-10-17} for more than a day.
 */
public record Window(LocalDate fromDate, LocalDate toDate) {

    /**
     * @throws IllegalArgumentException when {@code fromDate} is after {@code toDate}
     */
    public Window {
        if (fromDate.isAfter(toDate)) {
            throw new IllegalArgumentException(
                    "A window from " + fromDate + " cannot end before it, on " + toDate);
        }
    }

    public static Window ofDay(LocalDate day) {
        return new Window(day, day);
    }

    public int length() {
        return (int) ChronoUnit.DAYS.between(fromDate, toDate) + 1;
    }

    /** The days of this window in calendar order. */
    public Stream<LocalDate> days() {
        return fromDate.datesUntil(toDate.plusDays(1));
    }

    @Override
    public String toString() {
        return fromDate.equals(toDate) ? fromDate.toString() : fromDate + ".." + toDate;
    }
}
