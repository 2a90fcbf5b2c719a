package io.github.camelmixpanel.export.internal.split.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.ExportEvent.ReadTime;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {

    private static final EventTime UTC = new EventTime(ZoneId.of("UTC"), false);

    @ParameterizedTest
    @CsvSource({
        "1602611311,               2020-10-13T17:48:31Z",
        "1602611311123,            2020-10-13T17:48:31.123Z",
        "1602611311.5,             2020-10-13T17:48:31.500Z",
        "1602611311.123456789012,  2020-10-13T17:48:31.123456789Z",
        "1602611311123.75,         2020-10-13T17:48:31.123750Z",
        "1.602611311E9,            2020-10-13T17:48:31Z",
        "' 1602611311 ',           2020-10-13T17:48:31Z",
        "0,                        1970-01-01T00:00:00Z",
        "-1,                       1969-12-31T23:59:59Z",
        "-1.5,                     1969-12-31T23:59:58.500Z",
        "99999999999,              5138-11-16T09:46:39Z",
        "99999999999.9,            5138-11-16T09:46:39.900Z",
        "100000000000,             1973-03-03T09:46:40Z",
        "-100000000000,            1966-10-31T14:13:20Z",
        "99999999999999.5,         5138-11-16T09:46:39.999500Z",
        "100000000000000,          1973-03-03T09:46:40Z",
        "-100000000000000,         1966-10-31T14:13:20Z",
        "1602611311123456,         2020-10-13T17:48:31.123456Z",
        "1602611311123456.75,      2020-10-13T17:48:31.123456750Z",
        "1.602611311123456E15,     2020-10-13T17:48:31.123456Z",
        "99999999999999999,        5138-11-16T09:46:39.999999Z",
        "100000000000000000,       1973-03-03T09:46:40Z",
        "1602611311123456789,      2020-10-13T17:48:31.123456789Z",
        "-1602611311123456789.5,   1919-03-21T06:11:28.876543210Z",
        "9223372036854775807,      2262-04-11T23:47:16.854775807Z",
        "-9223372036854775808,     1677-09-21T00:12:43.145224192Z",
        "2020-10-13T17:48:31,      2020-10-13T17:48:31Z",
        "2020-10-13T17:48,         2020-10-13T17:48:00Z",
        "2020-10-13 17:48:31.25,   2020-10-13T17:48:31.250Z",
        "2020-10-13T17:48:31Z,     2020-10-13T17:48:31Z",
        "2020-10-13t17:48:31z,     2020-10-13T17:48:31Z",
        "2020-10-13T19:48:31+02:00,2020-10-13T17:48:31Z",
        "2020-10-13T19:48:31+0200, 2020-10-13T17:48:31Z",
        "2020-10-13T19:48:31+02,   2020-10-13T17:48:31Z",
        "2020-10-13T12:18:31-05:30,2020-10-13T17:48:31Z"
    })
    void readsEveryFormOfTime(String raw, Instant expected) {
        assertThat(UTC.of(raw).instant()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                -1,
                1602611311,
                99_999_999_999L,
                100_000_000_000L,
                1602611311123L,
                1602611311123456L,
                -1602611311123456789L
            })
    void readsAWholeNumberAsItsText(long raw) {
        EventTime berlin = new EventTime(ZoneId.of("Europe/Berlin"), false);

        assertThat(UTC.of(raw)).isEqualTo(UTC.of(Long.toString(raw)));
        assertThat(berlin.of(raw)).isEqualTo(berlin.of(Long.toString(raw)));
    }

    @Test
    void readsSmallNumbersAsMillisecondsWhenTheQueryAskedForThem() {
        EventTime millis = new EventTime(ZoneId.of("UTC"), true);

        assertThat(millis.of(1602611311123456L).instant())
                .isEqualTo(Instant.parse("2020-10-13T17:48:31.123456Z"));
        assertThat(millis.of(1500L).instant()).isEqualTo(Instant.parse("1970-01-01T00:00:01.500Z"));
        assertThat(millis.of("1500.5").instant())
                .isEqualTo(Instant.parse("1970-01-01T00:00:01.500500Z"));
        assertThat(millis.of("1970-01-01T00:00:01").instant()).isEqualTo(Instant.ofEpochSecond(1));
    }

    /** The raw value is the wall clock of the project, read as if it were UTC. */
    @ParameterizedTest
    @CsvSource({
        "America/New_York, 2022-01-15T12:00:00Z, 2022-01-15T17:00:00Z",
        "America/New_York, 2022-07-15T12:00:00Z, 2022-07-15T16:00:00Z",
        // 02:00 to 03:00 is skipped on 2022-03-13: one hour later
        "America/New_York, 2022-03-13T01:59:59Z, 2022-03-13T06:59:59Z",
        "America/New_York, 2022-03-13T02:30:00Z, 2022-03-13T07:30:00Z",
        "America/New_York, 2022-03-13T03:00:00Z, 2022-03-13T07:00:00Z",
        // 01:00 to 02:00 is repeated on 2022-11-06: the first of the two
        "America/New_York, 2022-11-06T00:59:59Z, 2022-11-06T04:59:59Z",
        "America/New_York, 2022-11-06T01:30:00Z, 2022-11-06T05:30:00Z",
        "America/New_York, 2022-11-06T02:00:00Z, 2022-11-06T07:00:00Z",
        "Europe/Berlin,    2022-03-27T02:30:00Z, 2022-03-27T01:30:00Z",
        "Europe/Berlin,    2022-10-30T02:30:00Z, 2022-10-30T00:30:00Z",
        "Asia/Kolkata,     2022-06-01T00:00:00Z, 2022-05-31T18:30:00Z",
        "+03:00,           2022-06-01T00:00:00Z, 2022-05-31T21:00:00Z"
    })
    void takesAWallClockBackToTheTrueInstant(String zone, Instant raw, Instant expected) {
        EventTime seconds = new EventTime(ZoneId.of(zone), false);
        EventTime millis = new EventTime(ZoneId.of(zone), true);
        String isoWithoutOffset = raw.toString().replace("Z", "");

        assertThat(seconds.of(raw.getEpochSecond()).instant()).isEqualTo(expected);
        assertThat(seconds.of(raw.getEpochSecond() + ".25").instant())
                .isEqualTo(expected.plusMillis(250));
        assertThat(millis.of(raw.toEpochMilli()).instant()).isEqualTo(expected);
        assertThat(seconds.of(isoWithoutOffset).instant()).isEqualTo(expected);
        assertThat(seconds.of(raw.toString()).instant()).as("has its own offset").isEqualTo(raw);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "yesterday",
                "NaN",
                "0x10",
                "1e999999999",
                "1e-999999999",
                "1e30",
                "9223372036854775808",
                "11111111111111111111111111111111111111111",
                "2020-10-13",
                "2020-13-13T17:48:31",
                "2020-02-30T17:48:31",
                "2020-10-13T17:48:31 CET",
                "+999999999-01-01T00:00:00",
                "17:48"
            })
    void givesNothingForWhatIsNoTime(String raw) {
        assertThat(UTC.of(raw)).isEqualTo(new ReadTime(null, null));
    }

    /** So that neither time_in_ms nor the project's zone changes which event it is. */
    @ParameterizedTest
    @CsvSource({
        "1602611311,               1602611311",
        "1602611311123,            1602611311",
        "1602611311123456,         1602611311",
        "1602611311123456789,      1602611311",
        "1602611311.999,           1602611311",
        "2020-10-13T17:48:31.5,    1602611311",
        "2020-10-13T17:48:31Z,     1602611311",
        "2020-10-13T17:48:31+02:00,1602611311",
        "-1,                       -1",
        "-1.5,                     -2"
    })
    void keepsTheRawValueInWholeSecondsWhateverTheZone(String raw, long expected) {
        EventTime newYork = new EventTime(ZoneId.of("America/New_York"), false);

        assertThat(UTC.of(raw).rawSeconds()).isEqualTo(expected);
        assertThat(newYork.of(raw).rawSeconds()).isEqualTo(expected);
    }

    @Test
    void givesNothingForAWallClockThatItsZonePushesOutOfRange() {
        String last = "+292278994-08-17T07:12:55.807";

        assertThat(UTC.of(last).instant()).isEqualTo(Instant.ofEpochMilli(Long.MAX_VALUE));
        assertThat(new EventTime(ZoneId.of("-05:00"), true).of(last))
                .isEqualTo(new ReadTime(null, null));
    }
}
