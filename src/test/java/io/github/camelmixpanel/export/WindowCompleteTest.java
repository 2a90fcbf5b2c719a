package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** The notice that a window is complete: after its last event, at least once. */
class WindowCompleteTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    private final List<Map<?, ?>> notices = Collections.synchronizedList(new ArrayList<>());
    private final AtomicBoolean refuse = new AtomicBoolean();
    private final AtomicInteger refused = new AtomicInteger();

    private void route(String uri) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri)
                                .routeId("export")
                                .choice()
                                .when(
                                        header(MixpanelExportConstants.WINDOW_COMPLETE)
                                                .isEqualTo(true))
                                .process(
                                        e -> {
                                            if (refuse.get()) {
                                                refused.incrementAndGet();
                                                throw new IllegalStateException(
                                                        "cannot close the file");
                                            }
                                            notices.add(e.getMessage().getBody(Map.class));
                                            received.add(Received.of(e));
                                        })
                                .endChoice()
                                .otherwise()
                                .process(e -> received.add(Received.of(e)));
                    }
                });
    }

    @Test
    void followsTheLastEventWithFiguresThatAddUp() throws Exception {
        String[] lines = lines(DAY, 300);
        mixpanel.addEvents(lines).addEvents(lines(DAY, 30)).addEvents(lines("2026-10-06", 5));
        route(
                uri(
                        DAY,
                        "2026-10-06",
                        "windowComplete=true",
                        "repeatCount=1",
                        "maxConcurrentWindows=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(notices).hasSize(2);
        Map<?, ?> first = notices.get(0);
        assertThat(first.keySet().stream().map(Object::toString))
                .containsExactly(
                        "from",
                        "to",
                        "generation",
                        "events",
                        "emitted",
                        "duplicates",
                        "known",
                        "vanished",
                        "rewritten",
                        "changed",
                        "otherEvents",
                        "parked",
                        "badLines",
                        "bytes",
                        "queries",
                        "started",
                        "took",
                        "final",
                        "days");
        assertThat(first.get("from")).isEqualTo(DAY);
        assertThat(first.get("to")).isEqualTo(DAY);
        assertThat(first.get("generation")).isEqualTo(1);
        assertThat(first.get("events")).isEqualTo(330L);
        assertThat(first.get("emitted")).isEqualTo(300L);
        assertThat(first.get("duplicates")).isEqualTo(30L);
        assertThat(first.get("otherEvents")).isEqualTo(0L);
        assertThat(first.get("badLines")).isEqualTo(0L);
        assertThat((Long) first.get("bytes")).isPositive();
        assertThat(first.get("queries")).isEqualTo(1);
        assertThat(first.get("final")).isEqualTo(true);
        assertThat(first.get("days"))
                .isEqualTo(Map.of(DAY, Map.of("events", 330L, "emitted", 300L, "final", true)));
        assertThat(received.get(300).headers())
                .containsEntry(MixpanelExportConstants.WINDOW_COMPLETE, true)
                .containsEntry(MixpanelExportConstants.FROM_DATE, DAY)
                .doesNotContainKey(MixpanelExportConstants.LINE);
    }

    @Test
    void countsTheEventsOfEachDayOverARestartInTheMiddle() throws Exception {
        mixpanel.addEvents(lines(DAY, 40)).addEvents(lines(DAY, 10));
        mixpanel.addEvents(lines("2026-10-07", 20));
        String[] options = {"windowDays=3", "windowComplete=true", "repeatCount=1"};
        List<String> some = new ArrayList<>(List.of(options));
        some.add("maxMessagesPerPoll=45");
        route(uri(DAY, "2026-10-07", some.toArray(String[]::new)));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        assertThat(received).hasSize(45);
        restart();
        route(uri(DAY, "2026-10-07", options));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).hasSize(61);
        assertThat(notices.get(0).get("days"))
                .isEqualTo(
                        Map.of(
                                DAY,
                                Map.of("events", 50L, "emitted", 40L, "final", true),
                                "2026-10-06",
                                Map.of("events", 0L, "emitted", 0L, "final", true),
                                "2026-10-07",
                                Map.of("events", 20L, "emitted", 20L, "final", true)));
        assertThat(received.stream().limit(60))
                .allMatch(it -> it.header(MixpanelExportConstants.DAY) instanceof String)
                .filteredOn(it -> it.header(MixpanelExportConstants.DAY).equals("2026-10-07"))
                .hasSize(20)
                .allMatch(it -> it.body().contains("2026-10-07"));
    }

    @Test
    void callsNoDayFinalWhileAnEventOfTheWindowIsParked() throws Exception {
        mixpanel.addEvents(lines(DAY, 40)).addEvents(lines("2026-10-06", 40));
        handle(
                uri(DAY, "2026-10-06", "windowDays=2", "windowComplete=true", "onFailure=PARK"),
                e -> {
                    if (e.getMessage().getHeader(MixpanelExportConstants.WINDOW_COMPLETE) != null) {
                        notices.add(e.getMessage().getBody(Map.class));
                    } else if (e.getMessage().getBody(String.class).contains(DAY + "-7\"")) {
                        throw new IllegalStateException("not this one");
                    }
                });
        context.start();
        await().until(() -> !notices.isEmpty());

        assertThat(notices.get(0).get("final")).isEqualTo(false);
        assertThat(((Map<?, ?>) notices.get(0).get("days")).values())
                .hasSize(2)
                .allMatch(day -> ((Map<?, ?>) day).get("final").equals(false));
    }

    @Test
    void isOwedUntilTheRouteTakesIt() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        refuse.set(true);
        String uri = uri(DAY, DAY, "windowComplete=true", "repeatCount=1");
        route(uri);
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        assertThat(received).hasSize(3);

        restart();
        refuse.set(false);
        route(uri);
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        assertThat(notices).hasSize(1);
        assertThat(received).hasSize(4);

        restart();
        route(uri);
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        assertThat(notices).hasSize(1);
    }

    @Test
    void isNotToldAgainAndAgainInOnePoll() throws Exception {
        for (int day = 1; day <= 5; day++) {
            mixpanel.addEvents(lines("2026-10-0" + day, 2));
        }
        refuse.set(true);
        route(uri("2026-10-01", "2026-10-05", "windowComplete=true", "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).hasSize(10);
        assertThat(refused.get()).as("three, and the others not tried").isEqualTo(3);
    }

    @Test
    void comesForAWindowWithoutEventsToo() throws Exception {
        route(uri(DAY, DAY, "windowComplete=true", "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(notices)
                .singleElement()
                .satisfies(it -> assertThat(it.get("events")).isEqualTo(0L));
    }
}
