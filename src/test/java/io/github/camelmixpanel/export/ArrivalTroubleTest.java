package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrival queries with wrong clocks, switched modes, and routes that fail. */
class ArrivalTroubleTest extends ArrivalTestSupport {

    private static final String TODAY = "2026-10-20";

    @ParameterizedTest
    @ValueSource(strings = {"PT-72H", "PT-5H", "PT-20M", "PT20M", "PT5H"})
    void losesNothingByAWrongClock(Duration ahead) throws Exception {
        clockAhead = ahead;
        restart();
        for (int minute = 0; minute < 60; minute += 5) {
            String at = "2026-10-20T10:" + (minute < 10 ? "0" : "") + minute + ":30Z";
            mixpanel.addEvents(event("m" + minute, "2026-10-16T10:00:00Z", at));
        }
        String uri = arrival("2026-10-15");
        collect(uri);
        poll();
        for (String at : List.of("10:15", "10:30", "10:45", "11:00", "11:15")) {
            pollAt("2026-10-20T" + at + ":00Z", uri);
        }

        // each application is a new one that has yet to learn of it: what comes late comes once
        clockAhead = Duration.ZERO;
        pollAt("2026-10-20T11:30:00Z", uri);
        assertThat(ids()).doesNotHaveDuplicates();
        assertThat(ids())
                .containsExactlyInAnyOrder(
                        "m0", "m5", "m10", "m15", "m20", "m25", "m30", "m35", "m40", "m45", "m50",
                        "m55");
    }

    /** The server says five hours more than by what it processes events. */
    @Test
    void losesNothingByADateThatIsConstantlyAhead() throws Exception {
        clockAhead = Duration.ofHours(-5);
        String uri = arrival("2026-10-15");
        // the first poll learns of it
        pollAt("2026-10-20T11:00:00Z", uri.replace("repeatCount=1", "repeatCount=2"));
        await().untilAsserted(() -> assertThat(ledger()).contains("\"arrived\""));
        assertThat(lastSpan().to()).as("asks for all").isAfter("2026-10-20T10:59:00Z");
        // after that query
        mixpanel.addEvents(event("late", "2026-10-16T10:00:00Z", "2026-10-20T06:30:00Z"));

        pollAt("2026-10-20T12:00:00Z", uri);

        assertThat(ids()).containsExactly("late");
        assertThat(arrivalQueries()).hasSize(2);
    }

    @Test
    void asksAgainForADayThatLookedOverOnlyByAClockThatIsDaysAhead() throws Exception {
        clockAhead = Duration.ofDays(9);
        restart();
        mixpanel.addEvents(
                event("a", "2026-10-19T10:00:00Z", "2026-10-19T10:00:01Z"),
                event("late", "2026-10-19T11:00:00Z", "2026-10-22T10:00:01Z"));
        String uri = arrival("2026-10-19").replace("2026-12-31", "2026-10-19");
        collect(uri);
        poll();
        assertThat(ids()).containsExactly("a");

        clockAhead = Duration.ZERO;
        pollAt("2026-10-31T12:00:00Z", uri);
        assertThat(ids()).containsExactly("a", "late");
        int lastExport = dayQueries().size();
        pollAt("2026-12-26T12:00:00Z", uri);
        assertThat(dayQueries()).as("final").hasSize(lastExport);
        int queries = mixpanel.queries().size();
        pollAt("2026-12-27T12:00:00Z", uri);
        assertThat(mixpanel.queries()).as("out of reach").hasSize(queries);
    }

    @Test
    void bringsWhatCameForOldDaysWhileItStoodStillUntilTheOpenDaysWereOverToo() throws Exception {
        mixpanel.addEvents(
                event("a", "2026-10-05T10:00:00Z", "2026-10-05T10:00:01Z"),
                event("late", "2026-10-05T11:00:00Z", "2026-10-22T10:00:01Z"));
        String uri = arrival("2026-10-01");
        collect(uri);
        poll();
        assertThat(ids()).containsExactly("a");

        pollAt("2026-10-30T12:00:00Z", uri);
        assertThat(ids()).containsExactly("a", "late");
    }

    @Test
    void bringsWhatCameForOldDaysBetweenTheirOnlyExportAndTheFirstArrivalQuery() throws Exception {
        mixpanel.addEvents(
                event("a", "2026-10-05T10:00:00Z", "2026-10-05T10:00:01Z"),
                event("late", "2026-10-05T11:00:00Z", "2026-10-20T15:00:00Z"),
                event("today", "2026-10-20T16:00:00Z", "2026-10-20T16:00:01Z"));
        String uri = arrival("2026-10-01");
        String oldDaysOnly = uri.replace("2026-12-31", "2026-10-10");
        collect(oldDaysOnly);
        poll();
        assertThat(ids()).as("10 October and the days before are final").containsExactly("a");

        pollAt("2026-10-20T22:00:00Z", uri);
        pollAt("2026-10-20T22:15:00Z", uri);
        assertThat(ids()).containsExactlyInAnyOrder("a", "late", "today");
    }

    @Test
    void leavesOutNothingWhenTheModeIsSwitchedAndSwitchedBack() throws Exception {
        inOrder();
        String arrival = arrival(TODAY);
        String lookback = arrival.replace("lateEvents=ARRIVAL", "lateEvents=LOOKBACK");
        mixpanel.addEvents(
                event("a", "2026-10-20T09:00:00Z", "2026-10-20T09:00:01Z"),
                event("b", "2026-10-20T10:10:00Z", "2026-10-20T10:10:01Z"),
                event("c", "2026-10-20T11:10:00Z", "2026-10-20T11:10:01Z"),
                event("d", "2026-10-20T12:20:00Z", "2026-10-20T12:20:01Z"),
                event("e", "2026-10-20T13:20:00Z", "2026-10-20T13:20:01Z"),
                event("f", "2026-10-20T15:50:00Z", "2026-10-20T15:50:01Z"));
        collect(lookback);
        poll();
        pollAt("2026-10-20T11:15:00Z", arrival);
        assertThat(ids()).containsExactly("a", "b", "c");
        assertThat(lastSpan().from()).as("the first rule").isEqualTo("2026-10-20T08:00:00Z");
        pollAt("2026-10-20T12:30:00Z", lookback);
        assertThat(ids()).containsExactly("a", "b", "c", "d");
        pollAt("2026-10-20T13:30:00Z", lookback);
        assertThat(ids()).containsExactly("a", "b", "c", "d", "e");
        pollAt("2026-10-20T16:00:00Z", arrival);

        assertThat(lastSpan().from()).as("the older bound").isEqualTo("2026-10-20T09:15:00Z");
        assertThat(ids()).containsExactly("a", "b", "c", "d", "e", "f");
    }

    @Test
    void waitsWithAnArrivalQueryForADayOfWhichTheRouteLeftEventsFailed() throws Exception {
        mixpanel.addEvents(
                event("a", "2026-10-20T08:00:00Z", "2026-10-20T09:50:00Z"),
                event("b", "2026-10-20T08:00:01Z", "2026-10-20T09:50:01Z"),
                event("c", "2026-10-20T10:10:00Z", "2026-10-20T10:10:01Z"),
                event("other day", "2026-10-18T10:00:00Z", "2026-10-18T10:10:01Z"));
        AtomicBoolean down = new AtomicBoolean(true);
        List<Object> refused = Collections.synchronizedList(new ArrayList<>());
        String uri = arrival("2026-10-18", "maxRedeliveries=1000000").replace("&repeatCount=1", "");
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri)
                                .routeId("export")
                                .process(
                                        e -> {
                                            Received it = Received.of(e);
                                            if (down.get()
                                                    && it.header(MixpanelExportConstants.INSERT_ID)
                                                            .equals("b")) {
                                                refused.add(
                                                        it.header(
                                                                MixpanelExportConstants.FROM_DATE));
                                                throw new IllegalStateException("not now");
                                            }
                                            received.add(it);
                                        });
                    }
                });
        context.start();
        await().until(this::arrivalsHaveABody);
        int before = refused.size();
        await().until(() -> refused.size() >= before + 3);
        assertThat(refused)
                .as("the day alone hands out; what the arrival query brought waits for it")
                .containsOnly("2026-10-20");
        assertThat(ids()).containsExactlyInAnyOrder("a", "other day");

        down.set(false);
        await().until(() -> ids().contains("c"));
        assertThat(ids()).containsExactlyInAnyOrder("a", "b", "c", "other day");
    }

    /** Its day parks as a whole, and what arrives then parks the same events, one by one. */
    @Test
    void handsOutOnceWhatIsParkedByADayAndByArrivalsToo() throws Exception {
        mixpanel.addEvents(
                event("a", "2026-10-20T08:00:00Z", "2026-10-20T09:50:00Z"),
                event("b", "2026-10-20T08:00:01Z", "2026-10-20T09:50:01Z"),
                event("c", "2026-10-20T08:00:02Z", "2026-10-20T09:50:02Z"),
                event("d", "2026-10-20T08:00:03Z", "2026-10-20T09:50:03Z"),
                event("other day", "2026-10-18T10:00:00Z", "2026-10-18T10:10:01Z"),
                event("late", "2026-10-20T08:00:04Z", "2026-10-20T10:00:30Z"));
        AtomicBoolean mended = new AtomicBoolean();
        String uri =
                arrival("2026-10-18", "onFailure=PARK", "windowComplete=true")
                        .replace("&repeatCount=1", "");
        handle(
                uri,
                e -> {
                    Received it = Received.of(e);
                    if (!mended.get()
                            && List.of("b", "c")
                                    .contains(
                                            e.getMessage()
                                                    .getHeader(
                                                            MixpanelExportConstants.INSERT_ID,
                                                            "",
                                                            String.class))) {
                        // a query on its way meanwhile would make Mixpanel's clock uncertain
                        await().until(() -> isSpooled("2026-10-18") && isSpooled("2026-10-19"));
                        time.advance(Duration.ofSeconds(30)); // until "late" is there
                        throw new IllegalStateException("not now");
                    }
                    received.add(it);
                });
        context.start();
        await().until(() -> parkedWindows().contains(TODAY) && parkedWindows().size() == 2);
        mended.set(true);
        consumer().resumeParked(TODAY, TODAY);
        await().until(() -> parkedWindows().isEmpty() && notices(TODAY).size() == 1);

        assertThat(ids()).filteredOn(Objects::nonNull).doesNotHaveDuplicates();
        assertThat(ids()).contains("a", "b", "c", "d", "late", "other day");
        assertThat(notices(TODAY).get(0)).contains("emitted=2").contains("known=2");
    }

    private boolean isSpooled(String day) throws IOException {
        return ledger().contains("\"file\":\"" + day + ".g1.");
    }

    /** What the route was told of the first export of a day. */
    private List<String> notices(String day) {
        String start = "{from=" + day + ", to=" + day + ", generation=1, ";
        return bodies().stream().filter(body -> body.startsWith(start)).toList();
    }

    private List<String> parkedWindows() {
        return consumer().export().parked().stream()
                .map(it -> it.window().isArrivals() ? "arrivals" : it.window().toString())
                .toList();
    }

    private boolean arrivalsHaveABody() {
        return consumer().snapshot().stream()
                .flatMap(it -> it.work().windows().stream())
                .anyMatch(it -> it.window().isArrivals() && it.download().lines() > 0);
    }

    @Test
    void asksForAnEarlierDayWhenTodayHasNotBegunAtMixpanel() throws Exception {
        mixpanel.addEvents(
                event("a", "2026-10-20T09:00:00Z", "2026-10-20T09:00:01Z"),
                event("b", "2026-10-20T12:00:00Z", "2026-10-20T12:00:01Z"));
        String uri = arrival("2026-10-20", "timeZone=Pacific/Auckland");
        collect(uri);
        poll();
        restart();
        advanceTo("2026-10-20T13:00:00Z"); // 2026-10-21 in Auckland
        collect(uri.replace("&repeatCount=1", ""));
        context.start();
        await().until(() -> ids().contains("b"));

        assertThat(ids()).containsExactly("a", "b");
        assertThat(arrivalQueries().get(0).status()).isEqualTo(400);
        assertThat(arrivalQueries().get(0).toDate()).isEqualTo("2026-10-21");
        assertThat(arrivalQueries().get(1).toDate()).isEqualTo("2026-10-20");
    }

    @Test
    void tellsOfAnArrivalQueryByItsSpan() throws Exception {
        mixpanel.addEvents(event("a", "2026-10-20T10:05:00Z", "2026-10-20T10:05:01Z"));
        String uri = arrival(TODAY, "windowComplete=true");
        collect(uri);
        poll();
        assertThat(received).hasSize(1);
        assertThat(received.get(0).body()).doesNotContain("processedFrom");
        pollAt("2026-10-20T10:15:00Z", uri);

        assertThat(received).hasSize(3);
        assertThat(received.get(2).headers())
                .containsEntry(MixpanelExportConstants.WINDOW_COMPLETE, true)
                .containsEntry(MixpanelExportConstants.GENERATION, 1);
        assertThat(received.get(2).body())
                .contains("processedFrom=2026-10-20T08:00:00Z")
                .contains("processedTo=2026-10-20T10:15:00Z")
                .contains("emitted=1")
                .contains("final=false");
        assertThat(Instant.parse("2026-10-20T10:15:00Z")).isEqualTo(lastSpan().to());
    }
}
