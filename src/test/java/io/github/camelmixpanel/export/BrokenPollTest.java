package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.Sleeper;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;

/** After an Error, Camel polls a consumer no more. */
class BrokenPollTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    private volatile Thread withoutMemory;

    private final InstantSource clock =
            () -> {
                if (Thread.currentThread() == withoutMemory) {
                    throw new OutOfMemoryError("as if");
                }
                return Instant.now();
            };

    @Override
    CamelContext newContext() throws Exception {
        CamelContext fresh = super.newContext();
        fresh.getComponent("mixpanel-export", MixpanelExportComponent.class)
                .setTime(clock, clock, Sleeper.REAL);
        return fresh;
    }

    @Test
    void isToldByTheHealthCheckAndTheExportGoesOnWhenItsRouteIsStartedAgain() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 20));
        handle(
                uri(DAY, DAY),
                e -> {
                    received.add(Received.of(e));
                    if (received.size() == 5) {
                        withoutMemory = Thread.currentThread();
                    }
                });
        context.start();
        await().until(() -> health().getState() == HealthCheck.State.DOWN);
        assertThat(health().getMessage().orElseThrow())
                .contains("the poll ended in java.lang.OutOfMemoryError: as if")
                .contains("Start the route again, or the process");
        assertThat(received).hasSize(5);

        withoutMemory = null;
        context.getRouteController().stopRoute("export");
        context.getRouteController().startRoute("export");
        await().until(() -> received.size() == 20);

        assertThat(bodies()).containsExactly(lines(DAY, 20));
        assertThat(mixpanel.queries()).hasSize(1);
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);
    }
}
