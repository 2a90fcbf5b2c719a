package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three weeks of real events through one route, in each of Camel's languages. */
class WholeWayTest extends ExportTestSupport {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @ParameterizedTest
    @ValueSource(strings = {"xml", "yaml", "java"})
    void emitsEveryEventOnceByteForByteInOneQueryADay(String language) throws Exception {
        mixpanel.addFolder(EVENTS);
        context.getRegistry()
                .bind("collect", (org.apache.camel.Processor) e -> received.add(Received.of(e)));
        context.getPropertiesComponent()
                .addInitialProperty("uri", uri("2026-09-30", "2026-10-20", "repeatCount=1"));
        addRoute(language);
        context.start();

        await().until(() -> consumer().isFirstPollDone());

        assertThat(byDay())
                .as("events as served, day by day")
                .satisfies(
                        days -> {
                            assertThat(days.keySet()).hasSize(21);
                            days.forEach(
                                    (day, bodies) ->
                                            assertThat(bodies.equals(served(day)))
                                                    .as(day)
                                                    .isTrue());
                        });
        assertThat(received).hasSize(30_000);
        assertThat(mixpanel.queries()).hasSize(21);
        assertThat(mixpanel.refused()).isZero();
        assertHeaders();
    }

    private void addRoute(String language) throws Exception {
        String route =
                switch (language) {
                    case "xml" ->
                            """
                            <route id="export"><from uri="{{uri}}"/><process ref="collect"/></route>
                            """;
                    case "yaml" ->
                            """
                            - route:
                                id: export
                                from:
                                  uri: "{{uri}}"
                                  steps:
                                    - process:
                                        ref: collect
                            """;
                    default -> null;
                };
        if (route == null) {
            collect("{{uri}}");
            return;
        }
        Resource resource = ResourceHelper.fromString("route." + language, route);
        PluginHelper.getRoutesLoader(context).loadRoutes(resource);
    }

    private void assertHeaders() throws IOException {
        long line = 0;
        String day = "";
        for (Received exchange : received) {
            JsonNode properties = JSON.readTree(exchange.body()).get("properties");
            Instant time = Instant.ofEpochSecond(properties.get("time").longValue());
            line = exchange.header(MixpanelExportConstants.FROM_DATE).equals(day) ? line + 1 : 1;
            day = (String) exchange.header(MixpanelExportConstants.FROM_DATE);
            assertThat(exchange.header(MixpanelExportConstants.EVENT_NAME))
                    .isEqualTo(JSON.readTree(exchange.body()).get("event").textValue());
            assertThat(exchange.header(MixpanelExportConstants.DISTINCT_ID))
                    .isEqualTo(properties.get("distinct_id").textValue());
            assertThat(exchange.header(MixpanelExportConstants.INSERT_ID))
                    .isEqualTo(properties.get("$insert_id").textValue());
            assertThat(exchange.header(MixpanelExportConstants.TIME)).isEqualTo(Date.from(time));
            assertThat(exchange.header(Exchange.MESSAGE_TIMESTAMP)).isEqualTo(time.toEpochMilli());
            assertThat(time).isBetween(day + "T00:00:00Z", day + "T23:59:59Z");
            assertThat(exchange.header(MixpanelExportConstants.TO_DATE)).isEqualTo(day);
            assertThat(exchange.header(MixpanelExportConstants.GENERATION)).isEqualTo(1);
            assertThat(exchange.header(MixpanelExportConstants.LINE)).isEqualTo(line);
        }
    }

    @Test
    void handsOnTheVeryBytes() throws Exception {
        byte[] strange =
                ("{\"event\":\"a\\u0062\",  \"properties\":{\"time\":1791177480,\"x\":1.10,\"sep\":\"\u2028\u0085\"}}")
                        .getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[strange.length + 4];
        System.arraycopy(strange, 0, body, 0, strange.length);
        body[strange.length - 4] = (byte) 0xFF; // no UTF-8
        body[strange.length] = '\r';
        body[strange.length + 1] = '\n';
        body[strange.length + 2] = '\n';
        body[strange.length + 3] = '\n';
        mixpanel.addDay(java.time.LocalDate.parse("2026-10-05"), body);
        List<byte[]> bytes = new ArrayList<>();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri("2026-10-05", "2026-10-05"))
                                .process(e -> bytes.add(e.getMessage().getBody(byte[].class)));
                    }
                });
        context.start();

        await().until(() -> !bytes.isEmpty());

        assertThat(bytes.get(0)).isEqualTo(java.util.Arrays.copyOf(body, strange.length));
    }

    private Map<String, List<String>> byDay() {
        Map<String, List<String>> days = new TreeMap<>();
        for (Received exchange : received) {
            days.computeIfAbsent(
                            (String) exchange.header(MixpanelExportConstants.FROM_DATE),
                            day -> new ArrayList<>())
                    .add(exchange.body());
        }
        return days;
    }

    private static List<String> served(String day) {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(
                                        Files.newInputStream(EVENTS.resolve(day + ".jsonl.gz"))),
                                StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
