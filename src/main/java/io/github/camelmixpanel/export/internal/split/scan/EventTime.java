package io.github.camelmixpanel.export.internal.split.scan;

import io.github.camelmixpanel.export.internal.model.ExportEvent.ReadTime;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * Converts the raw {@code time} property of an event to the true instant, whatever the time zone of
 * the project, and never loses an event over it: an unreadable time is {@link ReadTime#NONE}.
 *
 * <p>Projects created before 2023 write the local wall clock of the project as if it were UTC
 * (documented by Mixpanel). {@link LocalDateTime#atZone} reverts this: in an hour that a clock
 * change repeats, the first one counts, and a time in a skipped hour counts as that much later.
 * Text with an offset of its own is not converted.
 *
 * <p>Values seen in exports: seconds, milliseconds, decimals, either of them as text, and ISO 8601
 * text (observed by other clients). The size of a number shows its unit: each, in the next larger
 * unit, would be after the year 5138. Below 100,000,000,000 it is in seconds, or in milliseconds if
 * the query has {@code time_in_ms}; then come milliseconds, microseconds from 10<sup>14</sup> and
 * nanoseconds from 10<sup>17</sup> up.
 *
 * <p>Immutable.
 */
public final class EventTime {

    private static final long MILLIS_FROM = 100_000_000_000L;
    private static final long MICROS_FROM = 1000 * MILLIS_FROM;
    private static final long NANOS_FROM = 1000 * MICROS_FROM;
    private static final Instant FIRST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);
    private static final int MAX_NUMBER_LENGTH = 40;
    private static final DateTimeFormatter ISO =
            new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE)
                    .appendPattern("['T'][' ']")
                    .append(DateTimeFormatter.ISO_LOCAL_TIME)
                    .appendPattern("[XXX][XX][X]") // Z, +02:00, +0200 and +02
                    .toFormatter(Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);

    private final ZoneId zone;
    private final boolean utc;
    private final boolean timeInMs;

    /**
     * @param zone of the project; UTC for projects created since 2023
     * @param timeInMs whether the query asks for milliseconds
     */
    public EventTime(ZoneId zone, boolean timeInMs) {
        this.zone = zone;
        this.utc = zone.normalized().equals(ZoneOffset.UTC);
        this.timeInMs = timeInMs;
    }

    /** Reads a whole number. */
    ReadTime of(long time) {
        return fromWallClock(Instant.EPOCH.plus(time, unit(time)));
    }

    /** Reads a number or an ISO 8601 time as text; returns NONE for other text, too. */
    ReadTime of(String time) {
        String text = time.strip();
        try {
            return text.indexOf(':') >= 0 ? ofIso(text) : ofNumber(text);
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            return ReadTime.NONE;
        }
    }

    private ReadTime ofIso(String text) {
        TemporalAccessor time = ISO.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
        return time instanceof OffsetDateTime withOffset
                ? read(withOffset.toInstant(), withOffset.toLocalDateTime())
                : read(((LocalDateTime) time).atZone(zone).toInstant(), (LocalDateTime) time);
    }

    private ReadTime ofNumber(String text) {
        if (text.length() > MAX_NUMBER_LENGTH) {
            return ReadTime.NONE;
        }
        BigDecimal number = new BigDecimal(text);
        if (Math.abs((long) number.scale()) > MAX_NUMBER_LENGTH) {
            return ReadTime.NONE; // 1e999999999 would take all memory
        }
        ChronoUnit unit = unit(number.longValue());
        long whole = number.setScale(0, RoundingMode.FLOOR).longValueExact();
        BigDecimal part = number.subtract(BigDecimal.valueOf(whole));
        long nanos = part.multiply(BigDecimal.valueOf(unit.getDuration().toNanos())).longValue();
        return fromWallClock(Instant.EPOCH.plus(whole, unit).plusNanos(nanos));
    }

    private ChronoUnit unit(long time) {
        long negative = time > 0 ? -time : time; // every long has it
        if (negative <= -MICROS_FROM) {
            return negative <= -NANOS_FROM ? ChronoUnit.NANOS : ChronoUnit.MICROS;
        }
        return timeInMs || negative <= -MILLIS_FROM ? ChronoUnit.MILLIS : ChronoUnit.SECONDS;
    }

    private ReadTime fromWallClock(Instant asIfUtc) {
        return read(
                utc
                        ? asIfUtc
                        : LocalDateTime.ofInstant(asIfUtc, ZoneOffset.UTC).atZone(zone).toInstant(),
                asIfUtc.getEpochSecond());
    }

    private static ReadTime read(Instant instant, LocalDateTime raw) {
        return read(instant, raw.toEpochSecond(ZoneOffset.UTC));
    }

    /** Returns NONE for what a java.util.Date, the type of the header, cannot hold. */
    private static ReadTime read(Instant instant, long rawSeconds) {
        return instant.isBefore(FIRST) || instant.isAfter(LAST)
                ? ReadTime.NONE
                : new ReadTime(instant, rawSeconds);
    }
}
