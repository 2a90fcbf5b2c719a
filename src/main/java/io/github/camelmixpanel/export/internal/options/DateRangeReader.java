package io.github.camelmixpanel.export.internal.options;

import io.github.camelmixpanel.export.failure.InvalidOptionException;
import io.github.camelmixpanel.export.internal.settings.DateRange;
import java.time.LocalDate;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/** The options {@code fromDate} and {@code toDate}, both inclusive. */
final class DateRangeReader {

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final String DATE_FORM = "a date such as 2026-10-31";
    private static final String FROM_FORM =
            DATE_FORM
                    + ", or a period back from the day of the first poll such as P30D, P4W or P1Y";

    private DateRangeReader() {}

    /**
     * @param fromDate null for the day of the first poll
     * @param toDate null for no end
     * @throws IllegalArgumentException when one is not a date, the period is not positive, or the
     *     range ends before it begins
     */
    static DateRange read(String fromDate, String toDate) {
        LocalDate last = toDate == null ? null : date("toDate", toDate, DATE_FORM);
        if (fromDate == null) {
            return new DateRange(null, Period.ZERO, last);
        }
        if (fromDate.startsWith("P") || fromDate.startsWith("-P")) {
            return new DateRange(null, period(fromDate), last);
        }
        LocalDate first = date("fromDate", fromDate, FROM_FORM);
        if (last != null && first.isAfter(last)) {
            throw InvalidOptionException.hidingValues(
                    ("Option fromDate is '%s', after toDate, which is '%s'; allowed is the same day or"
                                    + " an earlier one")
                            .formatted(first, last));
        }
        return new DateRange(first, null, last);
    }

    private static LocalDate date(String option, String text, String form) {
        if (DATE.matcher(text).matches()) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException e) {
                // reported below, with the allowed form
            }
        }
        throw new InvalidOptionException(option, text, form);
    }

    private static Period period(String text) {
        try {
            Period period = Period.parse(text);
            if (!period.isNegative() && !period.isZero()) {
                return period;
            }
        } catch (DateTimeParseException e) {
            // reported below, with the allowed form
        }
        throw new InvalidOptionException("fromDate", text, FROM_FORM);
    }
}
