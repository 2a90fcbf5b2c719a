package io.github.camelmixpanel.export.simulator;

import static io.github.camelmixpanel.export.simulator.SimulatorClient.DAY;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedLimitsTest {

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-01-02T00:00:00Z"));
    private MixpanelSimulator simulator;
    private SimulatorClient client;

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void refusesTheSixtyFirstQueryOfARollingHour() throws Exception {
        start(60, 3, 100);
        for (int i = 0; i < 60; i++) {
            assertThat(status()).isEqualTo(200);
            pass(Duration.ofSeconds(10));
        }
        HttpResponse<byte[]> refused = get();
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).contains("3010");
        assertThat(refused.headers().firstValue("ratelimit"))
                .contains("\"project\";r=0;t=3010, \"project-concurrency\";r=99");
        assertThat(refused.headers().firstValue("ratelimit-policy"))
                .contains(
                        "\"project\";q=60;w=3600,"
                                + " \"project-concurrency\";q=100;qu=\"concurrent-requests\"");
        assertThat(text(refused)).contains("project_id: 42", "61/60 queries");
        assertThat(simulator.refused()).isEqualTo(1);
        assertThat(simulator.mostQueriesInAnyHour()).isEqualTo(61);
        assertThatThrownBy(simulator::assertLimitsHeld)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected at most 60 queries in one rolling hour, found 61")
                .hasMessageNotContaining("second");
    }

    @Test
    void servesAgainAfterTheTimeItTold() throws Exception {
        start(2, 100, 100);
        get();
        pass(Duration.ofMillis(1500));
        get();
        pass(Duration.ofSeconds(1));
        HttpResponse<byte[]> refused = get();
        long wait = Long.parseLong(refused.headers().firstValue("retry-after").orElseThrow());
        // the second one has to leave the hour too, for the refused one
        assertThat(wait).isEqualTo(3599);
        pass(Duration.ofSeconds(wait));
        assertThat(status()).isEqualTo(200);
    }

    @Test
    void doesNotCountWhatItRefused() throws Exception {
        start(2, 100, 100);
        get();
        pass(Duration.ofMinutes(10));
        get();
        for (int i = 0; i < 4; i++) {
            pass(Duration.ofMinutes(10));
            assertThat(status()).isEqualTo(429);
        }
        pass(Duration.ofMinutes(10));
        assertThat(status()).isEqualTo(200);
        assertThat(simulator.mostQueriesInAnyHour()).as("received").isEqualTo(6);
    }

    @Test
    void staysRefusedForAClientThatDoesNotWaitWhereRefusedOnesCount() throws Exception {
        start(MixpanelSimulator.builder().countRefused(true), 1, 100, 100);
        get();
        for (int i = 0; i < 5; i++) {
            pass(Duration.ofMinutes(50));
            assertThat(status()).isEqualTo(429);
        }
        assertThat(simulator.refused()).isEqualTo(5);
    }

    @Test
    void refusesTheFourthQueryOfARollingSecond() throws Exception {
        start(60, 3, 100);
        for (int i = 0; i < 3; i++) {
            assertThat(status()).isEqualTo(200);
        }
        pass(Duration.ofMillis(999));
        HttpResponse<byte[]> refused = get();
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).contains("1");
        assertThat(text(refused)).contains("4/3 queries running in the last second");
        assertThat(simulator.mostQueriesInAnySecond()).isEqualTo(4);
        assertThatThrownBy(simulator::assertLimitsHeld)
                .hasMessageContaining("expected at most 3 queries in one rolling second, found 4");
    }

    @Test
    void countsStartsExactlyOneSpanApartAsTwo() throws Exception {
        start(3, 3, 100);
        for (int i = 0; i < 3; i++) {
            get();
        }
        pass(Duration.ofHours(1));
        assertThat(status()).isEqualTo(200);
        assertThat(simulator.mostQueriesInAnyHour()).isEqualTo(3);
        assertThat(simulator.mostQueriesInAnySecond()).isEqualTo(3);
        assertThatCode(simulator::assertLimitsHeld).doesNotThrowAnyException();
    }

    @Test
    void countsEachProjectAlone() throws Exception {
        start(1, 1, 100);
        assertThat(status()).isEqualTo(200);
        assertThat(client.get(DAY + "&project_id=43").statusCode()).isEqualTo(200);
        assertThat(client.get(DAY + "&project_id=43").statusCode()).isEqualTo(429);
        assertThat(simulator.mostQueriesInAnyHour()).isEqualTo(2);
    }

    @Test
    void countsFailedQueriesToo() throws Exception {
        start(2, 3, 100);
        simulator.refuseCredentials();
        assertThat(status()).isEqualTo(401);
        simulator.answer(Answer.status(500, "text/plain", "down", Map.of()));
        assertThat(status()).isEqualTo(500);
        simulator.acceptCredentials();
        assertThat(status()).isEqualTo(429);
    }

    @Test
    void refusesMoreQueriesAtOnceThanItAllows() throws Exception {
        start(60, 60, 1);
        CountDownLatch latch = new CountDownLatch(1);
        simulator.answer(Answer.blockAfter(0, latch));
        try (Socket socket = client.send(DAY + "&project_id=42", false)) {
            // its head has come, so the query is under way
            SimulatorClient.head(socket.getInputStream());
            HttpResponse<byte[]> refused = get();
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).contains("10");
            assertThat(refused.headers().firstValue("ratelimit"))
                    .contains("\"project\";r=58, \"project-concurrency\";r=0;t=10");
            assertThat(text(refused)).contains("2/1 queries running concurrently");
            latch.countDown();
            assertThat(socket.getInputStream().read()).isEqualTo('0');
        }
        assertThat(status()).isEqualTo(200);
        assertThat(simulator.mostConcurrentQueries()).isEqualTo(2);
        assertThatThrownBy(simulator::assertLimitsHeld)
                .hasMessageContaining("expected at most 1 queries at once, found 2");
    }

    @Test
    void doesNotCountAnAnswerThatTheClientHasReadToItsEnd() throws Exception {
        start(1000, 1000, 1);
        simulator.addDay(
                LocalDate.parse("2026-01-01"),
                SimulatorClient.events(200).getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 200; i++) {
            assertThat(status()).isEqualTo(200);
        }
        assertThat(simulator.mostConcurrentQueries()).isEqualTo(1);
    }

    @Test
    void doesNotUseUpAnAnswerForAQueryOverTheLimit() throws Exception {
        start(1, 3, 100);
        get();
        simulator.answer(Answer.onlyLine("scripted"));
        assertThat(status()).isEqualTo(429);
        pass(Duration.ofHours(2));
        assertThat(text(get())).isEqualTo("scripted\n");
    }

    @Test
    void countsFromZeroAfterAReset() throws Exception {
        start(1, 3, 100);
        get();
        get();
        simulator.reset();
        assertThat(simulator.queries()).isEmpty();
        assertThat(simulator.refused()).isZero();
        assertThat(simulator.mostConcurrentQueries()).isZero();
        assertThat(status()).isEqualTo(200);
    }

    @Test
    void doesNotForgetQueriesWhenTheClockIsSetBack() throws Exception {
        start(1, 3, 100);
        get();
        pass(Duration.ofDays(-1));
        assertThat(get("from_date=2025-12-31&to_date=2025-12-31").statusCode()).isEqualTo(429);
    }

    @Test
    void refusesLimitsThatNoQueryCouldKeep() {
        start(1, 1, 1);
        assertThatThrownBy(() -> MixpanelSimulator.builder().limits(0, 3, 100))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void start(int perHour, int perSecond, int concurrent) {
        start(MixpanelSimulator.builder(), perHour, perSecond, concurrent);
    }

    private void start(
            MixpanelSimulator.Builder settings, int perHour, int perSecond, int concurrent) {
        simulator = settings.clock(now::get).limits(perHour, perSecond, concurrent).start();
        client = new SimulatorClient(simulator);
    }

    private void pass(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    private int status() throws Exception {
        return get().statusCode();
    }

    private HttpResponse<byte[]> get() throws Exception {
        return get(DAY);
    }

    private HttpResponse<byte[]> get(String range) throws Exception {
        return client.get(range + "&project_id=42");
    }
}
