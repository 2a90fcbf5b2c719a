package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.simulator.SimulatedEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Days of 23, 24½ and 25 hours, and the one that is not in every year. */
class ClockChangesTest extends ExportTestSupport {

    @ParameterizedTest
    @CsvSource({
        "America/New_York, 2026-03-07, 2026-03-09",
        "America/New_York, 2025-11-01, 2025-11-03",
        "Europe/Berlin, 2025-10-25, 2025-10-27",
        "Australia/Lord_Howe, 2026-04-04, 2026-04-06",
        "UTC, 2024-02-28, 2024-03-01",
        "UTC, 2025-12-31, 2026-01-01"
    })
    void leaveNoGapAndNoRepeat(String zone, LocalDate from, LocalDate to) throws Exception {
        ZoneId timeZone = ZoneId.of(zone);
        mixpanel.close();
        mixpanel =
                MixpanelSimulator.builder()
                        .serviceAccount("account", "s3cr&t+%", "7")
                        .limits(60, 100, 100)
                        .timeZone(timeZone)
                        .start();
        List<Object> events = new ArrayList<>();
        Instant end = to.plusDays(1).atStartOfDay(timeZone).toInstant();
        for (Instant time = from.atStartOfDay(timeZone).toInstant();
                time.isBefore(end);
                time = time.plus(Duration.ofMinutes(10))) {
            mixpanel.add(
                    SimulatedEvent.named("view", time).insertId(time.toString()).distinctId("u"));
            events.add(time.toString());
        }
        collect(uri(from.toString(), to.toString(), "repeatCount=1", "timeZone=" + zone));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(received)
                .extracting(it -> it.header(MixpanelExportConstants.INSERT_ID))
                .containsExactlyInAnyOrderElementsOf(events);
        assertThat(mixpanel.queries())
                .extracting(query -> query.fromDate())
                .containsExactlyInAnyOrderElementsOf(from.datesUntil(to.plusDays(1)).toList());
    }
}
