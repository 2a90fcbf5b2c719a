package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelmixpanel.export.observe.MixpanelExportStatusPage;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.console.DevConsole;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Each day of a window of several days is shown with its own events. */
class CountsByDayTest extends ExportTestSupport {

    private static final LocalDate FIRST = LocalDate.parse("2026-10-05");
    private static final List<Long> EVENTS = List.of(0L, 70L, 0L, 300L, 1L, 20L, 9L);
    private static final ObjectMapper JSON = new ObjectMapper();

    private void export(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("windowDays=7", "repeatCount=1"));
        all.addAll(List.of(options));
        collect(uri(FIRST.toString(), FIRST.plusDays(6).toString(), all.toArray(String[]::new)));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
    }

    private void exportAWeek() throws Exception {
        for (int day = 0; day < 7; day++) {
            String[] lines = lines(FIRST.plusDays(day).toString(), EVENTS.get(day).intValue());
            mixpanel.addEvents(lines);
        }
        export();
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void areTheSameOnEveryFaceAndAfterARestart() throws Exception {
        exportAWeek();
        assertDays(jmx());
        assertDays(console());
        assertDays(page());

        restart();
        export();

        assertDays(jmx());
        assertThat(mixpanel.queries()).hasSize(1);
    }

    private void assertDays(JsonNode export) {
        List<Long> events = new ArrayList<>();
        long bytes = 0;
        for (JsonNode day : export.get("days")) {
            events.add(day.get("events").asLong());
            bytes += day.get("bytes").asLong();
            assertThat(day.get("from").asText()).isEqualTo(FIRST.toString());
            assertThat(day.get("bytes").asLong() > 0).isEqualTo(day.get("events").asLong() > 0);
        }
        assertThat(events).isEqualTo(EVENTS);
        assertThat(bytes).as("each is rounded").isBetween(downloaded() - 7, downloaded() + 7);
    }

    private long downloaded() {
        return mixpanel.queries().get(0).bytes();
    }

    /** A day that was exported again alone has its figures from there. */
    @Test
    void areThoseOfTheLastWindowOfEachDay() throws Exception {
        exportAWeek();
        mixpanel.addEvents(lines(FIRST.toString(), 5));
        consumer().reexport(FIRST.toString(), FIRST.toString(), "REPLAY");
        restart();
        export("windowDays=1");

        JsonNode days = jmx().get("days");
        assertThat(days.at("/0/events").asLong()).isEqualTo(5);
        assertThat(days.at("/0/bytes").asLong()).isEqualTo(mixpanel.queries().get(1).bytes());
        assertThat(days.at("/1/events").asLong()).isEqualTo(70);
    }

    @Test
    void areNotShownWhereAnEarlierVersionHasNotCounted() throws Exception {
        exportAWeek();
        restart();
        Path ledger = exportFolder().resolve("ledger.jsonl");
        Files.writeString(ledger, ledger().replaceAll(",\"eventsByDay\":\\[[^]]*]", ""));

        export();

        assertThat(jmx().get("days"))
                .hasSize(7)
                .allMatch(day -> !day.has("events") && !day.has("bytes"))
                .allMatch(day -> day.get("generation").asInt() == 1);
        assertThat(health().getState().name()).isEqualTo("UP");
    }

    private JsonNode jmx() throws Exception {
        return JSON.readTree(
                (String)
                        ManagementFactory.getPlatformMBeanServer()
                                .invoke(mbean(), "exportStatus", null, null));
    }

    private JsonNode console() throws Exception {
        DevConsole console =
                PluginHelper.getDevConsoleResolver(context).resolveDevConsole("mixpanel-export");
        return JSON.readTree(((JsonObject) console.call(DevConsole.MediaType.JSON)).toJson())
                .at("/exports/0");
    }

    private JsonNode page() throws Exception {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setHeader(Exchange.HTTP_URL, "http://localhost:8080/");
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "GET");
        exchange.getMessage().setHeader(Exchange.HTTP_URI, "/mixpanel-export/status.json");
        new MixpanelExportStatusPage().serve(exchange, false);
        return JSON.readTree(exchange.getMessage().getBody(String.class)).at("/exports/0");
    }
}
