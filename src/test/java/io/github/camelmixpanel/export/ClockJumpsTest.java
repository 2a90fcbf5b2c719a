package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This machine's clock is set while an export runs; Mixpanel's is right, and counts. */
class ClockJumpsTest extends ArrivalTestSupport {

    private static final LocalDate FIRST = LocalDate.parse("2026-07-01");
    private static final int DAYS = 16;
    private static final int PER_HOUR = 12;

    /** Set in the route, so between the download and the commit of this day. */
    private static final LocalDate SET_IN_ROUTE = FIRST.plusDays(2);

    private static final LocalDate SET_IN_DOWNLOAD = FIRST.plusDays(7);
    private static final LocalDate SET_RIGHT_IN_ROUTE = FIRST.plusDays(11);

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().limits(PER_HOUR, 3, 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3H", "PT-3H", "P9D", "P-9D"})
    void loseNothingBreakNoLimitAndStopNothing(Duration by) throws Exception {
        for (int day = 0; day < DAYS; day++) {
            mixpanel.addEvents(lines(FIRST.plusDays(day).toString(), 40));
        }
        CountDownLatch set = new CountDownLatch(1);
        mixpanel.answer(SET_IN_DOWNLOAD, Answer.blockAfter(0.5, set));
        Instant begin = time.now();
        String uri =
                uri(
                        FIRST.toString(),
                        FIRST.plusDays(DAYS - 1).toString(),
                        "queriesPerSecond=3",
                        "queriesPerHour=" + PER_HOUR,
                        "repeatCount=1");
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri)
                                .routeId("export")
                                .process(
                                        exchange -> {
                                            Received it = Received.of(exchange);
                                            setClock(it, by);
                                            received.add(it);
                                        });
                    }
                });
        context.start();
        await().until(
                        () ->
                                mixpanel.queries().stream()
                                        .anyMatch(it -> it.fromDate().equals(SET_IN_DOWNLOAD)));
        clockAhead = by.multipliedBy(2);
        set.countDown();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies()).hasSize(DAYS * 40).doesNotHaveDuplicates();
        assertThat(mixpanel.queries()).hasSize(DAYS);
        assertThat(mixpanel.refused()).isZero();
        assertThat(mixpanel.mostQueriesInAnyHour()).isEqualTo(PER_HOUR);
        assertThat(mixpanel.mostQueriesInAnySecond()).isLessThanOrEqualTo(3);
        assertThat(time.now()).as("an hour for its limit").isBefore(begin.plusSeconds(3_900));
    }

    private void setClock(Received event, Duration by) {
        Object day = event.header(MixpanelExportConstants.FROM_DATE);
        if (day.equals(SET_IN_ROUTE.toString())) {
            clockAhead = by;
        } else if (day.equals(SET_RIGHT_IN_ROUTE.toString())) {
            clockAhead = Duration.ZERO;
        }
    }

    @Test
    void makeNoDayFinalBeforeItIsByMixpanelsClockNorPutItsNextExportOff() throws Exception {
        clockAhead = Duration.ofDays(9);
        restart();
        mixpanel.addEvents(
                event("a", "2026-10-19T10:00:00Z", "2026-10-19T10:00:01Z"),
                event("late", "2026-10-19T11:00:00Z", "2026-10-21T10:00:01Z"),
                event("later", "2026-10-19T12:00:00Z", "2026-10-24T10:00:01Z"));
        String uri = uri("2026-10-19", "2026-10-19", "lateEvents=LOOKBACK", "repeatCount=1");
        collect(uri);
        poll();
        assertThat(ids()).containsExactly("a");

        clockAhead = Duration.ZERO;
        pollAt("2026-10-21T12:00:00Z", uri);
        assertThat(ids()).containsExactly("a", "late");
        pollAt("2026-10-24T12:00:00Z", uri);
        assertThat(ids()).containsExactly("a", "late", "later");
        int queries = mixpanel.queries().size();
        pollAt("2026-10-25T12:00:00Z", uri);
        assertThat(mixpanel.queries()).hasSize(queries + 1);
        pollAt("2026-10-27T12:00:00Z", uri);
        assertThat(mixpanel.queries()).as("final").hasSize(queries + 1);
    }
}
