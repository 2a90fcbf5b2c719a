package io.github.camelmixpanel.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.simulator.Query;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that reach Mixpanel after their day was exported, in virtual time. */
class LateEventsTest extends VirtualTimeTestSupport {

    private static final String DAY = "2026-10-20";

    LateEventsTest() {
        super(Instant.parse("2026-10-20T10:00:00Z"));
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().limits(60, 3, 100).lateArrival(true);
    }

    private String lookback(String fromDate, String... options) {
        String[] all = java.util.Arrays.copyOf(options, options.length + 3);
        all[options.length] = "lateEvents=LOOKBACK";
        all[options.length + 1] = "queriesPerSecond=3";
        all[options.length + 2] = "delay=1";
        return uri(fromDate, "2026-10-30", all);
    }

    /** An event of {@code time} that Mixpanel has processed at {@code processed}. */
    private static String event(String id, String time, String processed) {
        return "{\"event\":\"view\",\"properties\":{\"time\":"
                + Instant.parse(time).getEpochSecond()
                + ",\"distinct_id\":\"u\",\"$insert_id\":\""
                + id
                + "\",\"mp_processing_time_ms\":"
                + Instant.parse(processed).toEpochMilli()
                + "}}";
    }

    private void pollAt(String instant) {
        time.advance(Duration.between(time.now(), Instant.parse(instant)));
        long polls = consumer().getCounter();
        await().until(() -> consumer().getCounter() > polls + 2);
    }

    private List<String> ids() {
        synchronized (received) {
            return received.stream()
                    .map(it -> (String) it.header(MixpanelExportConstants.INSERT_ID))
                    .toList();
        }
    }

    @Test
    void bringsEachEventOnceHoweverLateItComes() throws Exception {
        mixpanel.addEvents(
                event("a", "2026-10-20T09:00:00Z", "2026-10-20T09:00:01Z"),
                event("b", "2026-10-20T10:30:00Z", "2026-10-20T10:30:01Z"),
                event("c", "2026-10-20T23:50:00Z", "2026-10-20T23:50:01Z"),
                event("d", "2026-10-20T08:00:00Z", "2026-10-23T12:00:00Z"),
                event("e", "2026-10-20T08:00:01Z", "2026-10-25T23:00:00Z"));
        collect(lookback(DAY));
        context.start();
        await().until(() -> received.size() == 1);

        pollAt("2026-10-20T10:59:00Z");
        assertThat(ids()).as("today is exported once an hour at most").containsExactly("a");
        assertThat(mixpanel.queries()).hasSize(1);
        pollAt("2026-10-20T11:00:01Z");
        assertThat(ids()).containsExactly("a", "b");
        assertThat(received.get(1).header(MixpanelExportConstants.GENERATION)).isEqualTo(2);
        pollAt("2026-10-21T01:00:01Z");
        assertThat(ids())
                .as("the rest of the day, an hour after its end")
                .containsExactly("a", "b", "c");
        pollAt("2026-10-24T02:00:00Z");
        assertThat(ids()).containsExactly("a", "b", "c", "d");
        pollAt("2026-10-26T01:00:01Z");
        assertThat(ids()).containsExactly("a", "b", "c", "d", "e");

        int queries = queriesOf(DAY);
        pollAt("2026-10-29T12:00:00Z");
        assertThat(queriesOf(DAY)).as("final").isEqualTo(queries);
        assertThat(mixpanel.refused()).isZero();
    }

    private int queriesOf(String day) {
        return (int)
                mixpanel.queries().stream()
                        .filter(q -> q.fromDate().toString().equals(day))
                        .count();
    }

    @Test
    void bringsTheRestOfADayAfterAWeekOff() throws Exception {
        mixpanel.addEvents(
                event("a", "2026-10-20T09:00:00Z", "2026-10-20T09:00:01Z"),
                event("b", "2026-10-20T20:00:00Z", "2026-10-20T20:00:01Z"),
                event("c", "2026-10-24T20:00:00Z", "2026-10-24T20:00:01Z"));
        collect(lookback(DAY));
        context.start();
        await().until(() -> received.size() == 1);
        context.stop();

        time.advance(Duration.ofDays(7));
        restart();
        collect(lookback(DAY));
        context.start();

        await().until(() -> received.size() == 3);
        assertThat(ids()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void leavesOutDuplicatesOfOneDownload() throws Exception {
        inOrder();
        mixpanel.addEvents(lines("2026-10-01", 500));
        mixpanel.addEvents(lines("2026-10-01", 250));
        collect(uri("2026-10-01", "2026-10-01", "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies()).containsExactly(lines("2026-10-01", 500));
        assertThat(received)
                .allMatch(
                        it ->
                                ((String) it.header(MixpanelExportConstants.DEDUPE_KEY))
                                        .matches("[0-9a-f]{32}"));
        assertThat(
                        received.stream()
                                .map(it -> it.header(MixpanelExportConstants.DEDUPE_KEY))
                                .distinct())
                .hasSize(500);
    }

    @Test
    void takesEqualLinesWithoutAnInsertIdForOneEventWhateverTheOrderOfTheirProperties()
            throws Exception {
        String[] clicks = {
            "{\"event\":\"click\",\"properties\":{\"time\":1790812800,\"button\":\"buy\"}}",
            "{\"event\":\"click\",\"properties\":{\"button\":\"buy\",\"time\":1790812800}}",
            "{\"properties\":{\"time\":1790812800,\"button\":\"buy\"},\"event\":\"click\"}",
            "{\"event\":\"click\",\"properties\":{\"time\":1790812800,\"button\":\"sell\"}}"
        };
        mixpanel.answer(Answer.body((String.join("\n", clicks) + "\n").getBytes(UTF_8)));
        collect(uri("2026-10-01", "2026-10-01", "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies()).containsExactly(clicks[0], clicks[3]);
    }

    @Test
    void emitsDuplicatesWhenToldSo() throws Exception {
        mixpanel.addEvents(lines("2026-10-01", 50));
        mixpanel.addEvents(lines("2026-10-01", 50));
        collect(uri("2026-10-01", "2026-10-01", "repeatCount=1", "deduplicate=false"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).hasSize(100);
        assertThat(received)
                .noneMatch(it -> it.headers().containsKey(MixpanelExportConstants.DEDUPE_KEY));
    }

    /** The correction does not come; the properties of the other event come in another order. */
    @Test
    void countsAnEventThatWasSentAgainWithOtherContent() throws Exception {
        String first = event("a", "2026-10-20T09:00:00Z", "2026-10-20T09:00:01Z");
        String other = event("b", "2026-10-20T09:00:00Z", "2026-10-20T09:00:01Z");
        String amount = first.replace("}}", ",\"amount\":10,\"item\":\"x\"}}");
        mixpanel.addEvents(amount, other.replace("}}", ",\"amount\":10,\"item\":\"x\"}}"));
        collect(lookback(DAY, "windowComplete=true"));
        context.start();
        await().until(() -> received.size() == 3);

        mixpanel.removeDay(LocalDate.parse(DAY))
                .addEvents(
                        amount.replace("10", "25"),
                        other.replace("}}", ",\"item\":\"x\",\"amount\":10}}"));
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            pollAt("2026-10-20T12:00:00Z");
            await().until(() -> received.size() == 4);
            assertThat(log.lines(Level.INFO))
                    .anyMatch(
                            line ->
                                    line.contains(
                                            "(generation 2: 0 new, 2 known, 0 vanished,"
                                                    + " 1 with other content)"));
        }
        assertThat(received.get(2).body()).contains("changed=0");
        assertThat(received.get(3).body()).contains("known=2", "changed=1");
    }

    @Test
    void knowsAnEventWhoseIdentityWasMergedByItsInsertId() throws Exception {
        String before = event("a", "2026-10-20T09:00:00Z", "2026-10-20T09:00:01Z");
        mixpanel.addEvents(before);
        collect(lookback(DAY, "dedupeKey=INSERT_ID"));
        context.start();
        await().until(() -> received.size() == 1);

        mixpanel.removeDay(LocalDate.parse(DAY)).addEvents(before.replace("\"u\"", "\"merged\""));
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            pollAt("2026-10-20T12:00:00Z");
            await().until(
                            () ->
                                    log.lines(Level.INFO).stream()
                                            .anyMatch(line -> line.contains(" committed: ")));
            assertThat(log.lines(Level.INFO))
                    .anyMatch(
                            line ->
                                    line.contains(
                                            "(generation 2: 0 new, 1 known, 0 vanished, 1 with"
                                                    + " another distinct_id)"));
        }

        assertThat(queriesOf(DAY)).isEqualTo(2);
        assertThat(received).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&toDate=2026-10-30"})
    void letsTodayGoBeforeALongBackfillAndKeepsItSomeQueries(String toDate) throws Exception {
        mixpanel.addEvents(event("a", "2026-10-20T10:30:00Z", "2026-10-20T10:30:01Z"));
        collect(lookback("2026-07-01").replace("&toDate=2026-10-30", toDate));
        context.start();
        // 111 past days: 54 in the first hour, then today again
        await().until(() -> mixpanel.queries().size() >= 60);

        List<Query> queries = mixpanel.queries();
        List<Instant> ofToday =
                queries.stream()
                        .filter(query -> query.fromDate().toString().equals(DAY))
                        .map(Query::at)
                        .toList();
        assertThat(ofToday.get(0))
                .as("with the first; another thread may have sent a second's worth before it")
                .isBeforeOrEqualTo("2026-10-20T10:00:01Z");
        assertThat(ofToday.get(1)).isBetween("2026-10-20T11:00:00Z", "2026-10-20T11:00:10Z");
        assertThat(queries)
                .filteredOn(query -> query.at().isBefore(Instant.parse("2026-10-20T11:00:00Z")))
                .hasSize(54);
        await().until(() -> ids().equals(List.of("a")));
    }

    @Test
    void goesOnWithTheOtherDaysWhenTheTimeZoneIsAhead() throws Exception {
        // the project's day has not begun in Auckland's morning
        time.advance(Duration.ofHours(4));
        mixpanel.addEvents(event("a", "2026-10-20T09:00:00Z", "2026-10-20T09:00:01Z"));
        collect(lookback("2026-10-18", "timeZone=Pacific/Auckland", "windowDays=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        pollAt("2026-10-20T14:30:00Z");

        assertThat(received).as("the other days").hasSize(1);
        assertThat(queriesOf("2026-10-21")).as("an hour lies between two tries").isEqualTo(1);
        assertThat(consumer().trouble())
                .containsExactly(
                        "Window 2026-10-21: Mixpanel answered 400 \"to_date cannot be later than today\"."
                                + " In the project's time zone that day has not begun: check timeZone.");
        pollAt("2026-10-20T15:30:00Z");
        assertThat(queriesOf("2026-10-21")).isEqualTo(2);
    }

    @Test
    void finishesDaysThatWereBegunWhenItIsToBeginLater() throws Exception {
        mixpanel.addEvents(
                event("a", "2026-10-20T09:00:00Z", "2026-10-20T09:00:01Z"),
                event("b", "2026-10-20T20:00:00Z", "2026-10-20T20:00:01Z"));
        collect(lookback(DAY));
        context.start();
        await().until(() -> received.size() == 1);
        restart();
        time.advance(Duration.ofDays(2));

        collect(lookback("2026-10-22"));
        context.start();

        await().until(() -> received.size() == 2);
        assertThat(queriesOf("2026-10-21")).isZero();
    }
}
