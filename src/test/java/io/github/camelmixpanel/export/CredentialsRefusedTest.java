package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One clear error, a query an hour, health DOWN, and recovery. */
class CredentialsRefusedTest extends VirtualTimeTestSupport {

    private final List<String> errors = new CopyOnWriteArrayList<>();

    CredentialsRefusedTest() {
        super(Instant.parse("2026-12-01T12:00:00Z"));
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return MixpanelSimulator.builder()
                .clock(time.observer())
                .serviceAccount("account", "another", "7");
    }

    @Override
    CamelContext newContext() throws Exception {
        CamelContext fresh = super.newContext();
        fresh.getRegistry().bind("errors", new Errors());
        return fresh;
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 400})
    void asksOnceAnHourUntilTheyAreGood(int status) throws Exception {
        mixpanel.close();
        mixpanel = simulator().badCredentials(status).start();
        mixpanel.addEvents(lines("2026-10-01", 1));
        collect(
                uri(
                        "2026-10-01",
                        "2026-10-10",
                        "exceptionHandler=#errors",
                        "queriesPerSecond=3",
                        "delay=1"));
        context.start();
        await().until(() -> !errors.isEmpty());
        pollSomeMore();

        assertThat(mixpanel.queries()).hasSizeLessThanOrEqualTo(2);
        int first = mixpanel.queries().size();
        assertThat(errors).hasSize(1);
        assertThat(errors.get(0))
                .startsWith("Window 2026-10-0")
                .contains(": Mixpanel answered " + status)
                .contains("Check the credentials, their expiry, projectId and region")
                .doesNotContain("s3cr&t");
        HealthCheck.Result health = health();
        assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health.getMessage().orElseThrow()).isEqualTo(errors.get(0));

        time.advance(Duration.ofMinutes(61));
        await().until(() -> mixpanel.queries().size() > first);
        pollSomeMore();
        assertThat(mixpanel.queries()).hasSizeLessThanOrEqualTo(first + 2);
        assertThat(errors).as("told once").hasSize(1);

        mixpanel.acceptServiceAccount("account", "s3cr&t+%", "7");
        time.advance(Duration.ofMinutes(61));
        await().until(() -> received.size() == 1);
        await().until(() -> consumer().trouble().isEmpty());
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void asksAgainWhenTheRouteIsRestarted() throws Exception {
        mixpanel.addEvents(lines("2026-10-01", 1));
        collect(uri("2026-10-01", "2026-10-01", "exceptionHandler=#errors", "queriesPerSecond=3"));
        context.start();
        await().until(() -> !errors.isEmpty());

        mixpanel.acceptServiceAccount("account", "s3cr&t+%", "7");
        context.getRouteController().stopRoute("export");
        context.getRouteController().startRoute("export");

        await().until(() -> received.size() == 1);
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @Test
    void asksNoMoreThanOnceAnHourHoweverOftenTheApplicationIsRestarted() throws Exception {
        String day = uri("2026-10-01", "2026-10-01", "queriesPerSecond=3", "delay=1");
        mixpanel.addEvents(lines("2026-10-01", 1));
        collect(day);
        context.start();
        await().until(() -> !consumer().trouble().isEmpty());
        for (int i = 0; i < 4; i++) {
            restart();
            time.advance(Duration.ofMinutes(14));
            collect(day);
            try (LogRecorder log = new LogRecorder(Level.WARN)) {
                context.start();
                pollSomeMore();
                assertThat(log.lines(Level.WARN))
                        .anyMatch(it -> it.contains("no query for project"));
            }
            assertThat(health().getMessage().orElseThrow())
                    .contains("Mixpanel refused the credentials (401 or 403)");
        }
        assertThat(mixpanel.queries()).hasSize(1);

        restart();
        mixpanel.acceptServiceAccount("account", "rotated", "7");
        collect(day.replace("s3cr&t+%", "rotated"));
        try (LogRecorder log = new LogRecorder(Level.WARN)) {
            context.start();
            await().until(() -> received.size() == 1);
            assertThat(log.lines(Level.WARN)).as("of a pause that is over").isEmpty();
        }
    }

    private void pollSomeMore() {
        long polls = consumer().getCounter();
        await().until(() -> consumer().getCounter() > polls + 3);
    }

    private final class Errors implements ExceptionHandler {

        @Override
        public void handleException(Throwable exception) {
            errors.add(exception.getMessage());
        }

        @Override
        public void handleException(String message, Throwable exception) {
            errors.add(exception.getMessage());
        }

        @Override
        public void handleException(String message, Exchange exchange, Throwable exception) {
            errors.add(exception.getMessage());
        }
    }
}
