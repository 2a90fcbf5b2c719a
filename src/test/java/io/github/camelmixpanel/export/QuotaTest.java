package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.simulator.Query;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;

/** The hourly limit in virtual time, as the server counts it. */
class QuotaTest extends VirtualTimeTestSupport {

    private static final Instant START = Instant.parse("2026-12-01T12:00:00Z");

    QuotaTest() {
        super(START);
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().limits(60, 3, 100);
    }

    @Test
    void makesSixtyQueriesInAnyHourAndNoMore() throws Exception {
        collect(ninetyDays());
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertNinetyQueriesInQuota();
        assertThat(mixpanel.mostQueriesInAnySecond()).isLessThanOrEqualTo(3);
    }

    @Test
    void remembersItsQueriesOverARestart() throws Exception {
        collect(ninetyDays());
        context.start();
        await().until(() -> mixpanel.queries().size() >= 30);
        time.hold();
        await().until(this::isNoQueryOnItsWay);

        restart();
        time.letGo();
        collect(ninetyDays());
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        long repeated = mixpanel.queries().stream().map(Query::fromDate).distinct().count();
        assertThat(repeated).isEqualTo(90);
        assertThat(mixpanel.refused()).isZero();
        assertThat(mixpanel.mostQueriesInAnyHour()).isEqualTo(60);
    }

    /** A query whose connection a stop breaks counts, though the server may never read it. */
    private boolean isNoQueryOnItsWay() {
        time.pass(Duration.ofMillis(1)); // waits until every thread of the export is idle
        return consumer().getQuotaUsed() == mixpanel.queries().size();
    }

    private String ninetyDays() {
        return uri("2026-08-01", "2026-10-29", "repeatCount=1", "queriesPerSecond=3");
    }

    private void assertNinetyQueriesInQuota() {
        assertThat(mixpanel.queries()).hasSize(90);
        assertThat(mixpanel.queries())
                .filteredOn(query -> query.at().isBefore(START.plus(Duration.ofHours(1))))
                .hasSize(60);
        assertThat(mixpanel.mostQueriesInAnyHour()).isEqualTo(60);
        assertThat(mixpanel.refused()).isZero();
        assertThat(time.now()).isBefore(START.plus(Duration.ofHours(1)).plusSeconds(60));
    }

    @Test
    void stopsTheProjectForAsLongAsA429Says() throws Exception {
        mixpanel.answer(Answer.rateLimited("1200"));
        collect(uri("2026-10-01", "2026-10-03", "repeatCount=1", "queriesPerSecond=3"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(mixpanel.queries()).hasSize(4);
        Query refused =
                mixpanel.queries().stream()
                        .filter(q -> q.status() == 429)
                        .findFirst()
                        .orElseThrow();
        Query again =
                mixpanel.queries().stream()
                        .filter(q -> q.status() == 200 && q.fromDate().equals(refused.fromDate()))
                        .findFirst()
                        .orElseThrow();
        assertThat(again.at()).isAfterOrEqualTo(START.plusSeconds(1200));
    }

    @Test
    void stopsTheProjectForAsLongAsA429SaysOverRestarts() throws Exception {
        mixpanel.answer(Answer.rateLimited("1800"));
        String day = uri("2026-10-01", "2026-10-01", "queriesPerSecond=3", "delay=1");
        collect(day);
        context.start();
        time.hold();
        await().until(() -> health().getState() == HealthCheck.State.UP && quota().contains("429"));
        for (int i = 0; i < 4; i++) {
            restart();
            time.advance(Duration.ofMinutes(5));
            collect(day);
            context.start();
            await().until(() -> quota().contains("429"));
        }
        assertThat(mixpanel.queries()).hasSize(1);

        time.letGo();
        await().until(() -> mixpanel.queries().size() == 2);
        assertThat(mixpanel.queries().get(1).at()).isAfterOrEqualTo(START.plusSeconds(1_800));
    }

    private String quota() throws Exception {
        return consumer().exportStatus();
    }

    @Test
    void keepsTheLimitsInAStormOf429s() throws Exception {
        Answer silent = Answer.status(429, "text/plain", "Rate limit exceeded", Map.of());
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        START.plus(Duration.ofMinutes(20)).atOffset(ZoneOffset.UTC));
        List<Answer> storm = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            storm.addAll(List.of(Answer.rateLimited("30"), silent, Answer.rateLimited(date)));
        }
        mixpanel.answer(storm.toArray(Answer[]::new));
        for (int day = 1; day <= 9; day++) {
            mixpanel.addEvents(lines("2026-10-0" + day, 2));
        }
        collect(uri("2026-10-01", "2026-10-09", "repeatCount=1", "queriesPerSecond=3"));
        context.start();
        await().until(() -> received.size() == 18);
        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies()).doesNotHaveDuplicates();
        assertThat(mixpanel.queries()).hasSize(30 + 9);
        assertThat(mixpanel.mostQueriesInAnyHour()).isLessThanOrEqualTo(60);
        assertThat(mixpanel.mostQueriesInAnySecond()).isLessThanOrEqualTo(3);
    }

    @Test
    void probesAloneWhenThreeWindowsFailInARow() throws Exception {
        Answer[] busy = new Answer[6];
        java.util.Arrays.fill(busy, Answer.status(503, "text/plain", "busy", Map.of()));
        mixpanel.answer(busy);
        mixpanel.addEvents(lines("2026-10-01", 2));
        collect(
                uri(
                        "2026-10-01",
                        "2026-10-05",
                        "repeatCount=1",
                        "maxRetries=10",
                        "queriesPerSecond=3"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).hasSize(2);
        assertThat(mixpanel.queries()).hasSize(11);
        Instant fourth = mixpanel.queries().get(3).at();
        Instant fifth = mixpanel.queries().get(4).at();
        assertThat(Duration.between(fourth, fifth)).isGreaterThanOrEqualTo(Duration.ofMinutes(4));
    }

    @Test
    void asksAWindowAgainAfterAnHourWhenItsRetriesAreUsedUp() throws Exception {
        Answer[] busy = new Answer[3];
        java.util.Arrays.fill(busy, Answer.status(503, "text/plain", "busy", Map.of()));
        mixpanel.answer(LocalDate.parse("2026-10-01"), busy);
        mixpanel.addEvents(lines("2026-10-01", 1)).addEvents(lines("2026-10-02", 1));
        collect(uri("2026-10-01", "2026-10-02", "maxRetries=2", "delay=1", "queriesPerSecond=3"));
        context.start();
        await().until(() -> received.size() == 1 && consumer().isFirstPollDone());
        assertThat(consumer().trouble())
                .singleElement()
                .asString()
                .isEqualTo(
                        "Window 2026-10-01: Mixpanel answered 503 \"busy\". The same query may succeed"
                                + " later.");

        time.advance(Duration.ofMinutes(59));
        long polls = consumer().getCounter();
        await().until(() -> consumer().getCounter() > polls + 2);
        assertThat(mixpanel.queries()).hasSize(4);

        time.advance(Duration.ofMinutes(2));
        await().until(() -> received.size() == 2);
        assertThat(mixpanel.queries()).hasSize(5);
        await().until(() -> consumer().trouble().isEmpty());
    }
}
