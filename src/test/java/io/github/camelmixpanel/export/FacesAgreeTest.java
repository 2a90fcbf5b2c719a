package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.observe.MixpanelExportStatusPage;
import io.github.camelmixpanel.export.observe.MixpanelWindowEvent;
import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.Query;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.Exchange;
import org.apache.camel.console.DevConsole;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * At the end of a run with a 429, a broken body, a refused query, bad lines and duplicates, every
 * figure of JMX, dev console, page, health check, meters and Camel events is that of the simulator.
 */
class FacesAgreeTest extends VirtualTimeTestSupport {

    private static final LocalDate FIRST = LocalDate.parse("2026-10-05");
    private static final LocalDate REFUSED = LocalDate.parse("2026-10-07");
    private static final int BAD_LINES = 2;

    /** Of the answers with 200, those whose body is broken. */
    private static final int BROKEN = 1;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<MixpanelWindowEvent> told = new CopyOnWriteArrayList<>();
    private final Map<String, Long> expected = new LinkedHashMap<>();

    FacesAgreeTest() {
        super(Instant.parse("2026-10-20T10:00:00Z"));
    }

    @BeforeEach
    void export() throws Exception {
        context.getRegistry().bind("metricsRegistry", registry);
        context.getManagementStrategy()
                .addEventNotifier(
                        new EventNotifierSupport() {
                            @Override
                            public void notify(CamelEvent event) {
                                if (event instanceof MixpanelWindowEvent window) {
                                    told.add(window);
                                }
                            }
                        });
        String bad = "no event\n".repeat(BAD_LINES);
        mixpanel.addEvents(lines("2026-10-05", 300))
                .addDay(FIRST, bad.getBytes(StandardCharsets.UTF_8))
                .addEvents(lines("2026-10-05", 300))
                .addEvents(lines("2026-10-06", 200));
        mixpanel.answer(FIRST.plusDays(1), Answer.rateLimited("20"), Answer.gzipWrongCrc());
        mixpanel.answer(REFUSED, Answer.status(400, "text/plain", "no such thing", Map.of()));
        collect(uri("2026-10-05", "2026-10-07", "repeatCount=1", "delay=3600000"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        time.hold();

        List<Query> queries = mixpanel.queries();
        long whole = queries.stream().filter(it -> it.status() == 200).count() - BROKEN;
        long limited = queries.stream().filter(it -> it.status() == 429).count();
        long events = lines(queries) - lines(queries.stream().filter(this::isBroken).toList());
        events -= BAD_LINES;
        expected.put("queries", (long) queries.size());
        expected.put("rateLimited", limited);
        expected.put("failedDownloads", queries.size() - whole - limited);
        expected.put("bytes", sum(queries, it -> it.status() == 200 ? it.bytes() : 0));
        expected.put("windows", whole);
        expected.put("failedWindows", 1L);
        expected.put("events", events);
        expected.put("acknowledged", (long) received.size());
        expected.put("duplicates", events - received.size());
        expected.put("badLines", (long) BAD_LINES);
        assertThat(expected.values()).as("%s", expected).allMatch(it -> it > 0);
        assertThat(received).hasSize(500);
    }

    /** The first answer with 200 for the second day. */
    private boolean isBroken(Query query) {
        return query
                == mixpanel.queries().stream()
                        .filter(it -> it.status() == 200)
                        .filter(it -> FIRST.plusDays(1).equals(it.fromDate()))
                        .findFirst()
                        .orElseThrow();
    }

    private static long lines(List<Query> queries) {
        return sum(queries, it -> it.status() == 200 ? it.lines() : 0);
    }

    private static long sum(List<Query> queries, ToLongFunction<Query> figure) {
        return queries.stream().mapToLong(figure).sum();
    }

    private long free() {
        return 60 - expected.get("queries");
    }

    @Test
    void jmx() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = mbean();
        Map<String, Object> shown = new LinkedHashMap<>();
        for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
            if (isOurs(attribute.getName())) {
                shown.put(attribute.getName(), server.getAttribute(name, attribute.getName()));
            }
        }

        long most =
                consumer().snapshot().orElseThrow().work().days().stream()
                        .mapToLong(day -> day.lastCommit().bytes().orElseThrow())
                        .max()
                        .orElseThrow();
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("ExportActivity", "IDLE");
        wanted.put("Verdict", "NEEDS_YOU");
        wanted.put("VerdictText", verdict().text());
        wanted.put("WindowsDue", 1L);
        wanted.put("WindowsCommitted", expected.get("windows"));
        wanted.put("EventsExported", expected.get("acknowledged"));
        wanted.put("EventsDownloaded", expected.get("events"));
        wanted.put("EventDuplicates", expected.get("duplicates"));
        wanted.put("BadLines", expected.get("badLines"));
        wanted.put("BytesReceived", expected.get("bytes"));
        wanted.put("Queries", expected.get("queries"));
        wanted.put("QueriesRateLimited", expected.get("rateLimited"));
        wanted.put("FailedDownloads", expected.get("failedDownloads"));
        wanted.put("QuotaFree", free());
        wanted.put("QuotaUsed", expected.get("queries"));
        wanted.put("EventsInFlight", 0L);
        wanted.put("SpoolBytes", 0L);
        wanted.put("QueriesToGo", 1L);
        wanted.put("BytesToGo", most);
        wanted.put("KnownDays", 2L);
        assertThat(shown).containsAllEntriesOf(wanted);
        assertThat(shown.keySet()).as("the rest is about time").hasSize(wanted.size() + 6);
        Instant first = mixpanel.queries().get(0).at();
        assertThat(Instant.parse((String) shown.get("QuotaFreesAt")))
                .isBetween(first.plusSeconds(3_600), first.plusSeconds(3_605));
        assertThat(Instant.parse((String) shown.get("NextQueryAt")))
                .isBetween(time.now(), time.now().plusSeconds(5));
        assertThat((Long) shown.get("LagSeconds"))
                .as("since the refused day began")
                .isEqualTo(
                        time.now().getEpochSecond()
                                - Instant.parse(REFUSED + "T00:00:00Z").getEpochSecond());
        assertThat((Long) shown.get("SecondsToGo")).as("the hour's wait").isBetween(1L, 3_700L);
        assertThat(Instant.parse((String) shown.get("DoneAt")))
                .isBetween(time.now(), time.now().plusSeconds(3_700));
        assertThat((String) shown.get("Trouble")).contains(REFUSED.toString(), "no such thing");
        assertCounts(
                new ObjectMapper()
                        .readTree((String) server.invoke(name, "exportStatus", null, null)));
    }

    private Verdict verdict() {
        return consumer().snapshot().orElseThrow().verdict();
    }

    private static boolean isOurs(String attribute) throws Exception {
        return List.of(ManagedConsumer.class.getDeclaredMethods()).stream()
                .anyMatch(it -> it.getName().equals("get" + attribute));
    }

    @Test
    void devConsole() throws Exception {
        DevConsole console =
                PluginHelper.getDevConsoleResolver(context).resolveDevConsole("mixpanel-export");

        assertCounts(
                new ObjectMapper()
                        .readTree(((JsonObject) console.call(DevConsole.MediaType.JSON)).toJson())
                        .at("/exports/0"));
        assertThat(verdict().state()).isEqualTo(Verdict.State.NEEDS_YOU);
        assertThat((String) console.call(DevConsole.MediaType.TEXT))
                .contains(verdict().text(), "Trouble: Window " + REFUSED + ": ")
                .contains(
                        String.format(
                                Locale.ROOT,
                                "Windows: 1 due, %d committed",
                                expected.get("windows")),
                        String.format(
                                Locale.ROOT,
                                "Events: %,d taken by the route, %,d duplicates left out, %,d bad lines",
                                expected.get("acknowledged"),
                                expected.get("duplicates"),
                                expected.get("badLines")),
                        String.format(
                                Locale.ROOT,
                                "Queries: %,d, %,d answered 429, %,d failed otherwise; %,d bytes received",
                                expected.get("queries"),
                                expected.get("rateLimited"),
                                expected.get("failedDownloads"),
                                expected.get("bytes")),
                        "Quota: " + free() + " of 60 left, one more at ")
                .containsPattern("Queries to go: 1 \\([0-9,]+ bytes\\); days this rests on: 2");
    }

    @Test
    void page() throws Exception {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setHeader(Exchange.HTTP_URL, "http://localhost:8080/");
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "GET");
        exchange.getMessage().setHeader(Exchange.HTTP_URI, "/mixpanel-export/status.json");
        new MixpanelExportStatusPage().serve(exchange, false);

        assertCounts(
                new ObjectMapper()
                        .readTree(exchange.getMessage().getBody(String.class))
                        .at("/exports/0"));
    }

    private void assertCounts(JsonNode export) {
        Map<String, Long> shown = new LinkedHashMap<>();
        export.get("counts")
                .properties()
                .forEach(count -> shown.put(count.getKey(), count.getValue().asLong()));
        assertThat(shown).isEqualTo(expected);
        assertThat(export.at("/quota/free").asLong()).isEqualTo(free());
        assertThat(export.at("/quota/used").asLong()).isEqualTo(expected.get("queries"));
        assertThat(export.at("/verdict/state").asText()).isEqualTo("NEEDS_YOU");
        assertThat(export.at("/verdict/text").asText()).isEqualTo(verdict().text());
        assertThat(export.at("/verdict/troubles")).hasSize(1);
        assertThat(export.at("/verdict/troubles/0/cause").asText()).contains("no such thing");
        assertThat(export.at("/verdict/troubles/0/windows/0/from").asText())
                .isEqualTo(REFUSED.toString());
        assertThat(export.get("windows")).hasSize(1);
        assertThat(export.at("/windows/0/from").asText()).isEqualTo(REFUSED.toString());
        assertThat(export.at("/windows/0/trouble").asText()).contains("no such thing");
        assertThat(export.get("days")).hasSize(3);
        assertThat(export.at("/days/0/badLines").asInt()).isEqualTo(BAD_LINES);
        assertThat(export.at("/days/0/events").asInt() + export.at("/days/1/events").asInt())
                .isEqualTo(expected.get("events").intValue());
    }

    @Test
    void healthCheck() {
        HealthCheck.Result health = health();

        assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health.getMessage().orElseThrow()).contains(REFUSED.toString(), "no such thing");
        assertThat(health.getDetails())
                .containsEntry("mixpanel.verdict", "NEEDS_YOU")
                .containsEntry("mixpanel.verdict.text", verdict().text())
                .containsEntry("mixpanel.windows.due", 1)
                .containsEntry("mixpanel.windows.committed", expected.get("windows"))
                .containsEntry("mixpanel.quota.free", (int) free());
    }

    @Test
    void meters() {
        Map<String, String> names =
                Map.of(
                        "queries", "queries",
                        "rateLimited", "queries.rate.limited",
                        "failedDownloads", "downloads.failed",
                        "bytes", "received",
                        "acknowledged", "events",
                        "duplicates", "duplicates",
                        "badLines", "bad.lines");
        names.forEach(
                (count, meter) ->
                        assertThat(counter(meter)).as(meter).isEqualTo(expected.get(count)));
        assertThat(outcome("committed")).isEqualTo(expected.get("windows"));
        assertThat(outcome("failed")).isEqualTo(expected.get("failedWindows"));
        assertThat(registry.get("mixpanel.export.window.duration").timer().count())
                .isEqualTo(expected.get("windows"));
        assertThat(gauge("quota.free")).isEqualTo(free());
        assertThat(gauge("quota.used")).isEqualTo(expected.get("queries"));
        assertThat(gauge("in.flight")).isZero();
        assertThat(
                        (long)
                                registry.get("mixpanel.export.windows.due")
                                        .tag("state", "RETRY_WAIT")
                                        .gauge()
                                        .value())
                .isEqualTo(1);
    }

    private long counter(String name) {
        return (long) registry.get("mixpanel.export." + name).functionCounter().count();
    }

    private long outcome(String outcome) {
        FunctionCounter counter =
                registry.get("mixpanel.export.windows").tag("outcome", outcome).functionCounter();
        return (long) counter.count();
    }

    private long gauge(String name) {
        Gauge gauge = registry.get("mixpanel.export." + name).gauge();
        return (long) gauge.value();
    }

    @Test
    void events() {
        assertThat(count(MixpanelWindowEvent.Kind.COMPLETED)).isEqualTo(expected.get("windows"));
        assertThat(count(MixpanelWindowEvent.Kind.FAILED)).isEqualTo(expected.get("failedWindows"));
        assertThat(
                        told.stream()
                                .flatMap(it -> it.getSummary().stream())
                                .mapToLong(it -> (Long) it.get("events"))
                                .sum())
                .isEqualTo(expected.get("events"));
    }

    private long count(MixpanelWindowEvent.Kind kind) {
        return told.stream().filter(it -> it.getKind() == kind).count();
    }
}
