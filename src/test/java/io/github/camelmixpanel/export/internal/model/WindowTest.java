package io.github.camelmixpanel.export.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.ExportEvent.ReadTime;
import io.github.camelmixpanel.export.internal.split.scan.ParsedEvent;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {

    private static final Window WINDOW = new Window(day(5), day(7));

    @ParameterizedTest
    @CsvSource({
        "2026-10-05T00:00:00, 5",
        "2026-10-05T23:59:59, 5",
        "2026-10-06T00:00:00, 6",
        "2026-10-07T23:59:59, 7",
        "2026-10-04T23:59:59, 5",
        "2026-10-08T00:00:00, 7",
        "1969-12-31T23:59:59, 5",
        "9999-12-31T23:59:59, 7",
    })
    void findsTheDayOfAnEventByItsWallClock(LocalDateTime wallClock, int expected) {
        // the instant is that of a project eleven hours ahead: it does not decide
        ReadTime time =
                new ReadTime(
                        wallClock.toInstant(ZoneOffset.ofHours(11)),
                        wallClock.toEpochSecond(ZoneOffset.UTC));

        assertThat(WINDOW.dayOf(event(time))).isEqualTo(day(expected));
    }

    @Test
    void countsAnEventWithoutATimeForItsFirstDay() {
        assertThat(WINDOW.dayOf(event(ReadTime.NONE))).isEqualTo(day(5));
    }

    @Test
    void ofOneDayHasNoOtherDay() {
        ReadTime time = new ReadTime(Instant.EPOCH, 0L);

        assertThat(Window.ofDay(day(6)).dayOf(event(time))).isEqualTo(day(6));
    }

    private static LocalDate day(int ofOctober) {
        return LocalDate.of(2026, 10, ofOctober);
    }

    private static ExportEvent event(ReadTime time) {
        return new ParsedEvent(1, new byte[0], "view", null, null, null, time, null);
    }

    @Test
    void ofOneDayHasOnlyFewerEventsToChoose() {
        LocalDate day = LocalDate.parse("2026-10-05");

        assertThat(new Window(day, day.plusDays(1)).less()).isEqualTo("fewer windowDays");
        assertThat(Window.ofDay(day).less())
                .isEqualTo("fewer events, or a where that leaves out more");
    }
}
