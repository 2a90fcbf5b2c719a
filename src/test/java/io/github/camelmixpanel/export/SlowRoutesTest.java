package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.HeldWatch;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes slower than the download, and routes that never end, in virtual time. */
class SlowRoutesTest extends VirtualTimeTestSupport {

    private static final String DAY = "2026-10-05";

    SlowRoutesTest() {
        super(Instant.parse("2026-10-20T10:00:00Z"));
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @Override
    CamelContext newContext() throws Exception {
        CamelContext fresh = super.newContext();
        fresh.getShutdownStrategy().setTimeout(1);
        return fresh;
    }

    @Test
    void keepsHeapAndExchangesBoundedForAnHour() throws Exception {
        for (int day = 1; day <= 8; day++) {
            mixpanel.addEvents(lines("2026-10-0" + day, 3_600));
        }
        AtomicInteger inRoute = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        AtomicLong usedEarly = new AtomicLong();
        AtomicLong usedLate = new AtomicLong();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri("2026-10-01", "2026-10-08", "maxInFlight=20"))
                                .routeId("export")
                                .process(
                                        e ->
                                                most.accumulateAndGet(
                                                        inRoute.incrementAndGet(), Math::max))
                                .to("seda:slow?blockWhenFull=true");
                        from("seda:slow")
                                .process(
                                        e -> {
                                            inRoute.decrementAndGet();
                                            time.advance(Duration.ofSeconds(1));
                                            int now = done.incrementAndGet();
                                            if (now == 100) {
                                                usedEarly.set(usedHeap());
                                            } else if (now == 3_500) {
                                                usedLate.set(usedHeap());
                                            }
                                        });
                    }
                });
        context.start();
        await().until(() -> done.get() >= 3_550);

        // what the slow consumer has taken from the queue is with the route still
        assertThat(most.get()).isBetween(2, 20);
        assertThat(mixpanel.queries())
                .as("downloads run ahead by no more than maxConcurrentWindows")
                .hasSizeLessThanOrEqualTo(4);
        assertThat(usedLate.get() - usedEarly.get()).isLessThan(24L << 20);
        assertThat(consumer().trouble()).isEmpty();
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void namesAnExchangeThatIsNeverCompletedAndStops() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        holdLine(3);
        context.start();
        await().until(() -> received.size() == 9);
        consumer().export().watch();
        assertThat(consumer().trouble()).isEmpty();

        time.advance(Duration.ofMinutes(11));
        String expected =
                "window 2026-10-05, line 3: the route holds event \"view\" ($insert_id"
                        + " 2026-10-05-2) since 2026-10-20T";
        assertThat(consumer().trouble()).singleElement().asString().startsWith(expected);
        try (LogRecorder log = new LogRecorder(Level.WARN)) {
            consumer().export().watch();
            consumer().export().watch();

            assertThat(log.lines(Level.WARN))
                    .filteredOn(line -> line.contains(expected))
                    .hasSize(1);
        }
        context.stop();

        assertThat(context.isStopped()).isTrue();
    }

    @Test
    void isLookedAfterOnceAMinuteByItself() throws Exception {
        HeldWatch watch = HeldWatch.of(context);
        mixpanel.addEvents(lines(DAY, 10));
        holdLine(3);
        context.start();
        await().until(() -> received.size() == 9);
        time.advance(Duration.ofMinutes(11));

        try (LogRecorder log = new LogRecorder(Level.WARN)) {
            watch.minute();

            assertThat(log.lines(Level.WARN))
                    .filteredOn(line -> line.contains("line 3: the route holds event"))
                    .hasSize(1);
        }
    }

    private void holdLine(long line) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(DAY, DAY, "delay=1"))
                                .routeId("export")
                                .process(new HoldsLine(line))
                                .process(e -> received.add(Received.of(e)));
                    }
                });
    }

    /** Takes one event and never gives it back. */
    private static final class HoldsLine extends AsyncProcessorSupport {

        private final long line;

        private HoldsLine(long line) {
            this.line = line;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Object here = exchange.getMessage().getHeader(MixpanelExportConstants.LINE);
            if (here.equals(line)) {
                return false;
            }
            callback.done(true);
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stopsWhileTheRouteHoldsThePollingThread(boolean interrupted) throws Exception {
        String[] lines = lines(DAY, 10);
        mixpanel.addEvents(lines);
        Semaphore release = new Semaphore(0);
        CountDownLatch held = new CountDownLatch(1);
        Thread[] polling = new Thread[1];
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(DAY, DAY))
                                .routeId("export")
                                .process(
                                        e -> {
                                            if (e.getMessage()
                                                    .getHeader(MixpanelExportConstants.LINE)
                                                    .equals(3L)) {
                                                polling[0] = Thread.currentThread();
                                                held.countDown();
                                                release.acquireUninterruptibly();
                                            }
                                            received.add(Received.of(e));
                                        });
                    }
                });
        context.start();
        held.await();
        try (LogRecorder log = new LogRecorder(Level.WARN)) {
            if (interrupted) {
                Thread.currentThread().interrupt(); // as a shutdown does that takes too long
                consumer().stop();
                assertThat(Thread.interrupted()).isTrue();
            }
            context.stop();
            release.release();
            polling[0].join();

            assertThat(log.lines(Level.WARN)).isEmpty();
            assertThat(log.lines(Level.ERROR)).isEmpty();
        }
        assertThat(received).hasSize(3);

        context = newContext();
        collect(uri(DAY, DAY));
        context.start();
        await().until(() -> received.size() == 11);

        assertThat(bodies().subList(3, 11))
                .as("the one that came back too late comes again")
                .containsExactly(java.util.Arrays.copyOfRange(lines, 2, 10));
        assertThat(mixpanel.queries()).hasSize(1);
    }
}
