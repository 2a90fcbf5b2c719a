package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.simulator.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/** One poll at a time in virtual time, each by an application started anew. */
abstract class ArrivalTestSupport extends VirtualTimeTestSupport {

    private static final Pattern SPAN =
            Pattern.compile(
                    "properties\\[\"mp_processing_time_ms\"\\] >= (\\d+)"
                            + " and properties\\[\"mp_processing_time_ms\"\\] < (\\d+)$");

    /** By how much this machine's clock is ahead of Mixpanel's. */
    volatile Duration clockAhead = Duration.ZERO;

    /** The processing times that an arrival query asked for. */
    ArrivalTestSupport() {
        super(Instant.parse("2026-10-20T10:00:00Z"));
    }

    record Span(Instant from, Instant to) {}

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().limits(60, 3, 100).lateArrival(true);
    }

    @Override
    CamelContext newContext() throws Exception {
        CamelContext fresh = super.newContext();
        fresh.getComponent("mixpanel-export", MixpanelExportComponent.class)
                .setTime(
                        () -> time.clock().instant().plus(clockAhead),
                        time.clock(),
                        time.sleeper());
        return fresh;
    }

    String arrival(String fromDate, String... options) {
        List<String> all = new ArrayList<>(Arrays.asList(options));
        all.add(0, "lateEvents=ARRIVAL");
        all.add("queriesPerSecond=3");
        all.add("repeatCount=1");
        return uri(fromDate, "2026-12-31", all.toArray(String[]::new));
    }

    /** An event of {@code time} that Mixpanel has processed at {@code processed}. */
    static String event(String id, String time, String processed) {
        return "{\"event\":\"view\",\"properties\":{\"time\":"
                + Instant.parse(time).getEpochSecond()
                + ",\"distinct_id\":\"u\",\"$insert_id\":\""
                + id
                + "\",\"mp_processing_time_ms\":"
                + Instant.parse(processed).toEpochMilli()
                + "}}";
    }

    void advanceTo(String instant) {
        time.advance(Duration.between(time.now(), Instant.parse(instant)));
    }

    /** One whole poll at this time by Mixpanel's clock. */
    void pollAt(String instant, String uri) throws Exception {
        restart();
        advanceTo(instant);
        collect(uri);
        poll();
    }

    void poll() throws Exception {
        context.start();
        await().until(() -> consumer().isFirstPollDone());
    }

    List<String> ids() {
        synchronized (received) {
            return received.stream()
                    .map(it -> (String) it.header(MixpanelExportConstants.INSERT_ID))
                    .toList();
        }
    }

    List<Query> arrivalQueries() {
        return mixpanel.queries().stream()
                .filter(q -> q.where() != null && q.where().contains("mp_processing_time_ms"))
                .toList();
    }

    List<Query> dayQueries() {
        return mixpanel.queries().stream()
                .filter(q -> q.where() == null || !q.where().contains("mp_processing_time_ms"))
                .toList();
    }

    static Span span(Query query) {
        Matcher span = SPAN.matcher(query.where());
        if (!span.find()) {
            throw new AssertionError("no span of processing times in " + query.where());
        }
        return new Span(
                Instant.ofEpochMilli(Long.parseLong(span.group(1))),
                Instant.ofEpochMilli(Long.parseLong(span.group(2))));
    }

    Span lastSpan() {
        List<Query> queries = arrivalQueries();
        return span(queries.get(queries.size() - 1));
    }
}
