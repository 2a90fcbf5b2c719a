package io.github.camelmixpanel.export.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.settings.LateEventSettings;
import io.github.camelmixpanel.export.option.LateEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DayRuleTest {

    @ParameterizedTest(name = "{1} in {0} is due at {2}")
    @CsvSource({
        "UTC,                2026-10-20, 2026-10-21T01:00:00Z",
        "America/New_York,   2026-10-20, 2026-10-21T05:00:00Z",
        // the clocks go back on 2026-11-01 in New York: that day lasts 25 hours
        "America/New_York,   2026-11-01, 2026-11-02T06:00:00Z",
        // and forward on 2026-03-29 in Berlin: 23 hours
        "Europe/Berlin,      2026-03-29, 2026-03-29T23:00:00Z",
        // midnight does not exist on 2026-09-06 in Santiago: the day begins at one o'clock
        "America/Santiago,   2026-09-05, 2026-09-06T05:00:00Z",
        "Pacific/Kiritimati, 2026-10-20, 2026-10-20T11:00:00Z",
    })
    void asksOnceForADayAnHourAfterItsEnd(String zone, LocalDate day, Instant due) {
        DayRule rule = new DayRule(ZoneId.of(zone), settings(LateEvents.NONE));

        assertThat(rule.dueFrom(day, null, false)).contains(due);
        assertThat(rule.dueFrom(day, export(due), false)).isEmpty();
        assertThat(rule.isFinal(day, due)).isTrue();
    }

    @ParameterizedTest(name = "last exported at {0}: due at {1}")
    @CsvSource(
            nullValues = "never",
            value = {
                "never,                2026-10-20T00:00:00Z",
                "2026-10-20T08:00:00Z, 2026-10-20T09:00:00Z",
                "2026-10-20T22:59:59Z, 2026-10-20T23:59:59Z",
                // the rest of the day is not left to the first revisit a day later
                "2026-10-20T23:30:00Z, 2026-10-21T01:00:00Z",
                "2026-10-21T00:30:00Z, 2026-10-21T01:00:00Z",
                "2026-10-21T01:00:00Z, 2026-10-22T01:00:00Z",
                "2026-10-23T05:00:00Z, 2026-10-24T05:00:00Z",
                // end of the day + 5 days + 1 h: once more, and never again
                "2026-10-25T05:00:00Z, 2026-10-26T01:00:00Z",
                "2026-10-26T00:59:59Z, 2026-10-26T01:00:00Z",
            })
    void exportsADayUntilNothingComesLateAnyMore(Instant exportedAt, Instant due) {
        DayRule rule = new DayRule(ZoneId.of("UTC"), settings(LateEvents.LOOKBACK));

        assertThat(rule.dueFrom(LocalDate.parse("2026-10-20"), export(exportedAt), false))
                .contains(due);
    }

    @Test
    void isDoneWithADayWhoseLastExportBeganAfterItsLookback() {
        DayRule rule = new DayRule(ZoneId.of("UTC"), settings(LateEvents.LOOKBACK));
        LocalDate day = LocalDate.parse("2026-10-20");

        assertThat(rule.isFinal(day, Instant.parse("2026-10-26T00:59:59Z"))).isFalse();
        assertThat(rule.isFinal(day, Instant.parse("2026-10-26T01:00:00Z"))).isTrue();
        assertThat(rule.dueFrom(day, export(Instant.parse("2026-10-26T01:00:00Z")), false))
                .isEmpty();
    }

    @Test
    void asksForADayThatArrivalQueriesBringOnlyAtItsEnd() {
        DayRule rule = new DayRule(ZoneId.of("UTC"), settings(LateEvents.ARRIVAL));
        LocalDate day = LocalDate.parse("2026-10-20");
        Instant last = Instant.parse("2026-10-26T01:00:00Z");

        assertThat(rule.dueFrom(day, null, true)).contains(last);
        assertThat(rule.dueFrom(day, null, false)).contains(Instant.parse("2026-10-20T00:00:00Z"));
        assertThat(rule.dueFrom(day, export(Instant.parse("2026-10-20T10:00:00Z")), false))
                .contains(last);
        assertThat(rule.dueFrom(day, export(last), true)).isEmpty();
    }

    @Test
    void trustsNoClockThatIsAhead() {
        for (LateEvents mode : LateEvents.values()) {
            DayRule rule = new DayRule(ZoneId.of("UTC"), settings(mode));
            LocalDate day = LocalDate.parse("2026-10-20");
            Instant local = Instant.parse("2026-10-27T10:00:00Z");
            LastExport export = new LastExport(local, Instant.parse("2026-10-20T10:00:00Z"));

            assertThat(rule.isFinal(day, export.asOf())).as("%s", mode).isFalse();
            assertThat(rule.dueFrom(day, export, false))
                    .as("%s: not again at once", mode)
                    .contains(Instant.parse("2026-10-28T10:00:00Z"));
        }
    }

    /** With clocks that agree. */
    static LastExport export(Instant startedAt) {
        return startedAt == null ? null : new LastExport(startedAt, startedAt);
    }

    static LateEventSettings settings(LateEvents mode) {
        return new LateEventSettings(mode, 5, Duration.ofHours(1), Duration.ofHours(24), 30);
    }
}
