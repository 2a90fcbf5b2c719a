package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A failure that holds a window up for long is told by the health check until it is over. */
class HealthUntilOverTest extends VirtualTimeTestSupport {

    private static final String DAY = "2026-10-05";

    HealthUntilOverTest() {
        super(Instant.parse("2026-12-01T12:00:00Z"));
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(status(500, "oops"), "Mixpanel answered 500 \"oops\""),
                Arguments.of(status(400, "bad where"), "Mixpanel answered 400 \"bad where\""),
                Arguments.of(status(401, "who?"), "Mixpanel answered 401 \"who?\""),
                Arguments.of(
                        status(400, "to_date cannot be later than today"),
                        "that day has not begun"),
                Arguments.of(Answer.cutInLine(), "the answer is incomplete"),
                Arguments.of(Answer.gzipWrongCrc(), "the body is damaged or ends early"),
                Arguments.of(Answer.reset(0.5), "the connection broke in the body"),
                Arguments.of(Answer.noAnswer(), "no answer from"),
                Arguments.of(Answer.hangAfter(0.5), "no byte came for longer than responseTimeout"),
                Arguments.of(badLine(), "is not an event; bad lines: 1"),
                Arguments.of(Answer.body(large()), "its body alone is larger than maxSpoolSize"));
    }

    /** In the middle, so that it is no sign of an answer that was broken off. */
    private static Answer badLine() {
        String[] lines = lines(DAY, 200);
        lines[10] = "no event";
        return Answer.body((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Events of which gzip makes little less. */
    private static byte[] large() {
        Random random = new Random(1);
        StringBuilder body = new StringBuilder();
        for (String line : lines(DAY, 2_000)) {
            String noise =
                    Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
            body.append(line.replace("view", noise + noise.toUpperCase() + noise)).append('\n');
        }
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Answer status(int code, String text) {
        return Answer.status(code, "text/plain", text, Map.of());
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("failures")
    void isDownWithItsReason(Answer answer, String reason) throws Exception {
        mixpanel.addEvents(lines(DAY, 20));
        mixpanel.answer(answer);
        collect(
                uri(
                        DAY,
                        DAY,
                        "maxRetries=0",
                        "responseTimeout=3000",
                        "onBadLine=FAIL",
                        "maxSpoolSize=64KB"));
        context.start();
        await().until(() -> health().getState() == HealthCheck.State.DOWN);
        assertThat(health().getMessage().orElseThrow()).contains(DAY).contains(reason);

        time.advance(Duration.ofMinutes(61));
        await().until(() -> received.size() == 20);
        await().until(() -> health().getState() == HealthCheck.State.UP);
        assertThat(bodies()).containsExactly(lines(DAY, 20));
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @Test
    void isDownWhileNobodyAnswersAtAll() throws Exception {
        int port = mixpanel.port();
        String uri = uri(DAY, DAY, "maxRetries=0");
        mixpanel.close();
        collect(uri);
        context.start();
        await().until(() -> health().getState() == HealthCheck.State.DOWN);
        assertThat(health().getMessage().orElseThrow())
                .contains(DAY, "Nothing was sent, so the query does not count");

        mixpanel = simulator().port(port).start();
        mixpanel.addEvents(lines(DAY, 20));
        time.advance(Duration.ofMinutes(61));
        await().until(() -> received.size() == 20);
        await().until(() -> health().getState() == HealthCheck.State.UP);
    }

    @Test
    void isDownWhileTheRouteIs() throws Exception {
        mixpanel.addEvents(lines(DAY, 20));
        AtomicBoolean away = new AtomicBoolean(true);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(DAY, DAY, "delay=1"))
                                .routeId("export")
                                .process(
                                        e -> {
                                            if (away.get()) {
                                                throw new IllegalStateException("away");
                                            }
                                            received.add(Received.of(e));
                                        });
                    }
                });
        context.start();
        await().until(() -> health().getState() == HealthCheck.State.DOWN);
        assertThat(health().getMessage().orElseThrow())
                .contains(DAY, "the route left 20 events failed and took no other since");

        away.set(false);
        await().until(
                        () -> {
                            time.advance(Duration.ofMinutes(1));
                            return health().getState() == HealthCheck.State.UP;
                        });
        assertThat(received).hasSize(20);
    }

    @Test
    void isUpAndTellsOfAPauseAfter429UntilItIsOver() throws Exception {
        time.hold();
        rateLimitedFor("1200");
        await().until(() -> health().getMessage().isPresent());
        String pause =
                "Mixpanel answered 429 (too many queries): no query until 2026-12-01T12:20:00Z";
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(health().getMessage()).contains(pause);
        assertThat(health().getDetails()).containsEntry("mixpanel.pause", pause);

        isOverWhenTimeGoesOn();
    }

    @Test
    void isDownWhileA429KeepsTheProjectStillForLong() throws Exception {
        time.hold();
        rateLimitedFor("7200");
        await().until(() -> health().getState() == HealthCheck.State.DOWN);
        assertThat(health().getMessage().orElseThrow())
                .contains("Mixpanel answered 429 (too many queries): no query for project 7 on")
                .contains("from 2026-12-01T12:00:00Z until 2026-12-01T14:00:00Z");

        isOverWhenTimeGoesOn();
    }

    private void rateLimitedFor(String retryAfter) throws Exception {
        mixpanel.addEvents(lines(DAY, 20));
        mixpanel.answer(Answer.rateLimited(retryAfter));
        collect(uri(DAY, DAY));
        context.start();
    }

    private void isOverWhenTimeGoesOn() {
        time.letGo();
        await().until(() -> received.size() == 20);
        await().until(() -> health().getState() == HealthCheck.State.UP);
        assertThat(health().getMessage()).isEmpty();
        assertThat(health().getDetails()).doesNotContainKey("mixpanel.pause");
    }
}
