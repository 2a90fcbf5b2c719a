package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.DefaultExchange;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A full queue drops exchanges that nobody can complete any more: they are handed out again when
 * the garbage collector has found them. In virtual time, in which the window's wait is short.
 */
class LostExchangesTest extends VirtualTimeTestSupport {

    private static final String DAY = "2026-10-05";
    private static final String[] LINES = lines(DAY, 5);

    private final List<String> dead = new CopyOnWriteArrayList<>();

    /** What completes the first exchanges: while it is referenced, none of them is lost. */
    private final List<Synchronization> completions = new CopyOnWriteArrayList<>();

    private volatile boolean nextStarted;

    LostExchangesTest() {
        super(Instant.parse("2026-10-20T10:00:00Z"));
    }

    /** Two fit into the queue, which nobody empties before its route is started. */
    private void start(String queue, boolean deadLetters) throws Exception {
        mixpanel.addEvents(LINES);
        String uri = uri(DAY, DAY, "maxRedeliveries=1000", "delay=1");
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        if (deadLetters) {
                            errorHandler(
                                    deadLetterChannel("direct:dead")
                                            .maximumRedeliveries(2)
                                            .redeliveryDelay(0));
                        }
                        from(uri)
                                .routeId("export")
                                .process(LostExchangesTest.this::keep)
                                .to("seda:next?size=2" + queue);
                        from("seda:next?size=2")
                                .routeId("next")
                                .autoStartup(false)
                                .process(e -> received.add(Received.of(e)));
                        from("direct:dead").process(LostExchangesTest.this::bury);
                    }
                });
        context.start();
    }

    /** Or any collection, the virtual machine's own too, would find those that the queue drops. */
    private void keep(Exchange exchange) {
        if (nextStarted) {
            return;
        }
        Exchange other = new DefaultExchange(context);
        exchange.getUnitOfWork().handoverSynchronization(other);
        for (Synchronization it : other.getExchangeExtension().handoverCompletions()) {
            exchange.getExchangeExtension().addOnCompletion(it);
            completions.add(it);
        }
    }

    /** Those in the queue are with the route as well; nobody can tell yet. */
    private void awaitStuck() {
        await().until(() -> consumer().trouble().size() == 5);
    }

    /** From here on those that the queue has dropped are lost. */
    private void startNext() throws Exception {
        nextStarted = true;
        completions.clear();
        context.getRouteController().startRoute("next");
    }

    /** Time does not go on by itself between polls. */
    private void watchLater() {
        time.advance(Duration.ofMinutes(11));
        MixpanelExportConsumer.watch(consumer().export());
    }

    private void bury(Exchange exchange) {
        dead.add(exchange.getMessage().getBody(String.class));
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @ParameterizedTest
    @CsvSource({"'',true", "&discardWhenFull=true,false"})
    void areHandedOutAgain(String queue, boolean deadLetters) throws Exception {
        start(queue, deadLetters);
        awaitStuck();
        assertThat(consumer().trouble())
                .allSatisfy(it -> assertThat(it).contains("the route holds event \"view\""));
        assertThat(dead)
                .containsExactlyElementsOf(deadLetters ? List.of(LINES).subList(2, 5) : List.of());

        startNext();
        await().until(() -> received.size() >= 2);
        await().until(
                        () -> {
                            watchLater();
                            return Set.copyOf(bodies()).equals(Set.of(LINES));
                        });

        await().until(() -> consumer().trouble().isEmpty());
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void areSaidToBeLost() throws Exception {
        try (LogRecorder log = new LogRecorder(Level.WARN)) {
            start("", true);
            awaitStuck();
            startNext();
            await().until(
                            () -> {
                                watchLater();
                                return log.lines(Level.WARN).stream()
                                        .anyMatch(it -> it.contains("blockWhenFull=true"));
                            });
        }
    }

    @Test
    void doNotHoldUpAStopAndComeAgainAfterIt() throws Exception {
        start("", true);
        awaitStuck();
        // the dropped ones stay undiscovered: a collection would bring them again before the stop
        context.getRouteController().startRoute("next");
        await().until(() -> received.size() == 2);
        try (LogRecorder log = new LogRecorder(Level.WARN)) {
            context.stop();

            assertThat(log.lines(Level.WARN)).as("no timeout").isEmpty();
        }

        context = newContext();
        collect(uri(DAY, DAY, "delay=1"));
        context.start();
        await().until(() -> received.size() == 5);

        assertThat(bodies()).containsExactly(LINES);
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void areNoneWhenTheFailureReachesTheExport() throws Exception {
        start("", false);
        startNext();
        await().until(() -> received.size() == 5);

        assertThat(Set.copyOf(bodies())).isEqualTo(Set.of(LINES));
        await().until(() -> consumer().trouble().isEmpty());
    }
}
