package io.github.camelmixpanel.export.internal.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.split.scan.ParsedEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeZoneCheckTest {

    private static final Instant DAY = Instant.parse("2022-01-15T00:00:00Z");
    private static final long SEED = 20_261_122;

    private final Random random = new Random(SEED);

    /** A day of a project whose wall clock is taken for that of another zone. */
    private TimeZoneCheck day(String project, String configured, int events) {
        TimeZoneCheck check = new TimeZoneCheck(ZoneId.of(configured));
        for (int i = 0; i < events; i++) {
            Instant happened = DAY.plusSeconds(random.nextInt(86_400));
            LocalDateTime wall = LocalDateTime.ofInstant(happened, ZoneId.of(project));
            add(check, wall.atZone(ZoneId.of(configured)).toInstant(), happened.plus(delay()));
        }
        return check;
    }

    /** Most are there within a minute; one in ten is late, by up to five days. */
    private Duration delay() {
        return Duration.ofSeconds(
                random.nextInt(10) == 0 ? random.nextInt(5 * 86_400) : random.nextInt(60));
    }

    private static void add(TimeZoneCheck check, Instant time, Instant processed) {
        check.take(
                new ParsedEvent(
                        1,
                        new byte[0],
                        "a",
                        null,
                        "u",
                        "i",
                        new ExportEvent.ReadTime(time, 0L),
                        processed));
    }

    @ParameterizedTest
    @CsvSource({
        "UTC, UTC",
        "Europe/Berlin, Europe/Berlin",
        "America/St_Johns, America/St_Johns",
        "Asia/Kathmandu, Asia/Kathmandu"
    })
    void findsNothingInTheRightZone(String project, String configured) {
        TimeZoneCheck check = day(project, configured, 2_000);

        assertThat(check.hasEnoughEvents()).isTrue();
        assertThat(check.misfit()).as("seed %d", SEED).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "America/New_York, UTC,           UTC-05:00",
        "America/St_Johns, UTC,           UTC-03:30",
        "UTC,              Europe/Berlin, UTC",
        "Asia/Kolkata,     UTC,           UTC+05:30",
        "Asia/Kathmandu,   UTC,           UTC+05:45",
        "Pacific/Auckland, America/New_York, UTC+13:00",
        "Pacific/Honolulu, Pacific/Kiritimati, UTC-10:00"
    })
    void namesTheOffsetThatAWrongZoneShows(String project, String configured, String offset) {
        assertThat(day(project, configured, 200).misfit())
                .as("seed %d", SEED)
                .hasValueSatisfying(it -> assertThat(it).endsWith("in a project at " + offset));
    }

    @Test
    void cannotTellFromAHundredEventsLessOne() {
        assertThat(day("America/New_York", "UTC", 99).hasEnoughEvents()).isFalse();
        assertThat(day("America/New_York", "UTC", 99).misfit()).isEmpty();
        assertThat(day("America/New_York", "UTC", 100).misfit()).isPresent();
    }

    @Test
    void cannotTellFromEventsWithoutAProcessingTimeOrATime() {
        TimeZoneCheck check = new TimeZoneCheck(ZoneOffset.UTC);
        for (int i = 0; i < 200; i++) {
            add(check, DAY, null);
            add(check, null, DAY);
        }

        assertThat(check.hasEnoughEvents()).isFalse();
    }

    /** More than 1 %, ten at least, by more than ten minutes. */
    @ParameterizedTest
    @CsvSource({
        "1000, 10, 601, false",
        "1000, 11, 601, true",
        "1000, 11, 600, false",
        "100, 9, 86400, false",
        "100, 10, 86400, true",
        "100, 10, 9999999999, true"
    })
    void countsEventsFromTheFuture(int events, int ahead, long seconds, boolean wrong) {
        TimeZoneCheck check = new TimeZoneCheck(ZoneOffset.UTC);
        for (int i = 0; i < events; i++) {
            Instant processed = DAY.plusSeconds(random.nextInt(86_400));
            add(check, processed.plusSeconds(i < ahead ? seconds : -1), processed);
        }

        assertThat(check.misfit().isPresent()).isEqualTo(wrong);
    }

    @Test
    void findsNothingInBatchesThatAreImportedHoursLater() {
        Instant nightly = DAY.plus(Duration.ofHours(27));
        assertThat(imported(time -> nightly).misfit()).isEmpty();
        assertThat(
                        imported(time -> time.plusSeconds(3_600 - time.getEpochSecond() % 3_600))
                                .misfit())
                .isEmpty();
    }

    /** They all have one gap, and it is that of a zone; but they are on the minute, too. */
    @ParameterizedTest
    @ValueSource(ints = {3_600, 86_400})
    void findsNothingInSumsOfAnHourOrADay(int period) {
        TimeZoneCheck check = new TimeZoneCheck(ZoneOffset.UTC);
        for (int i = 0; i < 1_000; i++) {
            Instant time = DAY.plusSeconds(random.nextInt(86_400) / period * (long) period);
            add(check, time, time.plus(Duration.ofMinutes(301)));
        }

        assertThat(check.misfit()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {75, 24 * 60, 30, 20})
    void findsNothingInADelayThatNoZoneExplains(int minutes) {
        assertThat(imported(time -> time.plus(Duration.ofMinutes(minutes))).misfit()).isEmpty();
    }

    @Test
    void findsNothingInHistoryImportedNow() {
        assertThat(imported(time -> time.plus(Duration.ofDays(700))).misfit()).isEmpty();
    }

    @Test
    void standsTimesAtTheEndsOfTheWorld() {
        TimeZoneCheck check = new TimeZoneCheck(ZoneOffset.UTC);
        for (int i = 0; i < 200; i++) {
            add(check, Instant.ofEpochMilli(Long.MIN_VALUE), Instant.ofEpochMilli(Long.MAX_VALUE));
        }
        assertThat(check.misfit()).isEmpty();
        for (int i = 0; i < 200; i++) {
            add(check, Instant.ofEpochMilli(Long.MAX_VALUE), Instant.ofEpochMilli(Long.MIN_VALUE));
        }
        assertThat(check.misfit()).isPresent();
    }

    private TimeZoneCheck imported(Function<Instant, Instant> processing) {
        TimeZoneCheck check = new TimeZoneCheck(ZoneOffset.UTC);
        for (int i = 0; i < 2_000; i++) {
            Instant time = DAY.plusSeconds(random.nextInt(86_400));
            add(check, time, processing.apply(time));
        }
        return check;
    }
}
