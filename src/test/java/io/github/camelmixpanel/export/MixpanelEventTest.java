package io.github.camelmixpanel.export;

import static io.github.camelmixpanel.export.testkit.Parsed.isParsed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.DecimalNode;
import io.github.camelmixpanel.export.internal.exchange.EventBody;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.split.scan.ParsedEvent;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MixpanelEventTest {

    private static final Instant TIME = Instant.parse("2026-10-11T12:13:14Z");

    @Test
    void isTheMapOfItsJson() {
        MixpanelEvent event =
                event(
                        "{\"event\":\"Buy\",\"properties\":{\"$os\":\"iOS\",\"tags\":[\"a\",null],\"x\":null}}");

        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("$os", "iOS");
        properties.put("tags", Arrays.asList("a", null));
        properties.put("x", null);
        Map<String, Object> same = Map.of("event", "Buy", "properties", properties);
        assertThat((Map<String, Object>) event)
                .isEqualTo(same)
                .hasSameHashCodeAs(same)
                .hasSize(2)
                .containsEntry("event", "Buy");
        assertThat(same).isEqualTo(event);
        assertThat(event.getProperties())
                .containsOnlyKeys("$os", "tags", "x")
                .containsEntry("x", null);
        assertThat(event.getProperties().keySet()).containsExactly("$os", "tags", "x");
    }

    @Test
    void isTheJsonAsTextAndAsBytes() {
        String json = "{ \"event\" : \"Größe\\u0021\", \"properties\":{\"n\":1.10}}";

        assertThat(event(json).toString()).isEqualTo(json);
        assertThat(event(json).toBytes()).isEqualTo(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void givesTheFieldsOfTheEventWithoutParsing() {
        MixpanelEvent event = event("{}");

        assertThat(event.getEvent()).isEqualTo("Buy");
        assertThat(event.getDistinctId()).isEqualTo("u1");
        assertThat(event.getInsertId()).isEqualTo("i1");
        assertThat(event.getTime()).isEqualTo(TIME);
        assertThat(event.toString()).isEqualTo("{}");
        assertThat(event.toStream()).hasContent("{}");
        assertThat(isParsed(event)).isFalse();
    }

    @Test
    void keepsNumbersWithoutLoss() throws Exception {
        MixpanelEvent event =
                event(
                        "{\"properties\":{\"price\":1.10,\"big\":123456789012345678901234567890,"
                                + "\"long\":9007199254740993,\"tiny\":1E-400}}");

        assertThat(event.getProperties())
                .containsEntry("price", new BigDecimal("1.10"))
                .containsEntry("big", new BigInteger("123456789012345678901234567890"))
                .containsEntry("long", 9_007_199_254_740_993L)
                .containsEntry("tiny", new BigDecimal("1E-400"));
        assertThat(event.toTree().at("/properties/price"))
                .isEqualTo(DecimalNode.valueOf(new BigDecimal("1.10")))
                .hasToString("1.10");
    }

    @Test
    void cannotBeChangedAtAnyDepth() {
        MixpanelEvent event = event("{\"properties\":{\"list\":[{\"a\":1}]}}");
        List<?> list = (List<?>) event.getProperties().get("list");
        Map<?, ?> inner = (Map<?, ?>) list.get(0);

        assertThatThrownBy(() -> event.put("a", 1))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(event::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> event.entrySet().iterator().next().setValue(1))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> event.getProperties().clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(list::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(inner::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void handsOutBytesThatTheCallerMayChange() {
        MixpanelEvent event = event("{\"event\":\"Buy\"}");

        Arrays.fill(event.toBytes(), (byte) 0);

        assertThat(event.toString()).isEqualTo("{\"event\":\"Buy\"}");
    }

    @Test
    void keepsBytesThatAreNoUtf8AndReadsThemAsReplacements() throws Exception {
        byte[] json =
                "{\"event\":\"?\",\"properties\":{\"$os\":\"iOS\"}}"
                        .getBytes(StandardCharsets.US_ASCII);
        json[10] = (byte) 0xFF;
        MixpanelEvent event =
                new EventBody(
                        new ParsedEvent(
                                1,
                                json.clone(),
                                null,
                                null,
                                null,
                                null,
                                ExportEvent.ReadTime.NONE,
                                null),
                        null);

        assertThat(event.toBytes()).isEqualTo(json);
        assertThat(event.get("event")).isEqualTo("\uFFFD");
        assertThat(event.getProperties()).containsEntry("$os", "iOS");
        assertThat(event.toTree().get("event").textValue()).isEqualTo("\uFFFD");
    }

    @Test
    void readsTextLongerThanJacksonsUsualBound() {
        String text = "x".repeat(21_000_000);

        assertThat(
                        event("{\"properties\":{\"text\":\"" + text + "\"}}")
                                .getProperties()
                                .get("text"))
                .isEqualTo(text);
    }

    @Test
    void hasNoPropertiesWhereTheJsonHasNone() {
        assertThat(event("{}").getProperties()).isEmpty();
        assertThat(event("{\"properties\":null}").getProperties()).isEmpty();
    }

    @Test
    void namesTheLineThatCannotBeRead() {
        assertThatThrownBy(() -> event("{\"event\":").get("event"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage(
                        "Line 7 of the download cannot be read as a JSON object; the message body as String or"
                                + " byte[] still holds it");
    }

    @Test
    void parsesOnceHoweverManyThreadsAsk() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 50; round++) {
                MixpanelEvent event = event("{\"properties\":{\"a\":1}}");
                CyclicBarrier together = new CyclicBarrier(threads);
                List<Future<Object>> answers =
                        IntStream.range(0, threads)
                                .mapToObj(
                                        i ->
                                                pool.submit(
                                                        () -> {
                                                            together.await();
                                                            return event.get("properties");
                                                        }))
                                .toList();
                Set<Object> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
                for (Future<Object> answer : answers) {
                    distinct.add(answer.get());
                }
                assertThat(distinct).hasSize(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static MixpanelEvent event(String json) {
        return new EventBody(
                new ParsedEvent(
                        7,
                        json.getBytes(StandardCharsets.UTF_8),
                        "Buy",
                        null,
                        "u1",
                        "i1",
                        new ExportEvent.ReadTime(TIME, TIME.getEpochSecond()),
                        null),
                null);
    }
}
