package io.github.camelmixpanel.export.simulator;

import static io.github.camelmixpanel.export.simulator.SimulatorClient.DAY;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.event;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportParametersTest {

    private static final LocalDate FIRST = LocalDate.parse("2026-01-01");

    private Instant now = Instant.parse("2026-01-03T23:30:00Z");
    private MixpanelSimulator simulator =
            MixpanelSimulator.builder().inOrder().clock(() -> now).limits(1000, 1000, 100).start();
    private SimulatorClient client = new SimulatorClient(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void servesBothEndsOfTheRangeInStoredOrderByteForByte() throws Exception {
        String odd = "{ \"event\":\"odd\",  \"properties\":{\"n\":1.50}}\r\n\nno json\n";
        simulator
                .addDay(LocalDate.parse("2026-01-02"), bytes(odd))
                .addDay(FIRST, bytes("first\nunended"))
                .addDay(FIRST, bytes("later\n"))
                .addDay(LocalDate.parse("2026-01-03"), bytes("outside\n"));

        HttpResponse<byte[]> answer = client.get("from_date=2026-01-01&to_date=2026-01-02");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("text/plain");
        assertThat(text(answer)).isEqualTo("first\nunended\nlater\n" + odd);
    }

    @Test
    void answersAnEmptyBodyForADayWithoutEvents() throws Exception {
        HttpResponse<byte[]> answer = client.get(DAY);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "to_date=2026-01-01 | from_date is required",
                "from_date=2026-01-01 | to_date is required",
                "from_date=2026-1-1&to_date=2026-01-01 | from_date must be yyyy-mm-dd",
                "from_date=2026-01-01&to_date=2026-02-30 | to_date must be yyyy-mm-dd",
                "from_date=2026-01-02&to_date=2026-01-01 | from_date cannot be later than to_date",
                "from_date=2026-01-01&to_date=2026-01-04 | to_date cannot be later than today",
                DAY + "&event=signup | event must be a JSON array",
                DAY + "&event=%22signup%22 | event must be a JSON array",
                DAY + "&event=[1] | event must be a JSON array",
                DAY + "&limit=0 | limit must be 1 to 100000",
                DAY + "&limit=100001 | limit must be 1 to 100000",
                DAY + "&limit=many | limit must be 1 to 100000",
                DAY + "&time_in_ms=yes | time_in_ms must be true or false",
                DAY + "&where=properties | where: expected",
            })
    void refusesAWrongParameterAndSaysWhich(String query, String message) throws Exception {
        HttpResponse<byte[]> answer = client.get(query.replace("[", "%5B").replace("]", "%5D"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(text(answer)).contains(message);
        assertThat(simulator.queries()).hasSize(1).allMatch(query1 -> query1.status() == 400);
    }

    @Test
    void answersTheFutureDateAsPlainText() throws Exception {
        HttpResponse<byte[]> answer = client.get("from_date=2026-01-04&to_date=2026-01-04");
        assertThat(text(answer)).isEqualTo("to_date cannot be later than today");
        assertThat(answer.headers().firstValue("content-type")).contains("text/plain");
    }

    @Test
    void takesTodayFromTheProjectsZone() throws Exception {
        simulator.close();
        simulator =
                MixpanelSimulator.builder()
                        .clock(() -> now)
                        .timeZone(ZoneId.of("Europe/Berlin"))
                        .start();
        client = new SimulatorClient(simulator);
        assertThat(client.get("from_date=2026-01-04&to_date=2026-01-04").statusCode())
                .isEqualTo(200);
        assertThat(client.get("from_date=2026-01-05&to_date=2026-01-05").statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1767225600",
                "1767225600000",
                "1767225600000000",
                "1767225600000000000",
                "1767225600.25",
                "\"1767225600\"",
                "\"2026-01-01T00:00:00\"",
                "\"2026-01-01T01:00:00+01:00\"",
                "\"2026-01-01 23:59:59\"",
                "\"2026-01-01\"",
            })
    void findsTheDayOfEveryFormOfTime(String time) throws Exception {
        String line = "{\"event\":\"a\",\"properties\":{\"time\":" + time + "}}";
        simulator.addEvents(line);
        assertThat(text(client.get(DAY))).isEqualTo(line + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"no json", "{\"event\":\"a\",\"properties\":{\"time\":\"soon\"}}", "[]"})
    void doesNotGuessTheDayOfALineWithoutTime(String line) {
        assertThatThrownBy(() -> simulator.addEvents(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("properties.time");
    }

    @Test
    void servesOnlyTheEventsAskedFor() throws Exception {
        simulator.addEvents(event("a", 0), event("b, \u00e9", 1), event("c", 2));
        simulator.addDay(FIRST, bytes("no json\n"));
        String names = encoded("[\"a\",\"b, \u00e9\"]");
        assertThat(text(client.get(DAY + "&event=" + names)))
                .isEqualTo(event("a", 0) + "\n" + event("b, \u00e9", 1) + "\n");
        assertThat(simulator.queries().get(0).events()).containsExactly("a", "b, \u00e9");
    }

    @Test
    void servesOnlyWhatTheExpressionLetsThrough() throws Exception {
        simulator.addEvents(event("a", 0), event("a", 60));
        String where = "event[\"$time\"] >= datetime(\"2026-01-01T00:01:00\")";
        assertThat(text(client.get(DAY + "&where=" + encoded(where))))
                .isEqualTo(event("a", 60) + "\n");
        assertThat(simulator.queries().get(0).where()).isEqualTo(where);
    }

    @Test
    void servesALineWithABareControlCharacterWhateverIsAsked() throws Exception {
        String line =
                "{\"event\":\"a\",\"properties\":{\"time\":1767225600,\"$carrier\":\"EXA\6\"}}";
        simulator.addEvents(line, event("b", 1));
        for (String asked :
                List.of(
                        "&event=" + encoded("[\"a\"]"),
                        "&where=" + encoded("event[\"$event_name\"] == \"a\""))) {
            assertThat(text(client.get(DAY + asked))).isEqualTo(line + "\n");
        }
    }

    @Test
    void answersAnErrorThatOnlyAnEventBringsUp() throws Exception {
        simulator.addEvents(event("a", 0));
        HttpResponse<byte[]> answer = client.get(DAY + "&where=" + encoded("true and 1"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(text(answer)).contains("needs true or false");
    }

    @Test
    void endsAfterTheLimit() throws Exception {
        simulator.addEvents(event("a", 0), event("b", 1), event("a", 2), event("a", 3));
        String query = DAY + "&limit=2&event=" + encoded("[\"a\"]");
        assertThat(text(client.get(query))).isEqualTo(event("a", 0) + "\n" + event("a", 2) + "\n");
        assertThat(simulator.queries().get(0).limit()).isEqualTo(2);
    }

    @Test
    void changesNothingButTimeWhenAskedForMilliseconds() throws Exception {
        String form =
                "{\"event\":\"\u6771\",\"properties\":{\"big\":123456789012345678901,\"d\":1.50,\"e\":1E2,"
                        + "\"time\":%s,\"x\":{\"time\":1}}}";
        simulator.addEvents(
                form.formatted("1767225600"),
                form.formatted("1767225600.125"),
                form.formatted("1767225600125"),
                form.formatted("\"2026-01-01\""));
        assertThat(text(client.get(DAY + "&time_in_ms=true")).lines())
                .containsExactly(
                        form.formatted("1767225600000"),
                        form.formatted("1767225600125"),
                        form.formatted("1767225600125"),
                        form.formatted("\"2026-01-01\""));
        assertThat(simulator.queries()).allMatch(Query::timeInMs);
    }

    @Test
    void hidesAnEventUntilMixpanelHasProcessedIt() throws Exception {
        simulator.close();
        simulator =
                MixpanelSimulator.builder().inOrder().clock(() -> now).lateArrival(true).start();
        client = new SimulatorClient(simulator);
        String late =
                "{\"event\":\"late\",\"properties\":{\"time\":1767225600,"
                        + "\"mp_processing_time_ms\":"
                        + now.plusSeconds(1).toEpochMilli()
                        + "}}";
        simulator.addEvents(event("a", 0), late);

        assertThat(text(client.get(DAY))).isEqualTo(event("a", 0) + "\n");
        now = now.plusSeconds(1);
        assertThat(text(client.get(DAY))).isEqualTo(event("a", 0) + "\n" + late + "\n");
    }

    @Test
    void readsAFolderOfPlainAndCompressedDays(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("2026-01-01.jsonl"), "one\n");
        Files.write(folder.resolve("2026-01-02.jsonl.gz"), gzip("two\n"));
        Files.writeString(folder.resolve("README.md"), "not events\n");
        simulator.addFolder(folder);
        assertThat(text(client.get("from_date=2026-01-01&to_date=2026-01-03")))
                .isEqualTo("one\ntwo\n");
    }

    @Test
    void forgetsADay() throws Exception {
        simulator.addEvents(event("a", 0)).removeDay(FIRST);
        assertThat(client.get(DAY).body()).isEmpty();
    }

    @Test
    void notesEachQueryWithItsParametersAndHeaders() throws Exception {
        client.get(DAY + "&project_id=5&unknown=x%20y+z", "X-Test", "1");
        Query query = simulator.queries().get(0);
        assertThat(query.at()).isEqualTo(now);
        assertThat(List.of(query.fromDate(), query.toDate())).containsExactly(FIRST, FIRST);
        assertThat(query.parameters())
                .containsEntry("project_id", "5")
                .containsEntry("unknown", "x y z");
        assertThat(query.headers()).containsEntry("x-test", "1").containsKey("host");
        assertThat(query.status()).isEqualTo(200);
        assertThat(query.events()).isEmpty();
        assertThat(query.where()).isNull();
        assertThat(query.limit()).isNull();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(bytes(text));
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
