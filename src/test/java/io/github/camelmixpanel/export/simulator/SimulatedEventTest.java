package io.github.camelmixpanel.export.simulator;

import static io.github.camelmixpanel.export.simulator.SimulatorClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What exports of one day show of an event as time goes by. */
class SimulatedEventTest {

    private static final Instant NINE = Instant.parse("2026-10-20T09:00:00.250Z");
    private static final Instant LATER = Instant.parse("2026-10-22T00:00:00Z");

    private final SimulatedEvent event =
            SimulatedEvent.named("view", NINE).insertId("a").distinctId("device");

    private Instant now = Instant.parse("2026-10-20T12:00:00Z");
    private MixpanelSimulator simulator;

    @AfterEach
    void close() {
        simulator.close();
    }

    private MixpanelSimulator start(String zone) {
        simulator =
                MixpanelSimulator.builder()
                        .clock(() -> now)
                        .timeZone(ZoneId.of(zone))
                        .limits(1000, 1000, 100)
                        .inOrder()
                        .start();
        return simulator;
    }

    private String body(String day, String... parameters) throws Exception {
        HttpResponse<byte[]> answer =
                new SimulatorClient(simulator)
                        .get(
                                "from_date=%s&to_date=%s&%s"
                                        .formatted(day, day, String.join("&", parameters)));
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        return text(answer);
    }

    private List<JsonNode> rows(String... parameters) throws Exception {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : body("2026-10-20", parameters).lines().toList()) {
            rows.add(StoredEvent.JSON.readTree(line));
        }
        return rows;
    }

    private List<String> column(String property) throws Exception {
        return rows().stream().map(row -> row.at("/properties/" + property).asText()).toList();
    }

    @Test
    void showsAllThatItWasGiven() throws Exception {
        start("UTC").add(event.property("tags", List.of("x", 1)));

        assertThat(body("2026-10-20"))
                .isEqualTo(
                        """
                        {"event":"view","properties":{"time":1792486800,"$insert_id":"a",\
                        "distinct_id":"device","tags":["x",1],\
                        "mp_processing_time_ms":1792486801250}}
                        """);
        assertThat(body("2026-10-19")).isEmpty();
    }

    @Test
    void arrivesWhenItIsProcessedAndShowsAfterTheLag() throws Exception {
        SimulatedEvent late = event.processedAt(LATER).shownAfter(Duration.ofMinutes(45));
        start("UTC").add(late);

        now = LATER.plus(Duration.ofMinutes(45)).minusMillis(1);
        assertThat(rows()).isEmpty();
        assertThat(late.isShownAt(now)).isFalse();

        now = now.plusMillis(1);
        assertThat(column("mp_processing_time_ms")).containsExactly("" + LATER.toEpochMilli());
        assertThat(late.isShownAt(now)).isTrue();
    }

    @Test
    void needNotTellWhenItWasProcessed() throws Exception {
        start("UTC").add(event.withoutProcessingTime());
        assertThat(rows().get(0).get("properties").has("mp_processing_time_ms")).isFalse();
    }

    @Test
    void isRepeatedCompactedAndDeleted() throws Exception {
        start("UTC")
                .add(
                        event.repeatedAt(now)
                                .repeatedAt(LATER)
                                .compactedAt(LATER.plusSeconds(60))
                                .repeatedAt(LATER.plusSeconds(90))
                                .deletedAt(LATER.plusSeconds(120)));
        assertThat(rows()).hasSize(2);
        now = LATER;
        assertThat(column("mp_processing_time_ms"))
                .containsExactly("1792486801250", "1792497600000", "" + LATER.toEpochMilli());
        now = LATER.plusSeconds(60);
        assertThat(column("mp_processing_time_ms"))
                .as("the newest is left")
                .containsExactly("" + LATER.toEpochMilli());
        now = LATER.plusSeconds(90);
        assertThat(rows()).hasSize(2);
        now = LATER.plusSeconds(120);
        assertThat(rows()).isEmpty();
    }

    @Test
    void staysHiddenWhenItIsCompactedBeforeItArrives() throws Exception {
        start("UTC").add(event.processedAt(LATER).compactedAt(now));
        assertThat(rows()).isEmpty();
        now = LATER;
        assertThat(rows()).hasSize(1);
    }

    @Test
    void isRestatedFromAMomentOn() throws Exception {
        start("UTC")
                .add(
                        event.property("plan", "free")
                                .restatedAt(LATER.plusSeconds(1), "plan", "gold")
                                .restatedAt(LATER, "plan", "silver"));
        assertThat(column("plan")).containsExactly("free");
        now = LATER;
        assertThat(column("plan")).containsExactly("silver");
        now = LATER.plusSeconds(1);
        assertThat(column("plan")).containsExactly("gold");
    }

    @Test
    void isMergedIntoAnotherIdentity() throws Exception {
        start("UTC").add(event.mergedAt(LATER, "user"));
        assertThat(column("distinct_id")).containsExactly("device");
        assertThat(rows().get(0).get("properties").has("$is_reshuffled")).isFalse();

        now = LATER;
        assertThat(column("distinct_id")).containsExactly("user");
        assertThat(column("$distinct_id_before_identity")).containsExactly("device");
        assertThat(column("$is_reshuffled")).containsExactly("true");
    }

    @Test
    void hidesInAHotShardFromTheEventParameter() throws Exception {
        start("UTC").add(event, event.insertId("hot").hotShard().mergedAt(LATER, "user"));
        now = LATER;
        assertThat(column("$insert_id")).containsExactly("a", "hot");
        assertThat(rows("event=" + encoded("[\"view\"]"))).hasSize(1);

        JsonNode hot = rows("event=" + encoded("[\"$hotshard_events\"]")).get(0);
        assertThat(hot.at("/event").asText()).isEqualTo("$hotshard_events");
        assertThat(hot.at("/properties/distinct_id").asText("none")).isEmpty();
        assertThat(hot.at("/properties/mp_original_event_name").asText()).isEqualTo("view");
        assertThat(hot.at("/properties/mp_original_distinct_id").asText()).isEqualTo("device");

        String original = "properties[\"mp_original_event_name\"] == \"view\"";
        assertThat(rows("where=" + encoded(original))).containsExactly(hot);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "SECONDS,      1792494000,               1792494000250",
        "MILLISECONDS, 1792494000250,            1792494000250",
        "FRACTION,     1792494000.250,           1792494000250",
        "TEXT,         '\"1792494000\"',         '\"1792494000250\"'",
        "ISO,          '\"2026-10-20T11:00:00.25\"', '\"2026-10-20T11:00:00.25\"'",
        "ISO_OFFSET,   '\"2026-10-20T09:00:00.250Z\"', '\"2026-10-20T09:00:00.250Z\"'",
    })
    void writesTheProjectsWallClockAsIfItWereUtc(TimeForm form, String plain, String inMillis)
            throws Exception {
        start("Europe/Berlin").add(event.timeForm(form));
        assertThat(rows().get(0).at("/properties/time")).hasToString(plain);
        assertThat(rows("time_in_ms=true").get(0).at("/properties/time")).hasToString(inMillis);
    }

    @Test
    void belongsToTheLocalDayAlsoWhenTheClockChanges() throws Exception {
        // 2026-10-25 has 25 hours in Berlin; 02:30 comes twice
        start("Europe/Berlin")
                .add(
                        SimulatedEvent.named("first", Instant.parse("2026-10-24T22:00:00Z")),
                        SimulatedEvent.named("summer", Instant.parse("2026-10-25T00:30:00Z")),
                        SimulatedEvent.named("winter", Instant.parse("2026-10-25T01:30:00Z")),
                        SimulatedEvent.named("last", Instant.parse("2026-10-25T22:59:59Z")));
        now = Instant.parse("2026-10-26T12:00:00Z");

        List<String> lines = body("2026-10-25").lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(1)).contains("\"time\":1792895400,");
        assertThat(lines.get(2)).contains("\"time\":1792895400,");
    }

    @Test
    void comesInAnotherOrderEachTime() throws Exception {
        simulator =
                MixpanelSimulator.builder()
                        .clock(() -> now)
                        .limits(1000, 1000, 100)
                        .shuffled(7)
                        .start();
        String[] lines =
                IntStream.range(0, 50)
                        .mapToObj(
                                "{\"event\":\"e\",\"properties\":{\"time\":17924868%02d}}"
                                        ::formatted)
                        .toArray(String[]::new);
        simulator.addEvents(lines);

        String first = body("2026-10-20");
        assertThat(first.lines()).containsExactlyInAnyOrder(lines).doesNotContainSequence(lines);
        assertThat(body("2026-10-20")).isEqualTo(first);
        now = now.plusMillis(1);
        assertThat(body("2026-10-20")).isNotEqualTo(first);
    }

    @Test
    void isCounted() throws Exception {
        start("UTC").add(event.repeatedAt(LATER));
        String first = body("2026-10-20");
        now = LATER;
        body("2026-10-20");
        simulator.answer(Answer.status(500, null, "sorry", Map.of()));
        new SimulatorClient(simulator).get("from_date=2026-10-20&to_date=2026-10-20");

        List<Query> queries = simulator.queries();
        assertThat(queries).extracting(Query::lines).containsExactly(1, 2, 0);
        assertThat(queries.get(0).bytes()).isEqualTo(first.length());
        assertThat(queries).extracting(Query::at).containsSequence(LATER, LATER);
    }
}
