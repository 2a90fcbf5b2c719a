package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** What the route leaves failed keeps its window uncommitted and comes again from the spool. */
class FailingRoutesTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    /** So that nothing is parked in the little time that a test takes. */
    private static final String PATIENT = "maxRedeliveries=1000";

    private static final String HANDED_OUT_AGAIN =
            ". They are emitted again; the log says why they failed.";

    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final AtomicInteger attempts = new AtomicInteger();

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @Test
    void handsOutOnlyWhatFailedAndWithoutAQuery() throws Exception {
        mixpanel.addEvents(lines(DAY, 100));
        route(uri(DAY, DAY, PATIENT), line -> line % 10 == 5);
        context.start();
        await().until(() -> received.size() == 90 && attempts.get() >= 110);
        assertThat(consumer().trouble())
                .containsExactly(
                        "window 2026-10-05: the route left 10 events failed" + HANDED_OUT_AGAIN);

        broken.set(false);

        await().until(() -> received.size() == 100);
        await().until(() -> consumer().trouble().isEmpty());
        assertThat(bodies()).containsExactlyInAnyOrder(lines(DAY, 100));
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void goesOnWithOtherWindows() throws Exception {
        mixpanel.addEvents(lines(DAY, 10)).addEvents(lines("2026-10-06", 10));
        route(uri(DAY, "2026-10-06", "maxConcurrentWindows=1"), line -> line == 1);
        context.start();

        await().until(() -> received.size() == 18);
    }

    @Test
    void doesNotTryEveryEventOfARouteThatIsDown() throws Exception {
        mixpanel.addEvents(lines(DAY, 5_000));
        route(uri(DAY, DAY, "maxInFlight=20", "maxRedeliveries=0", "repeatCount=1"), line -> true);
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(attempts.get()).isEqualTo(20);
    }

    @Test
    void handsOutWhatFailedAfterARestartToo() throws Exception {
        mixpanel.addEvents(lines(DAY, 100));
        String uri = uri(DAY, DAY, PATIENT, "repeatCount=1");
        route(uri, line -> line == 60);
        context.start();
        await().until(() -> received.size() == 99);

        restart();
        broken.set(false);
        received.clear();
        route(uri, line -> line == 60);
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies())
                .as("the others are known to be done")
                .containsExactly(lines(DAY, 100)[59]);
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void countsAnExchangeThatADeadLetterChannelTook() throws Exception {
        mixpanel.addEvents(lines(DAY, 20));
        List<String> dead = Collections.synchronizedList(new ArrayList<>());
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(deadLetterChannel("direct:dead").maximumRedeliveries(0));
                        from(uri(DAY, DAY, "repeatCount=1"))
                                .routeId("export")
                                .process(failing(line -> line == 5));
                        from("direct:dead")
                                .process(e -> dead.add(e.getMessage().getBody(String.class)));
                    }
                });
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(dead).containsExactly(lines(DAY, 20)[4]);
        assertThat(received).hasSize(19);
        assertThat(consumer().trouble()).isEmpty();
    }

    @Test
    void refusesAnExchangeMarkedForRollback() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(DAY, DAY, "repeatCount=1")).routeId("export").markRollbackOnly();
                    }
                });
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(consumer().trouble())
                .containsExactly(
                        "window 2026-10-05: the route left 3 events failed and took no other since"
                                + HANDED_OUT_AGAIN);
    }

    @Test
    void refusesAnEventThatFailsBehindSeda() throws Exception {
        mixpanel.addEvents(lines(DAY, 30));
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(DAY, DAY, PATIENT))
                                .routeId("export")
                                .to("seda:next?blockWhenFull=true");
                        from("seda:next").process(failing(line -> line == 7));
                    }
                });
        context.start();
        await().until(() -> received.size() == 29 && attempts.get() > 30);

        broken.set(false);

        await().until(() -> received.size() == 30);
    }

    @Test
    void goesOnWhenARouteThatWasDownIsUpAgain() throws Exception {
        mixpanel.addEvents(lines(DAY, 100));
        route(uri(DAY, DAY, "maxInFlight=20"), line -> true);
        context.start();
        await().until(() -> attempts.get() >= 60); // three polls and more

        broken.set(false);

        await().until(() -> received.size() == 100);
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void letsNoNumberOfPoisonedWindowsHoldUpTheOthers() throws Exception {
        for (int day = 1; day <= 8; day++) {
            mixpanel.addEvents(lines("2026-10-0" + day, 10));
        }
        route(uri("2026-10-01", "2026-10-08", PATIENT), line -> line == 3);
        context.start();
        await().until(() -> received.size() == 72);

        broken.set(false);

        await().until(() -> received.size() == 80);
        await().until(() -> consumer().trouble().isEmpty());
        assertThat(mixpanel.queries()).hasSize(8);
    }

    @Test
    void asksForFewWindowsMoreWhileTheRouteIsDown() throws Exception {
        for (int day = 1; day <= 8; day++) {
            mixpanel.addEvents(lines("2026-10-0" + day, 10));
        }
        route(uri("2026-10-01", "2026-10-08"), line -> true);
        context.start();
        await().until(() -> attempts.get() >= 200);

        assertThat(mixpanel.queries()).hasSize(3);
        broken.set(false);

        await().until(() -> received.size() == 80);
        assertThat(mixpanel.queries()).hasSize(8);
    }

    @Test
    void refusesAnExchangeMarkedForRollbackBehindSeda() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(DAY, DAY, "repeatCount=1"))
                                .routeId("export")
                                .to("seda:next?blockWhenFull=true");
                        from("seda:next").markRollbackOnly();
                    }
                });
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(consumer().trouble())
                .containsExactly(
                        "window 2026-10-05: the route left 3 events failed and took no other since"
                                + HANDED_OUT_AGAIN);
    }

    private void route(String uri, java.util.function.LongPredicate fails) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri).routeId("export").process(failing(fails));
                    }
                });
    }

    private org.apache.camel.Processor failing(java.util.function.LongPredicate fails) {
        return exchange -> {
            attempts.incrementAndGet();
            if (broken.get()
                    && fails.test(
                            exchange.getMessage()
                                    .getHeader(MixpanelExportConstants.LINE, Long.class))) {
                throw new IllegalStateException("database away");
            }
            received.add(Received.of(exchange));
        };
    }
}
