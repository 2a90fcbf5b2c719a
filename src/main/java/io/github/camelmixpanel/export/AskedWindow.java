package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.model.Window;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Pattern;
import org.apache.camel.Message;

/**
 * The days that a message asks a producer for: those of its headers, and where it has none those of
 * the endpoint's options. Stateless.
 */
final class AskedWindow {

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    private static final int SHOWN_CHARACTERS = 40;

    private AskedWindow() {}

    /**
     * @param fromOption null for none
     * @param toOption null for none
     * @param today the last day that may be asked for
     * @throws IllegalArgumentException when a day is missing or no date, or they are not in order,
     *     or in the future
     */
    static Window of(Message message, LocalDate fromOption, LocalDate toOption, LocalDate today) {
        LocalDate from = day(message, MixpanelExportConstants.FROM_DATE, "fromDate", fromOption);
        LocalDate to = day(message, MixpanelExportConstants.TO_DATE, "toDate", toOption);
        if (from.isAfter(to)) {
            throw new IllegalArgumentException(
                    "The window asked for begins on "
                            + from
                            + ", after its end on "
                            + to
                            + ": see the headers "
                            + MixpanelExportConstants.FROM_DATE
                            + " and "
                            + MixpanelExportConstants.TO_DATE);
        }
        if (to.isAfter(today)) {
            throw new IllegalArgumentException(
                    "The window asked for ends on "
                            + to
                            + ", after today, which is "
                            + today
                            + " in the project's timeZone: Mixpanel refuses days that have not begun");
        }
        return new Window(from, to);
    }

    private static LocalDate day(Message message, String header, String option, LocalDate given) {
        Object value = message.getHeader(header);
        if (value instanceof LocalDate day) {
            return day;
        }
        if (value == null && given != null) {
            return given;
        }
        if (value == null) {
            throw new IllegalArgumentException(
                    "Header "
                            + header
                            + " is missing: it says which window to export, as yyyy-mm-dd or a"
                            + " LocalDate. Set it, or the option "
                            + option
                            + " of the endpoint");
        }
        if (value instanceof String text && DATE.matcher(text.strip()).matches()) {
            try {
                return LocalDate.parse(text.strip());
            } catch (DateTimeException e) {
                // told below, with the form that is allowed
            }
        }
        throw new IllegalArgumentException(
                "Header "
                        + header
                        + " is '"
                        + shown(value)
                        + "'; allowed is a date such as 2026-10-31, or a LocalDate");
    }

    /** It may come from anywhere: short, and on one line. */
    private static String shown(Object value) {
        String text = value instanceof String string ? string : value.getClass().getName();
        int end = Math.min(text.length(), SHOWN_CHARACTERS);
        return CONTROLS.matcher(text.substring(0, end)).replaceAll("?");
    }
}
