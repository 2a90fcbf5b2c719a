package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/**
 * Routes that let go of the polling thread: in flight is bounded, and nothing is acknowledged
 * before its time.
 */
class AsyncRoutesTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";
    private static final int EVENTS = 2_000;

    private final AtomicInteger inRoute = new AtomicInteger();
    private final AtomicInteger mostInRoute = new AtomicInteger();

    /** Counts how many exchanges are between the consumer and the end of the route. */
    private final Processor enter =
            exchange -> {
                int now = inRoute.incrementAndGet();
                mostInRoute.accumulateAndGet(now, Math::max);
                exchange.getExchangeExtension()
                        .addOnCompletion(
                                new org.apache.camel.support.SynchronizationAdapter() {
                                    @Override
                                    public void onDone(org.apache.camel.Exchange done) {
                                        inRoute.decrementAndGet();
                                    }
                                });
            };

    private final Processor collect = exchange -> received.add(Received.of(exchange));

    @Test
    void boundsWhatThreadsHold() throws Exception {
        exportThrough(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(DAY, DAY, "maxInFlight=20", "repeatCount=1"))
                                .routeId("export")
                                .process(enter)
                                .threads(4)
                                .maxQueueSize(1000)
                                .process(collect);
                    }
                });

        assertThat(mostInRoute.get()).isBetween(2, 20);
    }

    @Test
    void boundsWhatSedaHolds() throws Exception {
        exportThrough(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(DAY, DAY, "maxInFlight=20", "repeatCount=1"))
                                .routeId("export")
                                .process(enter)
                                .to("seda:next?blockWhenFull=true");
                        from("seda:next?concurrentConsumers=3").process(collect);
                    }
                });

        assertThat(mostInRoute.get()).isBetween(2, 20);
    }

    @Test
    void waitsForAsynchronousRedelivery() throws Exception {
        Set<Object> failedOnce = Collections.synchronizedSet(new HashSet<>());
        exportThrough(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(
                                defaultErrorHandler()
                                        .maximumRedeliveries(2)
                                        .redeliveryDelay(20)
                                        .asyncDelayedRedelivery()
                                        .retryAttemptedLogLevel(LoggingLevel.TRACE));
                        from(uri(DAY, DAY, "maxInFlight=50", "repeatCount=1"))
                                .routeId("export")
                                .process(enter)
                                .process(
                                        exchange -> {
                                            Object line =
                                                    exchange.getMessage()
                                                            .getHeader(
                                                                    MixpanelExportConstants.LINE);
                                            if (((Long) line) % 7 == 0 && failedOnce.add(line)) {
                                                throw new IllegalStateException("not yet");
                                            }
                                        })
                                .process(collect);
                    }
                });

        assertThat(failedOnce).hasSize(EVENTS / 7);
        assertThat(mostInRoute.get()).isBetween(2, 50);
    }

    @Test
    void worksAroundPollEnrich() throws Exception {
        exportThrough(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(DAY, DAY, "repeatCount=1"))
                                .routeId("export")
                                .process(enter)
                                .pollEnrich("seda:nothing", 0, (event, other) -> event)
                                .process(collect);
                    }
                });

        assertThat(mostInRoute.get()).isEqualTo(1);
    }

    private void exportThrough(RouteBuilder routes) throws Exception {
        mixpanel.addEvents(lines(DAY, EVENTS));
        context.addRoutes(routes);
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(new HashSet<>(bodies())).hasSize(EVENTS);
        assertThat(received).hasSize(EVENTS);
        assertThat(inRoute.get()).isZero();
        assertThat(mixpanel.queries()).hasSize(1);
    }
}
