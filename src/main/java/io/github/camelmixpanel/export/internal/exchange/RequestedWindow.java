package io.github.camelmixpanel.export.internal.exchange;

import io.github.camelmixpanel.export.MixpanelExportConstants;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.text.Printable;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Message;

/**
 * The window that a message requests of a producer: by its headers, and by the endpoint's options
 * where it has none. Also reads the days and choices of JMX operations. Stateless.
 */
public final class RequestedWindow {

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final int SHOWN_CHARACTERS = 40;

    private RequestedWindow() {}

    /**
     * The days.
     *
     * @param fromOption null for none
     * @param toOption null for none
     * @param today the last day that may be requested
     * @throws IllegalArgumentException when a day is missing, is not a date or lies in the future,
     *     or the days are not in order
     */
    public static Window window(
            Message message, LocalDate fromOption, LocalDate toOption, LocalDate today) {
        LocalDate from = day(message, MixpanelExportConstants.FROM_DATE, "fromDate", fromOption);
        LocalDate to = day(message, MixpanelExportConstants.TO_DATE, "toDate", toOption);
        if (from.isAfter(to)) {
            throw new IllegalArgumentException(
                    "The requested window begins on %s, after its end on %s: see the headers %s and %s"
                            .formatted(
                                    from,
                                    to,
                                    MixpanelExportConstants.FROM_DATE,
                                    MixpanelExportConstants.TO_DATE));
        }
        if (to.isAfter(today)) {
            throw new IllegalArgumentException(
                    ("The requested window ends on %s, after today, which is %s in the project's"
                                    + " timeZone: Mixpanel rejects days that have not begun")
                            .formatted(to, today));
        }
        return new Window(from, to);
    }

    private static LocalDate day(Message message, String header, String option, LocalDate given) {
        Object value = message.getHeader(header);
        if (value instanceof LocalDate day) {
            return day;
        }
        if (value != null) {
            return day("Header " + header, value);
        }
        if (given == null) {
            throw new IllegalArgumentException(
                    ("Header %s is missing: it selects the window, as yyyy-mm-dd or a LocalDate. Set"
                                    + " it, or the option %s of the endpoint")
                            .formatted(header, option));
        }
        return given;
    }

    /**
     * @param name for messages
     * @param value as yyyy-mm-dd
     * @throws IllegalArgumentException when it is not a date
     */
    public static LocalDate day(String name, Object value) {
        if (value instanceof String text && DATE.matcher(text.strip()).matches()) {
            try {
                return LocalDate.parse(text.strip());
            } catch (DateTimeException e) {
                // reported below, with the allowed form
            }
        }
        throw new IllegalArgumentException(
                "%s is '%s'; allowed is a date such as 2026-10-31, or a LocalDate"
                        .formatted(name, shown(value)));
    }

    /**
     * @param option the default without the header
     * @throws IllegalArgumentException when the header is none of the choices
     */
    public static <E extends Enum<E>> E choice(Message message, String header, E option) {
        return choice("Header " + header, message.getHeader(header), option);
    }

    /**
     * @param name for messages
     * @param value one of the choices or the name of one, or null
     * @param option the default for null
     * @throws IllegalArgumentException when it is none of the choices
     */
    public static <E extends Enum<E>> E choice(String name, Object value, E option) {
        if (value == null) {
            return option;
        }
        E[] allowed = option.getDeclaringClass().getEnumConstants();
        for (E choice : allowed) {
            if (choice == value
                    || value instanceof String text
                            && choice.name().equalsIgnoreCase(text.strip())) {
                return choice;
            }
        }
        throw new IllegalArgumentException(
                "%s is '%s'; allowed is %s"
                        .formatted(
                                name,
                                shown(value),
                                Arrays.stream(allowed)
                                        .map(Enum::name)
                                        .collect(Collectors.joining(", "))));
    }

    /** Untrusted text: shortened, on one line, without control characters. */
    private static String shown(Object value) {
        String text =
                value == null || value instanceof String
                        ? String.valueOf(value)
                        : value.getClass().getName();
        return Printable.of(text, SHOWN_CHARACTERS);
    }
}
