package io.github.camelmixpanel.export;

import static io.github.camelmixpanel.export.testkit.Parsed.isParsed;
import static org.apache.camel.builder.Builder.body;
import static org.apache.camel.builder.Builder.constant;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelmixpanel.export.internal.exchange.EventBody;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.split.scan.ParsedEvent;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.dataformat.JsonLibrary;
import org.apache.camel.model.language.ConstantExpression;
import org.apache.camel.model.language.SimpleExpression;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What routes do with the body of an event, each through a real CamelContext. */
class MixpanelEventInRoutesTest {

    private static final String JSON =
            "{\"event\":\"Buy\",\"properties\":{\"$os\":\"iOS\",\"price\":1.10,"
                    + "\"big\":123456789012345678901234567890,\"note\":null,\"items\":[{\"sku\":\"a\"}]}}";
    private static final Instant TIME = Instant.parse("2026-10-11T23:59:59Z");

    private final DefaultCamelContext context = new DefaultCamelContext();
    private MixpanelEvent event = event(JSON.getBytes(StandardCharsets.UTF_8));

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    @ParameterizedTest
    @CsvSource({
        "${body[event]}, Buy, true",
        "${body.event}, Buy, true",
        "${body.properties[$os]}, iOS, true",
        "${body[properties][$os]}, iOS, true",
        "${body.properties[price]}, 1.10, true",
        "${body.properties[big]}, 123456789012345678901234567890, true",
        "${date:header.CamelMixpanelExportTime:yyyy-MM-dd}, 2026-10-11, false"
    })
    void answersSimpleExpressions(String expression, String expected, boolean parses)
            throws Exception {
        Exchange result = send(route -> route.setHeader("result").simple(expression));

        assertThat(result.getMessage().getHeader("result", String.class)).isEqualTo(expected);
        assertThat(result.getMessage().getBody()).isSameAs(event);
        assertThat(isParsed(event)).isEqualTo(parses);
    }

    @Test
    void isItsJsonInText() throws Exception {
        assertThat(bodyAfter(route -> route.setBody().simple("${body}"))).isEqualTo(event);
        assertThat(bodyAfter(route -> route.setBody().simple("<${body}>")))
                .isEqualTo("<" + JSON + ">");
        assertThat(bodyAfter(route -> route.setBody().simple("${bodyAs(String)}"))).isEqualTo(JSON);
    }

    @Test
    void convertsToBytesTextAndStreamsWithoutParsing() throws Exception {
        byte[] json = JSON.getBytes(StandardCharsets.UTF_8);

        assertThat(bodyAfter(route -> route.convertBodyTo(String.class))).isEqualTo(JSON);
        assertThat(bodyAfter(route -> route.convertBodyTo(byte[].class))).isEqualTo(json);
        assertThat((InputStream) bodyAfter(route -> route.convertBodyTo(InputStream.class)))
                .hasBinaryContent(json);
        assertThat(bodyAfter(route -> route.convertBodyTo(ByteBuffer.class)))
                .isEqualTo(ByteBuffer.wrap(json));
        assertThat(isParsed(event)).isFalse();
    }

    @Test
    void convertsToATreeWithExactNumbers() throws Exception {
        JsonNode tree = (JsonNode) bodyAfter(route -> route.convertBodyTo(JsonNode.class));

        assertThat(tree).hasToString(JSON);
        assertThat(isParsed(event)).isFalse();
    }

    @Test
    void staysTheSameAsAMapAndBecomesACopyAsAHashMap() throws Exception {
        assertThat(bodyAfter(route -> route.convertBodyTo(Map.class))).isSameAs(event);
        assertThat(bodyAfter(route -> route.convertBodyTo(HashMap.class)))
                .isExactlyInstanceOf(HashMap.class)
                .isEqualTo(event);
    }

    @Test
    void answersJsonPath() throws Exception {
        assertThat(bodyAfter(route -> route.setBody().jsonpath("$.properties['$os']")))
                .isEqualTo("iOS");
        assertThat(reached(route -> route.filter().jsonpath("$[?(@.event=='Buy')]"))).isTrue();
        assertThat(reached(route -> route.filter().jsonpath("$[?(@.event=='Sell')]"))).isFalse();
    }

    @Test
    void isMarshalledAndUnmarshalledAsJson() throws Exception {
        Exchange marshalled = send(route -> route.marshal().json(JsonLibrary.Jackson));
        assertThat(marshalled.getMessage().getBody(String.class)).isEqualTo(JSON);

        Object unmarshalled = bodyAfter(route -> route.unmarshal().json(JsonLibrary.Jackson));
        assertThat(unmarshalled).isInstanceOf(Map.class);
        assertThat(((Map<?, ?>) unmarshalled).get("event")).isEqualTo("Buy");
    }

    @Test
    void keepsControlCharactersThatRoutesReadAsAMapOrATree() throws Exception {
        String json = "{\"event\":\"Buy\",\"properties\":{\"$carrier\":\"EXA\6\0\t\r\"}}";
        event = event(json.getBytes(StandardCharsets.UTF_8));

        assertThat(bodyAfter(route -> route.convertBodyTo(String.class))).isEqualTo(json);
        assertThat(bodyAfter(route -> route.setBody().simple("${body.properties[$carrier]}")))
                .isEqualTo("EXA\6\0\t\r");
        Object unmarshalled =
                bodyAfter(
                        route ->
                                route.convertBodyTo(JsonNode.class)
                                        .unmarshal()
                                        .json(JsonLibrary.Jackson, Purchase.class));
        assertThat(unmarshalled).isEqualTo(new Purchase("Buy", Map.of("$carrier", "EXA\6\0\t\r")));
    }

    record Purchase(String event, Map<String, Object> properties) {}

    @Test
    void isOneElementOfAListThatIsSplit() throws Exception {
        MockEndpoint parts = context.getEndpoint("mock:parts", MockEndpoint.class);

        send(
                route ->
                        route.setBody(constant(List.of(event, event)))
                                .split(body())
                                .streaming()
                                .to(parts)
                                .end());

        assertThat(parts.getExchanges())
                .hasSize(2)
                .allSatisfy(part -> assertThat(part.getMessage().getBody()).isSameAs(event));
        assertThat(isParsed(event)).isFalse();
    }

    @Test
    void isOneValueToComponentsThatSendEachElementOfTheirBody() {
        assertThat(event).isNotInstanceOf(Iterable.class).isNotInstanceOf(Iterator.class);
    }

    @Test
    void isFilteredAndChosen() throws Exception {
        assertThat(reached(route -> route.filter().simple("${body[event]} == 'Buy'"))).isTrue();
        assertThat(reached(route -> route.filter().simple("${body.properties[price]} > 2")))
                .isFalse();
        Object body =
                bodyAfter(
                        route ->
                                route.choice()
                                        .when()
                                        .simple("${body.properties[$os]} == 'iOS'")
                                        .setBody(new SimpleExpression("${body.properties[price]}"))
                                        .otherwise()
                                        .setBody(new ConstantExpression("other"))
                                        .end());
        assertThat(body).isEqualTo(new BigDecimal("1.10"));
    }

    @Test
    void isLoggedWithoutParsing() throws Exception {
        assertThat(
                        bodyAfter(
                                route ->
                                        route.to(
                                                        "log:events?showAll=true&level=TRACE&logMask=false")
                                                .log(
                                                        LoggingLevel.WARN,
                                                        "isLoggedWithoutParsing",
                                                        "${body}")))
                .isSameAs(event);
        assertThat(isParsed(event)).isFalse();
    }

    @Test
    void isWrittenToAFileByteForByte(@TempDir Path directory) throws Exception {
        byte[] noUtf8 = "{\"event\":\"?\",\"properties\":{}}".getBytes(StandardCharsets.US_ASCII);
        noUtf8[10] = (byte) 0xFF;
        event = event(noUtf8);

        send(route -> route.to("file:" + directory + "?fileName=event.json"));

        assertThat(directory.resolve("event.json")).hasBinaryContent(noUtf8);
        assertThat(bodyAfter(route -> route.convertBodyTo(byte[].class))).isEqualTo(noUtf8);
        assertThat((InputStream) bodyAfter(route -> route.convertBodyTo(InputStream.class)))
                .hasBinaryContent(noUtf8);
        assertThat(isParsed(event)).isFalse();
    }

    @Test
    void isAppendedToAFileLineByLine(@TempDir Path directory) throws Exception {
        String uri =
                "file:" + directory + "?fileName=events.jsonl&fileExist=Append&appendChars=\\n";

        send(route -> route.to(uri));
        send(route -> route.to(uri));

        try (Stream<String> lines = Files.lines(directory.resolve("events.jsonl"))) {
            assertThat(lines).containsExactly(JSON, JSON);
        }
        assertThat(isParsed(event)).isFalse();
    }

    private boolean reached(RouteSteps steps) throws Exception {
        MockEndpoint reached = context.getEndpoint("mock:reached", MockEndpoint.class);
        reached.reset();
        send(route -> steps.add(route).to(reached));
        return reached.getReceivedCounter() == 1;
    }

    private Object bodyAfter(RouteSteps steps) throws Exception {
        return send(steps).getMessage().getBody();
    }

    private Exchange send(RouteSteps steps) throws Exception {
        String start = "direct:" + context.getRoutesSize();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        steps.add(from(start));
                    }
                });
        context.start();
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(event);
        exchange.getMessage().setHeader(MixpanelExportConstants.TIME, Date.from(TIME));
        Exchange result = context.createProducerTemplate().send(start, exchange);
        assertThat(result.getException()).isNull();
        return result;
    }

    private static MixpanelEvent event(byte[] json) {
        return new EventBody(
                new ParsedEvent(
                        1,
                        json,
                        "Buy",
                        null,
                        "u1",
                        "i1",
                        new ExportEvent.ReadTime(TIME, TIME.getEpochSecond()),
                        null),
                null);
    }

    @FunctionalInterface
    private interface RouteSteps {
        ProcessorDefinition<?> add(ProcessorDefinition<?> route);
    }
}
