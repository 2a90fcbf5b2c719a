package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.simulator.SimulatedEvent;
import io.github.camelmixpanel.export.simulator.TimeForm;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheck;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

/** A project that writes its wall clock as if it were UTC, on days when the clock changes. */
class ProjectTimeTest extends ExportTestSupport {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().timeZone(NEW_YORK);
    }

    private Map<String, Instant> times() {
        return received.stream()
                .collect(
                        Collectors.toMap(
                                it -> (String) it.header(MixpanelExportConstants.INSERT_ID),
                                it ->
                                        ((Date) it.header(MixpanelExportConstants.TIME))
                                                .toInstant()));
    }

    private void export(String from, String to, String... options) throws Exception {
        String[] all = java.util.Arrays.copyOf(options, options.length + 2);
        all[options.length] = "repeatCount=1";
        all[options.length + 1] = "maxConcurrentWindows=1";
        collect(uri(from, to, all));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
    }

    /**
     * 01:00 to 02:00 comes twice on 2025-11-02: the wall clock cannot say which, the first is
     * taken.
     */
    @Test
    void takesEveryFormOfTimeBackToTheTrueInstant() throws Exception {
        Instant noon = Instant.parse("2025-11-02T17:00:00Z");
        Instant firstOfTwo = Instant.parse("2025-11-02T05:30:00Z");
        Instant secondOfTwo = Instant.parse("2025-11-02T06:30:00Z");
        for (TimeForm form : TimeForm.values()) {
            mixpanel.add(
                    event("noon " + form, noon).timeForm(form),
                    event("first " + form, firstOfTwo).timeForm(form),
                    event("second " + form, secondOfTwo).timeForm(form));
        }
        export("2025-11-02", "2025-11-02", "timeZone=America/New_York");

        assertThat(received).as("no event is dropped").hasSize(3 * TimeForm.values().length);
        times().forEach(
                        (id, time) -> {
                            Instant expected =
                                    id.startsWith("noon")
                                            ? noon
                                            : id.equals("second ISO_OFFSET")
                                                    ? secondOfTwo
                                                    : firstOfTwo;
                            assertThat(time).as(id).isEqualTo(expected);
                        });
    }

    /** 02:00 to 03:00 does not exist on 2026-03-08: as if the clock had not been put forward. */
    @Test
    void shiftsATimeInTheHourThatAClockChangeSkips() throws Exception {
        long wall = LocalDateTime.parse("2026-03-08T02:30:00").toEpochSecond(ZoneOffset.UTC);
        mixpanel.addDay(
                LocalDate.parse("2026-03-08"),
                ("{\"event\":\"a\",\"properties\":{\"time\":" + wall + ",\"$insert_id\":\"i\"}}\n")
                        .getBytes());
        export("2026-03-08", "2026-03-08", "timeZone=America/New_York");

        assertThat(times()).containsEntry("i", Instant.parse("2026-03-08T07:30:00Z"));
    }

    @Test
    void tellsInItsHealthOfAWrongZoneUntilAWindowIsFine() throws Exception {
        addDay("2025-10-01");
        try (LogRecorder log = new LogRecorder(Level.WARN)) {
            export("2025-10-01", "2025-10-01");
            assertThat(log.lines(Level.WARN))
                    .anyMatch(line -> line.contains("timeZone=UTC seems wrong"));
        }

        assertThat(received).hasSize(120);
        assertThat(consumer().trouble())
                .singleElement()
                .asString()
                .startsWith(
                        "Window 2025-10-01: timeZone=UTC seems wrong: the processing delays of most of its 120 events")
                .contains("UTC-04:00");
        HealthCheck.Result health = health();
        assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health.getMessage().orElseThrow()).contains("timeZone=UTC seems wrong");
    }

    @Test
    void forgetsAWrongZoneWithTheNextWindowThatCanTell() throws Exception {
        addDay("2025-10-01");
        addUtcDay("2025-10-02");
        mixpanel.add(event("too few to tell", Instant.parse("2025-10-03T12:00:00Z")));
        export("2025-10-01", "2025-10-03");

        assertThat(received).hasSize(241);
        assertThat(consumer().trouble()).isEmpty();
    }

    /** A day of this project, an event every eleven minutes. */
    private void addDay(String day) {
        Instant first = LocalDate.parse(day).atStartOfDay(NEW_YORK).toInstant();
        for (int i = 0; i < 120; i++) {
            mixpanel.add(event(day + " " + i, first.plusSeconds(i * 661L)));
        }
    }

    /** The same in UTC. */
    private void addUtcDay(String day) {
        long first = LocalDate.parse(day).toEpochDay() * 86_400;
        for (int i = 0; i < 120; i++) {
            long time = first + i * 661L;
            mixpanel.addEvents(
                    "{\"event\":\"a\",\"properties\":{\"time\":"
                            + time
                            + ",\"$insert_id\":\""
                            + time
                            + "\",\"mp_processing_time_ms\":"
                            + (time * 1000 + 900)
                            + "}}");
        }
    }

    private static SimulatedEvent event(String id, Instant time) {
        return SimulatedEvent.named("a", time).insertId(id).distinctId("u");
    }
}
