package io.github.camelmixpanel.export.internal.exchange;

import io.github.camelmixpanel.export.MixpanelExportConstants;
import io.github.camelmixpanel.export.internal.model.Window;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Message;

/**
 * What a message asks a producer for: by its headers, and where it has none by the endpoint's
 * options. Also reads days and choices that JMX hands to a consumer. Stateless.
 */
public final class RequestedWindow {

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    private static final int SHOWN_CHARACTERS = 40;

    private RequestedWindow() {}

    /**
     * The days.
     *
     * @param fromOption null for none
     * @param toOption null for none
     * @param today the last day that may be asked for
     * @throws IllegalArgumentException when a day is missing or no date, or they are not in order,
     *     or in the future
     */
    public static Window window(
            Message message, LocalDate fromOption, LocalDate toOption, LocalDate today) {
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
                            + " is missing: it says which window is meant, as yyyy-mm-dd or a"
                            + " LocalDate. Set it, or the option "
                            + option
                            + " of the endpoint");
        }
        return day("Header " + header, value);
    }

    /**
     * @param name what it is called, for people
     * @param value as yyyy-mm-dd
     * @throws IllegalArgumentException when it is no date
     */
    public static LocalDate day(String name, Object value) {
        if (value instanceof String text && DATE.matcher(text.strip()).matches()) {
            try {
                return LocalDate.parse(text.strip());
            } catch (DateTimeException e) {
                // told below, with the form that is allowed
            }
        }
        throw new IllegalArgumentException(
                name
                        + " is '"
                        + shown(value)
                        + "'; allowed is a date such as 2026-10-31, or a LocalDate");
    }

    /**
     * @param option what holds without the header
     * @throws IllegalArgumentException when the header is none of the choices
     */
    public static <E extends Enum<E>> E choice(Message message, String header, E option) {
        return choice("Header " + header, message.getHeader(header), option);
    }

    /**
     * @param name what it is called, for people
     * @param value one of the choices or the name of one, or null
     * @param option what holds for null
     * @throws IllegalArgumentException when it is none of the choices
     */
    public static <E extends Enum<E>> E choice(String name, Object value, E option) {
        E[] allowed = option.getDeclaringClass().getEnumConstants();
        for (E choice : allowed) {
            if (choice == value || value instanceof String text && is(choice, text)) {
                return choice;
            }
        }
        if (value == null) {
            return option;
        }
        throw new IllegalArgumentException(
                name
                        + " is '"
                        + shown(value)
                        + "'; allowed is "
                        + Arrays.stream(allowed).map(Enum::name).collect(Collectors.joining(", ")));
    }

    private static boolean is(Enum<?> choice, String text) {
        return choice.name().equalsIgnoreCase(text.strip());
    }

    /** It may come from anywhere: short, and on one line. */
    private static String shown(Object value) {
        String text =
                value == null || value instanceof String
                        ? String.valueOf(value)
                        : value.getClass().getName();
        int end = Math.min(text.length(), SHOWN_CHARACTERS);
        return CONTROLS.matcher(text.substring(0, end)).replaceAll("?");
    }
}
