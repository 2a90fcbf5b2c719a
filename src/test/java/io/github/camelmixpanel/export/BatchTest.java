package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More than one event an exchange. */
class BatchTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final List<List<Integer>> positions = Collections.synchronizedList(new ArrayList<>());

    private static String jsonl(String... lines) {
        return String.join("\n", lines) + "\n";
    }

    private void awaitPoll() {
        await().until(() -> consumer().isFirstPollDone());
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @Test
    void isAListAndItsJsonl() throws Exception {
        String[] lines = lines(DAY, 25);
        mixpanel.addEvents(lines);
        List<List<?>> lists = Collections.synchronizedList(new ArrayList<>());
        handle(
                uri(DAY, DAY, "batchSize=10", "repeatCount=1"),
                e -> {
                    received.add(Received.of(e));
                    lists.add((List<?>) e.getMessage().getBody());
                    assertThat(e.getMessage().getBody(byte[].class))
                            .asString()
                            .isEqualTo(received.get(lists.size() - 1).body());
                    assertThat(e.getMessage().getBody(InputStream.class))
                            .hasContent(received.get(lists.size() - 1).body());
                });
        context.start();
        awaitPoll();

        assertThat(bodies())
                .containsExactly(
                        jsonl(Arrays.copyOf(lines, 10)),
                        jsonl(Arrays.copyOfRange(lines, 10, 20)),
                        jsonl(Arrays.copyOfRange(lines, 20, 25)));
        assertThat(lists).extracting(List::size).containsExactly(10, 10, 5);
        assertThat(((MixpanelEvent) lists.get(2).get(4)).getProperties()).containsEntry("n", 24);
        assertThat(((MixpanelEvent) lists.get(2).get(4)).getDedupeKey()).hasSize(32);
        assertThat(received.get(1).headers())
                .containsOnly(
                        Map.entry(MixpanelExportConstants.DAY, DAY),
                        Map.entry(MixpanelExportConstants.FROM_DATE, DAY),
                        Map.entry(MixpanelExportConstants.TO_DATE, DAY),
                        Map.entry(MixpanelExportConstants.GENERATION, 1),
                        Map.entry(MixpanelExportConstants.LINE, 11L));
        assertThat(consumer().trouble()).isEmpty();
    }

    @Test
    void hasADayWhenAllOfItsEventsAreOfIt() throws Exception {
        mixpanel.addEvents(lines(DAY, 15)).addEvents(lines("2026-10-06", 15));
        collect(uri(DAY, "2026-10-06", "batchSize=10", "windowDays=2", "repeatCount=1"));
        context.start();
        awaitPoll();

        assertThat(received)
                .hasSize(3)
                .allSatisfy(
                        batch -> {
                            boolean mixed =
                                    batch.body().contains(DAY)
                                            && batch.body().contains("2026-10-06");
                            assertThat(batch.headers().containsKey(MixpanelExportConstants.DAY))
                                    .isNotEqualTo(mixed);
                        });
    }

    @Test
    void isAListEvenOfOneEvent() throws Exception {
        mixpanel.addEvents(lines(DAY, 1));
        collect(uri(DAY, DAY, "batchSize=10", "repeatCount=1"));
        context.start();
        awaitPoll();

        assertThat(bodies()).containsExactly(jsonl(lines(DAY, 1)));
    }

    @Test
    void leavesDuplicatesOutOfBatches() throws Exception {
        String[] lines = lines(DAY, 20);
        mixpanel.addEvents(lines).addEvents(lines(DAY, 15)).addEvents(lines(DAY, 30));
        collect(uri(DAY, DAY, "batchSize=8", "repeatCount=1"));
        context.start();
        awaitPoll();

        assertThat(String.join("", bodies())).isEqualTo(jsonl(lines(DAY, 30)));
        assertThat(bodies().stream().map(it -> it.lines().count())).containsExactly(8L, 8L, 8L, 6L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void tellsThePlaceOfAnExchangeAmongThoseOfItsGeneration(int batchSize) throws Exception {
        mixpanel.addEvents(lines(DAY, 10)).addEvents(lines(DAY, 10));
        failing(
                uri(DAY, DAY, "batchSize=" + batchSize, "repeatCount=2", "maxMessagesPerPoll=30"),
                line -> line == 5 && broken.getAndSet(false));
        context.start();
        int exchanges = (10 + batchSize - 1) / batchSize;
        await().until(() -> positions.size() > exchanges);

        int refused = 4 / batchSize;
        List<List<Integer>> expected =
                new ArrayList<>(
                        IntStream.range(0, exchanges).mapToObj(i -> place(i, exchanges)).toList());
        // the one that was refused keeps its place when it comes again
        expected.add(place(refused, exchanges));
        assertThat(positions).containsExactlyElementsOf(expected);
    }

    private static List<Integer> place(int index, int exchanges) {
        return List.of(index, exchanges, index == exchanges - 1 ? 1 : 0);
    }

    @Test
    void saysNothingOfThePlaceInTheMiddleOfAWindowAfterARestart() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        String uri = uri(DAY, DAY, "batchSize=4", "maxRedeliveries=1000", "repeatCount=1");
        failing(uri, line -> line == 5);
        context.start();
        await().until(() -> received.size() == 2);
        restart();
        positions.clear();
        received.clear();
        broken.set(false);
        failing(uri, line -> false);
        context.start();
        awaitPoll();

        assertThat(bodies()).containsExactly(jsonl(Arrays.copyOfRange(lines(DAY, 10), 4, 8)));
        assertThat(positions).containsExactly(List.of(-1, -1, -1));
    }

    @Test
    void handsOutAFailedBatchAgainAsItWas() throws Exception {
        String[] lines = lines(DAY, 100);
        mixpanel.addEvents(Arrays.copyOf(lines, 33)).addEvents(lines); // 33 duplicates in between
        failing(
                uri(DAY, DAY, "batchSize=10", "maxRedeliveries=1000"),
                line -> line == 21 || line == 31);
        context.start();
        await().until(() -> received.size() == 8 && positions.size() >= 14);
        int before = received.size();
        broken.set(false);
        await().until(() -> received.size() == 10);

        List<String> all = bodies();
        assertThat(all.subList(before, 10))
                .containsExactly(
                        jsonl(Arrays.copyOfRange(lines, 20, 30)),
                        // the first of them is line 31 of the download, the last line 73
                        jsonl(Arrays.copyOfRange(lines, 30, 40)));
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void countsExchangesInFlightAndAPoll() throws Exception {
        mixpanel.addEvents(lines(DAY, 100));
        AtomicInteger inRoute = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(
                                        DAY,
                                        DAY,
                                        "batchSize=5",
                                        "maxInFlight=3",
                                        "maxMessagesPerPoll=7",
                                        "repeatCount=2"))
                                .routeId("export")
                                .process(
                                        e -> {
                                            most.accumulateAndGet(
                                                    inRoute.incrementAndGet(), Math::max);
                                            e.getExchangeExtension()
                                                    .addOnCompletion(
                                                            new org.apache.camel.support
                                                                    .SynchronizationAdapter() {
                                                                @Override
                                                                public void onDone(Exchange done) {
                                                                    inRoute.decrementAndGet();
                                                                }
                                                            });
                                        })
                                .to("seda:next?blockWhenFull=true");
                        from("seda:next?concurrentConsumers=4")
                                .process(e -> received.add(Received.of(e)));
                    }
                });
        context.start();
        await().until(() -> consumer().getCounter() >= 2 && received.size() == 14);

        assertThat(most.get()).isBetween(1, 3);
        assertThat(bodies().stream().flatMap(String::lines))
                .containsExactlyInAnyOrder(Arrays.copyOf(lines(DAY, 100), 70));
    }

    @Test
    void splitsMarshalsAndIsWrittenInXmlRoutes() throws Exception {
        String[] lines = lines(DAY, 25);
        mixpanel.addEvents(lines);
        Path out = temp.resolve("out");
        String xml =
                """
                <routes>
                  <route id="export">
                    <from uri="%s"/>
                    <to uri="file:%s?fileName=${header.CamelMixpanelExportFromDate}.jsonl&amp;fileExist=Append"/>
                    <split><simple>${body}</simple>
                      <to uri="direct:one"/>
                    </split>
                    <marshal><json library="Jackson"/></marshal>
                    <to uri="file:%s?fileName=${header.CamelMixpanelExportLine}.json"/>
                  </route>
                </routes>
                """
                        .formatted(
                                uri(DAY, DAY, "batchSize=10", "repeatCount=1")
                                        .replace("&", "&amp;"),
                                out,
                                out);
        Resource resource = ResourceHelper.fromString("routes.xml", xml);
        PluginHelper.getRoutesLoader(context).loadRoutes(resource);
        List<Object> users = Collections.synchronizedList(new ArrayList<>());
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:one")
                                .process(e -> users.add(e.getMessage().getBody()))
                                .setHeader("n", simple("${body.properties[n]}"))
                                .process(e -> received.add(Received.of(e)));
                    }
                });
        context.start();
        awaitPoll();

        assertThat(consumer().trouble()).isEmpty();
        assertThat(Files.readString(out.resolve(DAY + ".jsonl"))).isEqualTo(jsonl(lines));
        assertThat(bodies()).containsExactly(lines);
        assertThat(users).allMatch(MixpanelEvent.class::isInstance);
        assertThat(received).extracting(it -> it.header("n")).containsSequence(23, 24);
        assertThat(Files.readString(out.resolve("21.json")))
                .isEqualTo("[" + String.join(",", Arrays.copyOfRange(lines, 20, 25)) + "]");
    }

    @Test
    void splitsAndMarshalsInJavaRoutes() throws Exception {
        String[] lines = lines(DAY, 25);
        mixpanel.addEvents(lines);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(DAY, DAY, "batchSize=10", "repeatCount=1"))
                                .routeId("export")
                                .split(body())
                                .streaming()
                                .marshal()
                                .json(JsonLibrary.Jackson)
                                .process(e -> received.add(Received.of(e)));
                    }
                });
        context.start();
        awaitPoll();

        assertThat(bodies()).containsExactly(lines);
    }

    /** Refuses a batch that begins with one of these lines. */
    private void failing(String uri, java.util.function.LongPredicate fails) throws Exception {
        handle(uri, e -> take(e, fails));
    }

    private void take(Exchange exchange, java.util.function.LongPredicate fails) {
        positions.add(
                Stream.of(
                                exchange.getProperty(ExchangePropertyKey.BATCH_INDEX),
                                exchange.getProperty(ExchangePropertyKey.BATCH_SIZE),
                                exchange.getProperty(ExchangePropertyKey.BATCH_COMPLETE))
                        .map(
                                it ->
                                        it instanceof Boolean flag
                                                ? Integer.valueOf(flag ? 1 : 0)
                                                : it == null ? Integer.valueOf(-1) : (Integer) it)
                        .toList());
        if (broken.get()
                && fails.test(
                        exchange.getMessage()
                                .getHeader(MixpanelExportConstants.LINE, Long.class))) {
            throw new IllegalStateException("database away");
        }
        received.add(Received.of(exchange));
    }
}
