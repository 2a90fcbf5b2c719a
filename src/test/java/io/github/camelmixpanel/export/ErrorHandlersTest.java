package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.option.OnFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The route's own error handler comes first: once for each time that an event is handed out, and
 * what it takes care of is done.
 */
class ErrorHandlersTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";
    private static final String NEXT = "2026-10-06";
    private static final int EVENTS = 200;
    private static final String POISON = lines(DAY, EVENTS)[4];

    /** How often the poison event was handed out, tried, and left by the error handler. */
    private final AtomicInteger handOuts = new AtomicInteger();

    private final AtomicInteger tries = new AtomicInteger();
    private final AtomicInteger exhausted = new AtomicInteger();

    private enum Shape {
        PLAIN,
        REDELIVERY,
        ASYNC_REDELIVERY,
        THREADS,
        SEDA
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "PLAIN, RETRY",
        "PLAIN, PARK",
        "PLAIN, SKIP",
        "REDELIVERY, RETRY",
        "ASYNC_REDELIVERY, RETRY",
        "ASYNC_REDELIVERY, SKIP",
        "THREADS, RETRY",
        "THREADS, PARK",
        "SEDA, RETRY",
        "SEDA, SKIP"
    })
    void getAFailedEventOncePerHandOut(Shape shape, OnFailure onFailure) throws Exception {
        mixpanel.addEvents(lines(DAY, EVENTS)).addEvents(lines(NEXT, EVENTS));
        boolean redelivers = shape == Shape.REDELIVERY || shape == Shape.ASYNC_REDELIVERY;
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        OnExceptionDefinition policy =
                                onException(IllegalStateException.class)
                                        .logExhausted(false)
                                        .process(e -> exhausted.incrementAndGet());
                        if (redelivers) {
                            policy.maximumRedeliveries(2)
                                    .redeliveryDelay(5)
                                    .retryAttemptedLogLevel(LoggingLevel.TRACE);
                        }
                        if (shape == Shape.ASYNC_REDELIVERY) {
                            policy.asyncDelayedRedelivery();
                        }
                        RouteDefinition route =
                                from(export(
                                                "onFailure=" + onFailure,
                                                "maxRedeliveries=2",
                                                "bridgeErrorHandler=true"))
                                        .routeId("export")
                                        .process(e -> count(e, handOuts));
                        switch (shape) {
                            case THREADS -> route.threads(2).process(this::take);
                            case SEDA -> {
                                route.to("seda:next?blockWhenFull=true");
                                from("seda:next").process(this::take);
                            }
                            default -> route.process(this::take);
                        }
                    }

                    private void take(Exchange exchange) {
                        count(exchange, tries);
                        failOn(exchange, POISON);
                        received.add(Received.of(exchange));
                    }
                });
        context.start();
        awaitCommits();

        // more where nothing else was acknowledged since: then the route seemed to be down
        assertThat(handOuts.get()).isGreaterThanOrEqualTo(onFailure == OnFailure.RETRY ? 3 : 1);
        assertThat(exhausted.get()).isEqualTo(handOuts.get());
        assertThat(tries.get()).isEqualTo(handOuts.get() * (redelivers ? 3 : 1));
        assertThat(received).hasSize(2 * EVENTS - 1);
        assertThat(parked()).isEqualTo(onFailure == OnFailure.SKIP ? List.of() : List.of(POISON));
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(OnFailure.class)
    void areDoneWithWhatTheyHandle(OnFailure onFailure) throws Exception {
        mixpanel.addEvents(lines(DAY, EVENTS)).addEvents(lines(NEXT, EVENTS));
        String continued = lines(DAY, EVENTS)[7];
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(IllegalStateException.class)
                                .handled(true)
                                .process(e -> exhausted.incrementAndGet());
                        onException(IllegalArgumentException.class).continued(true);
                        from(export("onFailure=" + onFailure))
                                .routeId("export")
                                .process(e -> count(e, handOuts))
                                .process(e -> failOn(e, POISON))
                                .process(
                                        e -> {
                                            if (text(e).equals(continued)) {
                                                throw new IllegalArgumentException("never mind");
                                            }
                                        })
                                .process(e -> received.add(Received.of(e)));
                    }
                });
        context.start();
        awaitCommits();

        assertThat(handOuts.get()).isEqualTo(1);
        assertThat(exhausted.get()).isEqualTo(1);
        assertThat(received).hasSize(2 * EVENTS - 1);
        assertThat(bodies()).contains(continued).doesNotContain(POISON);
        assertThat(parked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void giveADeadLetterChannelTheEventAsItWasOrAsItIs(boolean useOriginal) throws Exception {
        mixpanel.addEvents(lines(DAY, EVENTS)).addEvents(lines(NEXT, EVENTS));
        List<String> dead = new CopyOnWriteArrayList<>();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        var channel = deadLetterChannel("direct:dead").maximumRedeliveries(1);
                        channel.redeliveryDelay(0);
                        errorHandler(useOriginal ? channel.useOriginalMessage() : channel);
                        from(export("onFailure=PARK"))
                                .routeId("export")
                                .process(e -> count(e, handOuts))
                                .process(e -> e.setProperty("line", text(e)))
                                .setBody(constant("changed"))
                                .process(
                                        e -> {
                                            if (POISON.equals(e.getProperty("line"))) {
                                                tries.incrementAndGet();
                                                throw new IllegalStateException("poison");
                                            }
                                        })
                                .process(e -> received.add(Received.of(e)));
                        from("direct:dead").process(e -> dead.add(text(e)));
                    }
                });
        context.start();
        awaitCommits();

        assertThat(dead).containsExactly(useOriginal ? POISON : "changed");
        assertThat(handOuts.get()).isEqualTo(1);
        assertThat(tries.get()).isEqualTo(2);
        assertThat(received).hasSize(2 * EVENTS - 1);
        assertThat(parked()).isEmpty();
    }

    @Test
    void handOutAgainWhatADeadLetterChannelCouldNotTake() throws Exception {
        mixpanel.addEvents(lines(DAY, EVENTS)).addEvents(lines(NEXT, EVENTS));
        List<String> dead = new CopyOnWriteArrayList<>();
        AtomicBoolean full = new AtomicBoolean(true);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        var channel = deadLetterChannel("direct:dead");
                        channel.deadLetterHandleNewException(false);
                        errorHandler(channel.maximumRedeliveries(0));
                        from(export("maxRedeliveries=1000"))
                                .routeId("export")
                                .process(e -> count(e, handOuts))
                                .process(e -> failOn(e, POISON))
                                .process(e -> received.add(Received.of(e)));
                        from("direct:dead")
                                .errorHandler(noErrorHandler())
                                .process(
                                        e -> {
                                            if (full.get()) {
                                                throw new IllegalStateException(
                                                        "dead letters full");
                                            }
                                            dead.add(text(e));
                                        });
                    }
                });
        context.start();
        await().until(() -> handOuts.get() > 2 && received.size() == 2 * EVENTS - 1);
        assertThat(committed()).doesNotContain(DAY);

        full.set(false);

        awaitCommits();
        assertThat(dead).containsExactly(POISON);
        assertThat(received).hasSize(2 * EVENTS - 1);
        assertThat(parked()).isEmpty();
    }

    /** The second day after the first: its events tell that the route is up. */
    private String export(String... options) {
        String[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = "maxConcurrentWindows=1";
        return uri(DAY, NEXT, all);
    }

    private static String text(Exchange exchange) {
        return exchange.getMessage().getBody(String.class);
    }

    private static void count(Exchange exchange, AtomicInteger counter) {
        if (text(exchange).equals(POISON)) {
            counter.incrementAndGet();
        }
    }

    private static void failOn(Exchange exchange, String line) {
        if (text(exchange).equals(line)) {
            throw new IllegalStateException("poison");
        }
    }

    private Set<String> committed() throws IOException {
        String ledger = ledger();
        Set<String> days = new HashSet<>(Set.of(DAY, NEXT));
        days.removeIf(day -> !ledger.contains("\"committed\",\"from\":\"" + day));
        return days;
    }

    private void awaitCommits() {
        await().until(() -> committed().size() == 2);
    }

    private List<String> parked() throws IOException {
        Path file = exportFolder().resolve("parked/" + DAY + ".g1.tsv");
        return Files.exists(file)
                ? Files.readAllLines(file).stream().map(line -> line.split("\t", 3)[2]).toList()
                : List.of();
    }
}
