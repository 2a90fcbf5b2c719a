package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much memory verified bodies take; that it is given back, every test of a route ends with. */
class BodiesInMemoryTest extends ExportTestSupport {

    private static final int EVENTS = 3_000; // a day of about 360 KB

    private final CountDownLatch held = new CountDownLatch(1);
    private final AtomicInteger holding = new AtomicInteger();

    @BeforeEach
    void addDays() {
        for (int day = 1; day <= 3; day++) {
            mixpanel.addEvents(lines("2026-10-0" + day, EVENTS));
        }
    }

    @Test
    void areThoseThatTheRouteWaitsFor() throws Exception {
        handle(uri("2026-10-01", "2026-10-03", "maxConcurrentWindows=3"), this::hold);
        context.start();
        await().until(() -> bytesInMemory() > 600_000);

        held.countDown();
        await().until(() -> received.size() == 3 * EVENTS);
        await().until(() -> bytesInMemory() == 0);
        assertThat(consumer().trouble()).isEmpty();
    }

    @Test
    void areNoneWhereItIsTurnedOff() throws Exception {
        handle(uri("2026-10-01", "2026-10-01", "maxInMemorySize=0"), this::hold);
        context.start();
        await().until(() -> holding.get() == 1);

        assertThat(bytesInMemory()).isZero();
        held.countDown();
        await().until(() -> received.size() == EVENTS);
    }

    @Test
    void shareTheMemoryWithThoseOfOtherExports() throws Exception {
        for (int i = 0; i < 4; i++) {
            String export = uri("2026-10-01", "2026-10-03", "maxInMemorySize=640KB");
            String name = "mixpanel-export:test" + i;
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(export.replace("mixpanel-export:test", name))
                                    .process(BodiesInMemoryTest.this::hold);
                        }
                    });
        }
        context.start();
        await().until(() -> holding.get() == 4 && mixpanel.queries().size() == 4 * 3);

        assertThat(bytesInMemory()).isBetween(1L, 640L << 10);
        held.countDown();
        await().until(() -> received.size() == 4 * 3 * EVENTS);
    }

    @Test
    void areGivenBackByAStop() throws Exception {
        handle(uri("2026-10-01", "2026-10-03"), this::hold);
        context.start();
        await().until(() -> bytesInMemory() > 600_000);

        held.countDown();
        context.getRouteController().stopRoute("export");
        await().until(() -> bytesInMemory() == 0);
        context.getRouteController().startRoute("export");
        await().until(() -> received.size() == 3 * EVENTS);
    }

    private void hold(Exchange exchange) throws InterruptedException {
        holding.incrementAndGet();
        assertThat(held.await(1, TimeUnit.MINUTES)).isTrue();
        received.add(Received.of(exchange));
    }
}
