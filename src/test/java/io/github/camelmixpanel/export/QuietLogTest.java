package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

/**
 * The log of an export that fails is short: each fault once or once a minute, and no stack trace.
 */
class QuietLogTest extends VirtualTimeTestSupport {

    private static final String DAY = "2026-10-05";
    private static final String STACK_TRACE = "\n\tat ";

    QuietLogTest() {
        super(Instant.parse("2026-12-01T12:00:00Z"));
    }

    @Test
    void hasOneLineAMinuteOfAFailingRouteWithCountAndException() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 20));
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(noErrorHandler()); // as docs/reference/monitoring.md says
                        from(uri(DAY, DAY, "retryDelay=1000", "maxRedeliveries=1000"))
                                .routeId("export")
                                .process(
                                        e -> {
                                            time.advance(Duration.ofMillis(50));
                                            throw new IllegalStateException("no room");
                                        });
                    }
                });
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            Instant begun = time.now();
            context.start();
            await().until(() -> time.now().isAfter(begun.plusSeconds(600)));

            List<String> failed =
                    log.lines(Level.WARN).stream()
                            .filter(it -> it.contains("the route left"))
                            .toList();
            long minutes = Duration.between(begun, time.now()).toMinutes();
            assertThat(failed).hasSizeBetween(2, (int) minutes + 1);
            assertThat(failed)
                    .allMatch(it -> it.contains("20 events failed"))
                    .allMatch(it -> it.contains("java.lang.IllegalStateException: no room"));
            assertThat(failed.get(1))
                    .matches(".* So ended [2-9] passes since the last such line\\.");
            assertThat(log.everything()).noneMatch(it -> it.contains(STACK_TRACE));
        }
    }

    @Test
    void hasNoStackTraceOfMixpanelsFaultsOrTheNetworks() throws Exception {
        mixpanel.addEvents(lines(DAY, 20));
        mixpanel.answer(
                Answer.rateLimited("20"),
                Answer.status(503, "text/plain", "busy", Map.of()),
                Answer.reset(0.5),
                Answer.gzipWrongCrc(),
                Answer.status(401, "text/plain", "Unauthorized", Map.of()));
        collect(uri(DAY, DAY));
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            context.start();
            await().until(() -> log.everything().stream().anyMatch(it -> it.contains("401")));
            await().until(() -> consumer().isFirstPollDone());
            time.advance(Duration.ofMinutes(61));
            await().until(() -> received.size() == 20);

            assertThat(log.everything()).noneMatch(it -> it.contains(STACK_TRACE));
            for (String fault : List.of("429", "503", "connection", "CRC-32", "401")) {
                assertThat(log.everything()).as(fault).anyMatch(it -> it.contains(fault));
            }
        }
    }
}
