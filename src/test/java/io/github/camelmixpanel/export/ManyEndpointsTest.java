package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.testkit.Patiently;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** 200 exports in one CamelContext, by two instances of the component. */
class ManyEndpointsTest extends ExportTestSupport {

    private static final int ENDPOINTS = 200;

    private String export(int number) {
        String today = LocalDate.now(ZoneOffset.UTC).toString();
        return uri(today, today, "delay=1h")
                .replace(
                        "mixpanel-export:test",
                        (number % 2 == 0 ? "mixpanel-export" : "second") + ":e" + number);
    }

    @Override
    CamelContext newContext() throws Exception {
        CamelContext fresh = super.newContext();
        fresh.addComponent("second", new MixpanelExportComponent());
        return fresh;
    }

    private boolean hasPolled(int number) {
        return ((MixpanelExportConsumer) context.getRoute("r" + number).getConsumer())
                .isFirstPollDone();
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    @Test
    void startPollAndKeepTwoThreadsEachAndFewShared() throws Exception {
        Set<Thread> before = threads();
        for (int i = 0; i < ENDPOINTS; i++) {
            int number = i;
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(export(number)).routeId("r" + number).to("log:events");
                        }
                    });
        }
        context.start();
        Patiently.await().until(() -> IntStream.range(0, ENDPOINTS).allMatch(this::hasPolled));

        // one polls, one watches
        Patiently.await()
                .untilAsserted(
                        () -> {
                            Set<Thread> now = threads();
                            now.removeAll(before);
                            assertThat(now).hasSizeLessThanOrEqualTo(2 * ENDPOINTS + 5);
                        });
        assertThat(mixpanel.queries()).isEmpty();
    }
}
