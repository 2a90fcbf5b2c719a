package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.failure.InvalidExportRequestException;
import io.github.camelmixpanel.export.failure.QuotaExhaustedException;
import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.simulator.Query;
import io.github.camelmixpanel.export.testkit.Patiently;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** How a window on demand waits, in virtual time, and what ends its wait. */
class OnDemandWaitsTest extends VirtualTimeTestSupport {

    private static final Instant START = Instant.parse("2026-12-01T12:00:00Z");
    private static final String DAY = "2026-10-05";

    OnDemandWaitsTest() {
        super(START);
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().limits(60, 3, 100);
    }

    private void route(String... options) throws Exception {
        String[] all = java.util.Arrays.copyOf(options, options.length + 1);
        all[options.length] = "queriesPerSecond=3";
        String uri = uri(DAY, DAY, all);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:again").to(uri).split(body()).streaming().to("mock:event");
                    }
                });
        context.start();
    }

    private Exchange ask() {
        return context.createProducerTemplate().send("direct:again", exchange -> {});
    }

    private CompletableFuture<Exchange> asking() {
        return CompletableFuture.supplyAsync(this::ask, command -> new Thread(command).start());
    }

    @Test
    void waitsForTheQuotaThatItSharesWithTheConsumer() throws Exception {
        collect(uri("2026-08-01", "2026-09-28", "repeatCount=1", "queriesPerSecond=3"));
        route("onDemandTimeout=1h");
        await().until(() -> consumer().isFirstPollDone());
        assertThat(mixpanel.queries()).hasSize(59);

        ask();
        Exchange second = ask();

        assertThat(second.getException()).isNull();
        List<Query> queries = mixpanel.queries();
        assertThat(queries).hasSize(61);
        assertThat(queries.get(59).at()).isBefore(START.plus(Duration.ofHours(1)));
        assertThat(queries.get(60).at()).isAfterOrEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(mixpanel.mostQueriesInAnyHour()).isEqualTo(60);
        assertThat(mixpanel.refused()).isZero();
    }

    @Test
    void waitsAsLongAsA429SaysWithoutUsingUpARetry() throws Exception {
        mixpanel.answer(Answer.rateLimited("1200"));
        route("maxRetries=0", "onDemandTimeout=1h");

        assertThat(ask().getException()).isNull();

        assertThat(mixpanel.queries().get(1).at()).isAfterOrEqualTo(START.plusSeconds(1200));
    }

    @Test
    void failsAtOnceAndSaysWhenThereIsRoomWhenThatIsLaterThanOnDemandTimeout() throws Exception {
        route("queriesPerHour=1");
        ask();
        Instant first = mixpanel.queries().get(0).at();

        Exchange second = ask();

        assertThat(second.getException())
                .isInstanceOf(QuotaExhaustedException.class)
                .hasMessageContaining("Window " + DAY + ": not queried")
                .hasMessageContaining(
                        "onDemandTimeout (30 s): 1 of 1 queries used in the last hour")
                .hasMessageContaining("There is room at 2026-12-01T13:0");
        Duration room =
                ((QuotaExhaustedException) second.getException()).retryAfter().orElseThrow();
        assertThat(room).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
        assertThat(time.clock().instant()).isBefore(first.plusSeconds(30));
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void waitsForOnDemandTimeoutInAllHoweverOftenMixpanelLetsItTryAgain() throws Exception {
        for (int i = 0; i < 10; i++) {
            mixpanel.answer(Answer.rateLimited("8"));
        }
        route("queriesPerHour=60");

        assertThat(ask().getException())
                .isInstanceOf(QuotaExhaustedException.class)
                .hasMessageContaining("429");
        assertThat(mixpanel.queries()).hasSize(4);
        assertThat(time.clock().instant()).isBefore(START.plusSeconds(35));
    }

    @Test
    void letsNoMoreThanMaxConcurrentQueriesMessagesWait() throws Exception {
        time.close(); // no time passes for those that wait
        CountDownLatch answer = new CountDownLatch(1);
        mixpanel.answer(Answer.blockUntil(answer));
        route("maxConcurrentQueries=1", "maxConcurrentWindows=1");
        List<CompletableFuture<Exchange>> asked = Stream.generate(this::asking).limit(20).toList();

        await().until(() -> asked.stream().filter(CompletableFuture::isDone).count() == 18);
        asked.stream()
                .filter(CompletableFuture::isDone)
                .map(CompletableFuture::join)
                .forEach(
                        refused ->
                                assertThat(refused.getException())
                                        .isInstanceOf(QuotaExhaustedException.class)
                                        .hasMessageContaining("too many other messages wait"));
        await().until(() -> mixpanel.queries().size() == 1);
        answer.countDown();
        await().until(() -> asked.stream().allMatch(CompletableFuture::isDone));
        assertThat(asked.stream().filter(it -> it.join().getException() == null)).hasSize(2);
    }

    @Test
    void endsItsWaitWhenItsCallerIsInterrupted() throws Exception {
        time.close(); // nobody lets the hour pass
        route("queriesPerHour=1", "onDemandTimeout=2h");
        ask();
        Thread caller = new Thread(this::ask);
        caller.start();
        await().until(() -> context.getInflightRepository().size() == 1);

        caller.interrupt();

        await().until(() -> !caller.isAlive());
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void pausesNobodyElseWhenMixpanelRefusesWhatMessagesRequested() throws Exception {
        Answer refused = Answer.status(400, "text/plain", "no such thing", Map.of());
        mixpanel.answer(refused, refused, refused, refused);
        route();
        for (String day : List.of("2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04")) {
            Exchange asked =
                    context.createProducerTemplate()
                            .send(
                                    "direct:again",
                                    it -> {
                                        it.getMessage()
                                                .setHeader(MixpanelExportConstants.FROM_DATE, day);
                                        it.getMessage()
                                                .setHeader(MixpanelExportConstants.TO_DATE, day);
                                    });
            assertThat(asked.getException()).isInstanceOf(InvalidExportRequestException.class);
        }

        collect(uri("2026-09-01", "2026-09-05", "repeatCount=1", "queriesPerSecond=3"));

        await().until(() -> consumer().isFirstPollDone());
        assertThat(mixpanel.queries()).hasSize(9);
        assertThat(mixpanel.queries().get(8).at()).isBefore(START.plus(Duration.ofMinutes(1)));
    }

    @Test
    void waitsLongerBeforeEachRetry() throws Exception {
        Answer busy = Answer.status(503, "text/plain", "busy", Map.of());
        mixpanel.answer(busy, busy, busy);
        route("retryDelay=60s", "maxRetries=3");

        assertThat(ask().getException()).isNull();

        List<Query> queries = mixpanel.queries();
        assertThat(queries).hasSize(4);
        for (int i = 1; i < 4; i++) {
            Duration wait = Duration.between(queries.get(i - 1).at(), queries.get(i).at());
            // a quarter of it may be added or taken at random
            Duration told = Duration.ofSeconds(60L << (i - 1));
            assertThat(wait)
                    .isBetween(
                            told.multipliedBy(3).dividedBy(4), told.multipliedBy(5).dividedBy(4));
        }
    }

    @Test
    void endsItsWaitForTheQuotaWhenTheContextStops() throws Exception {
        time.close(); // nobody lets the hour pass
        route("queriesPerHour=1", "onDemandTimeout=2h");
        ask();
        CompletableFuture<Exchange> waiting = asking();
        await().until(() -> context.getInflightRepository().size() == 1);

        context.stop();

        Exchange refused = Patiently.get(waiting);
        assertThat(refused.getException())
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("is being stopped. Send the message again");
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void endsItsDownloadWhenTheContextStops() throws Exception {
        mixpanel.addEvents(lines(DAY, 500));
        mixpanel.answer(Answer.hangAfter(0.5));
        route();
        CompletableFuture<Exchange> waiting = asking();
        await().until(() -> mixpanel.queries().size() == 1);

        context.stop();

        assertThat(Patiently.get(waiting).getException())
                .isInstanceOf(RejectedExecutionException.class);
    }
}
