package io.github.camelmixpanel.export.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads every form of {@code time} that exports were seen with: epoch seconds, milliseconds,
 * fractions, numbers in a string, ISO-8601 text. Stateless.
 *
 * <p>A number of 1e11 or more, either sign, is milliseconds, from 1e14 microseconds and from 1e17
 * nanoseconds (assumed: as seconds that would be the year 5138). ISO text without an offset is UTC.
 */
final class EventTime {

    private static final BigDecimal FIRST_MILLISECONDS = new BigDecimal("1e11");
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

    private static final List<Function<String, Instant>> ISO_FORMS =
            List.of(
                    text -> OffsetDateTime.parse(text).toInstant(),
                    text -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC),
                    text -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));

    private EventTime() {}

    /** Epoch seconds with their fraction, or empty if {@code time} has none of the known forms. */
    static Optional<BigDecimal> seconds(JsonNode time) {
        if (time.isNumber()) {
            return Optional.of(seconds(time.decimalValue()));
        }
        return time.isTextual() ? seconds(time.textValue()) : Optional.empty();
    }

    static Optional<BigDecimal> seconds(String text) {
        Optional<BigDecimal> number = number(text);
        return number.isPresent() ? number.map(EventTime::seconds) : isoSeconds(text);
    }

    static BigDecimal seconds(BigDecimal number) {
        BigDecimal seconds = number;
        while (isMilliseconds(seconds)) {
            seconds = seconds.movePointLeft(3);
        }
        return seconds;
    }

    /** The same point in time in milliseconds; what is milliseconds already stays as it is. */
    static BigDecimal milliseconds(BigDecimal number) {
        return isMilliseconds(number) ? number : number.multiply(THOUSAND);
    }

    static LocalDate day(BigDecimal seconds) {
        return LocalDate.ofEpochDay(Math.floorDiv(seconds.longValue(), 86_400L));
    }

    private static boolean isMilliseconds(BigDecimal number) {
        return number.abs().compareTo(FIRST_MILLISECONDS) >= 0;
    }

    private static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<BigDecimal> isoSeconds(String text) {
        for (Function<String, Instant> form : ISO_FORMS) {
            try {
                return Optional.of(
                        BigDecimal.valueOf(form.apply(text.replace(' ', 'T')).toEpochMilli(), 3));
            } catch (DateTimeParseException e) {
                continue;
            }
        }
        return Optional.empty();
    }
}
