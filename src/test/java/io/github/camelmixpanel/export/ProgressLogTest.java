package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

/**
 * What a person reads of a long export at INFO: its plan, its windows, and once a minute that it
 * lives.
 */
class ProgressLogTest extends VirtualTimeTestSupport {

    private static final Instant START = Instant.parse("2026-12-01T12:00:00Z");
    private static final String PLAN = "test: 62 days 2026-08-01..2026-10-01 due: 62 queries, .*";
    private static final String COMMIT =
            "test: window 2026-\\d\\d-\\d\\d committed: 0 events, \\d+ of 62 days, \\d+ of 60"
                    + " queries left this hour(, (1 query|\\d+ queries)[^,]*(, judged by[^,]*)? to go)?"
                    + "(, done about [-0-9: ]+)?";
    private static final String WAIT =
            "test: waits until \\d\\d:\\d\\d:\\d\\d: 60 of 60 queries used in the last hour";
    private static final String BEAT =
            "test: 60 of 62 days are exported; waits until \\d\\d:\\d\\d:\\d\\d: 60 of 60 queries"
                    + " used in the last hour, 2 queries to go,"
                    + " done about [-0-9: ]+";

    private static final String HELD =
            "test: 0 of 1 days are exported; emitting 2026-10-05, 0 of 10 lines are done";

    private static final Pattern DOWNLOAD =
            Pattern.compile(
                    "test: 0 of 1 days are exported; downloading 2026-10-05 \\(([0-9.]+) kB so far\\),"
                            + " (\\S+ \\S+/s)(, 1 query to go)?(, done about .*)?");

    ProgressLogTest() {
        super(START);
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().limits(60, 3, 100);
    }

    @Test
    void saysOnceAMinuteThatItWaitsAndForWhat() throws Exception {
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            collect(uri("2026-08-01", "2026-10-01", "repeatCount=1", "queriesPerSecond=3"));
            context.start();
            await().until(() -> consumer().isFirstPollDone());

            List<String> lines = new ArrayList<>(log.lines(Level.INFO));
            assertThat(lines).filteredOn(line -> line.matches(WAIT)).hasSize(1);
            // on a busy machine virtual minutes fly while a real download is under way
            int flown =
                    (int) lines.stream().filter(line -> line.contains("; downloading ")).count();
            lines.removeIf(line -> line.matches(WAIT) || line.contains("; downloading "));
            assertThat(lines.get(0)).matches(PLAN);
            assertThat(lines.subList(1, 61)).allMatch(line -> line.matches(COMMIT));
            List<String> beats = lines.subList(61, lines.size() - 2);
            assertThat(beats).allMatch(line -> line.matches(BEAT));
            Duration waited = Duration.ofMinutes(60);
            assertThat(beats)
                    .hasSizeBetween((int) waited.toMinutes() - 2 - flown, (int) waited.toMinutes());
            assertThat(lines.subList(lines.size() - 2, lines.size()))
                    .allMatch(line -> line.matches(COMMIT));
            assertThat(log.lines(Level.WARN))
                    .containsExactly(
                            "test: this first export found no event: all 62 windows are empty. If there"
                                    + " should be some, check region (127.0.0.1), projectId (7), all"
                                    + " events, where (none) and the dates.");
        }
    }

    @Test
    void warnsOfNoEmptyFirstExportWhileAWindowIsUnderWay() throws Exception {
        mixpanel.addEvents(lines("2026-10-03", 3));
        try (LogRecorder log = new LogRecorder(Level.WARN)) {
            // the first poll ends after an event of the third window
            collect(uri("2026-10-01", "2026-10-03", "maxMessagesPerPoll=1", "delay=1"));
            context.start();
            await().until(() -> received.size() == 3 && consumer().trouble().isEmpty());

            assertThat(log.lines(Level.WARN)).isEmpty();
        }
    }

    @Test
    void warnsOfAnEmptyFirstExportOnceAndOfNoOther() throws Exception {
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            exportAndStop(
                    uri(
                            "2026-10-01",
                            "2026-10-01",
                            "events=sign+up,check out",
                            "queriesPerSecond=3"));
            assertThat(log.lines(Level.INFO).get(0))
                    .startsWith("test: 1 day 2026-10-01 due: 1 query; ")
                    .endsWith("; events \"sign up\", \"check out\"");

            context = newContext();
            exportAndStop(
                    uri(
                            "2026-10-01",
                            "2026-10-02",
                            "events=sign+up,check out",
                            "queriesPerSecond=3"));
            assertThat(mixpanel.queries()).hasSize(2);
            assertThat(log.lines(Level.INFO))
                    .as("counted by the ledger, not since the start")
                    .anyMatch(
                            line -> line.contains("2026-10-02 committed: 0 events, 2 of 2 days,"));

            assertThat(log.lines(Level.WARN))
                    .singleElement()
                    .asString()
                    .contains(
                            "no event: its window is empty",
                            "events \"sign up\", \"check out\", where");
        }
    }

    private void exportAndStop(String uri) throws Exception {
        collect(uri);
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        context.stop();
    }

    @Test
    void warnsOfAFromDateInTheFuture() throws Exception {
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            collect(uri("2027-01-10", "2027-01-12", "repeatCount=1", "timeZone=Asia/Tokyo"));
            context.start();
            await().until(() -> consumer().isFirstPollDone());

            assertThat(log.lines(Level.WARN))
                    .containsExactly(
                            "test: nothing is due: fromDate=2027-01-10 is in the future, as today is"
                                    + " 2026-12-01 in Asia/Tokyo. Nothing is exported before; check"
                                    + " fromDate.");
        }
    }

    @Test
    void saysOnceWhyAWindowFails() throws Exception {
        mixpanel.answer(Answer.status(500, "text/plain", "oops", Map.of()));
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            collect(uri("2026-10-05", "2026-10-05", "repeatCount=1", "maxRetries=0"));
            context.start();
            await().until(() -> consumer().isFirstPollDone());

            assertThat(everyLevel(log))
                    .filteredOn(line -> line.contains("oops"))
                    .containsExactly(
                            "test: Window 2026-10-05: Mixpanel answered 500 \"oops\". The same query may"
                                    + " succeed later. Attempt 1 of 1 failed; the next query is in 60 min.");
        }
    }

    @Test
    void warnsOnceOfA429() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 10));
        mixpanel.answer(Answer.rateLimited("5"));
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            collect(uri("2026-10-05", "2026-10-05", "repeatCount=1"));
            context.start();
            await().until(() -> consumer().isFirstPollDone());

            assertThat(log.lines(Level.WARN))
                    .singleElement()
                    .asString()
                    .startsWith("test: Window 2026-10-05: Mixpanel answered 429 ");
        }
    }

    private static List<String> everyLevel(LogRecorder log) {
        return Stream.of(Level.INFO, Level.WARN, Level.ERROR)
                .flatMap(level -> log.lines(level).stream())
                .toList();
    }

    @Test
    void saysOnceAMinuteThatTheRouteStillHasEvents() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 10));
        CountDownLatch goOn = new CountDownLatch(1);
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(uri("2026-10-05", "2026-10-05", "repeatCount=1"))
                                    .routeId("export")
                                    .to("seda:slow");
                            from("seda:slow").process(e -> goOn.await());
                        }
                    });
            context.start();
            try {
                await().until(
                                () ->
                                        log.lines(Level.INFO).stream().filter(HELD::equals).count()
                                                >= 3);
            } finally {
                goOn.countDown();
            }
            await().until(() -> consumer().isFirstPollDone());
        }
    }

    @Test
    void saysOnceAMinuteHowFarADownloadIs() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 20_000));
        CountDownLatch goOn = new CountDownLatch(1);
        mixpanel.answer(Answer.blockAfter(0.5, goOn));
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            collect(uri("2026-10-05", "2026-10-05", "repeatCount=1"));
            context.start();
            try {
                await().until(() -> share(received()) > 0.45);
                // time stands still while a download reads from its socket
                time.advance(Duration.ofSeconds(61));
                consumer().export().wake();
                await().until(() -> log.lines(Level.INFO).stream().anyMatch(this::isHalfWay));
            } finally {
                goOn.countDown();
            }
            await().until(() -> consumer().isFirstPollDone());
            assertThat(received).hasSize(20_000);
        }
    }

    private boolean isHalfWay(String line) {
        Matcher download = DOWNLOAD.matcher(line);
        return download.matches()
                && Math.abs(share(Double.parseDouble(download.group(1)) * 1_000) - 0.5) < 0.05;
    }

    private long received() {
        return consumer().snapshot().stream()
                .flatMap(it -> it.work().windows().stream())
                .mapToLong(it -> it.download().bytes())
                .sum();
    }

    /** Of the body; 0 before there is an answer. */
    private double share(double bytes) {
        return mixpanel.queries().stream()
                .filter(query -> query.bytes() > 0)
                .mapToDouble(query -> bytes / query.bytes())
                .sum();
    }
}
