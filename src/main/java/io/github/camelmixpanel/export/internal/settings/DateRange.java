package io.github.camelmixpanel.export.internal.settings;

import java.time.LocalDate;
import java.time.Period;

/**
 * The days asked for, both ends inclusive, in the project's time zone.
 *
 * @param fromDate the first day, or null when it depends on the day of the first poll
 * @param fromPeriod how far the first day lies before the day of the first poll; null when {@code
 *     fromDate} is given
 * @param toDate the last day, or null for no end
 */
public record DateRange(LocalDate fromDate, Period fromPeriod, LocalDate toDate) {

    /** The first day for an export whose first poll is on {@code today}. */
    public LocalDate firstDay(LocalDate today) {
        return fromDate != null ? fromDate : today.minus(fromPeriod);
    }
}
