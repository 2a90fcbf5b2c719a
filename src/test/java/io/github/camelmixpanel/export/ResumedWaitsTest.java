package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** What waits after a failure is tried again when somebody says so; virtual time stands still. */
class ResumedWaitsTest extends VirtualTimeTestSupport {

    private static final String DAY = "2026-10-05";
    private static final String OTHER = "2026-10-06";

    ResumedWaitsTest() {
        super(Instant.parse("2026-10-20T10:00:00Z"));
    }

    @Test
    void aWindowThatMixpanelRefusedIsAskedForAgain() throws Exception {
        inOrder();
        time.hold();
        mixpanel.addEvents(lines(DAY, 10)).addEvents(lines(OTHER, 10));
        Answer refused = Answer.status(400, "text/plain", "no such thing", Map.of());
        mixpanel.answer(refused, refused);
        collect(uri(DAY, OTHER));
        context.start();
        await().until(() -> consumer().trouble().size() == 2);

        assertThat(consumer().resumeParked(DAY, DAY)).containsExactly(DAY);

        await().until(() -> received.size() == 10);
        await().until(() -> consumer().trouble().size() == 1);
        assertThat(consumer().trouble().get(0)).contains(OTHER);
        assertThat(bodies()).containsExactly(lines(DAY, 10));
        assertThat(mixpanel.queries()).hasSize(3);
        assertThat(consumer().resumeParked(DAY, DAY)).as("it waits no more").isEmpty();
    }

    @Test
    void aPollThatHasNothingElseToAskForDoesItAtOnce() throws Exception {
        inOrder();
        CountDownLatch slow = new CountDownLatch(1);
        mixpanel.addEvents(lines(DAY, 10)).addEvents(lines(OTHER, 10));
        mixpanel.answer(
                LocalDate.parse(DAY), Answer.status(400, "text/plain", "no such thing", Map.of()));
        mixpanel.answer(LocalDate.parse(OTHER), Answer.blockUntil(slow));
        collect(uri(DAY, OTHER, "maxConcurrentWindows=2", "delay=3600000"));
        context.start();
        await().until(() -> consumer().trouble().size() == 1 && mixpanel.queries().size() == 2);
        time.hold();

        assertThat(consumer().resumeParked(DAY, DAY)).containsExactly(DAY);

        await().until(() -> received.size() == 10);
        assertThat(bodies()).containsExactly(lines(DAY, 10));
        slow.countDown();
        await().until(() -> received.size() == 20);
    }

    @Test
    void aWindowThatTheRouteRefusedIsHandedOutAgain() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        AtomicInteger attempts = new AtomicInteger();
        time.hold();
        mixpanel.addEvents(lines(DAY, 10));
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(DAY, DAY, "retryDelay=3600000"))
                                .routeId("export")
                                .process(
                                        e -> {
                                            attempts.incrementAndGet();
                                            if (away.get()) {
                                                throw new IllegalStateException("away");
                                            }
                                            received.add(Received.of(e));
                                        });
                    }
                });
        context.start();
        await().until(() -> consumer().trouble().size() == 1);
        assertThat(attempts).hasValue(10);
        away.set(false);

        assertThat(consumer().resumeParked(DAY, DAY)).isEqualTo(List.of(DAY));

        await().until(() -> received.size() == 10);
        await().until(() -> consumer().trouble().isEmpty());
        assertThat(mixpanel.queries()).hasSize(1);
    }
}
