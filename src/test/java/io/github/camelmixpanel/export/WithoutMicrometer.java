package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.testkit.Patiently;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** One export of three events, by whatever classes its own loader finds. */
public final class WithoutMicrometer {

    private WithoutMicrometer() {}

    public static int eventsOf(String baseUrl, String stateDirectory) throws Exception {
        AtomicInteger events = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            fromF(
                                            "mixpanel-export:plain?baseUrl=%s&serviceAccount=account&projectId=7"
                                                    + "&serviceAccountSecret=RAW(s3cr&t+%%)&stateDirectory=%s&initialDelay=0"
                                                    + "&fromDate=2026-10-05&toDate=2026-10-05",
                                            baseUrl, stateDirectory)
                                    .process(
                                            exchange -> {
                                                events.incrementAndGet();
                                                three.countDown();
                                            });
                        }
                    });
            context.start();
            Patiently.await().until(() -> three.getCount() == 0);
        }
        return events.get();
    }
}
