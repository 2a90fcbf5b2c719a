package io.github.camelmixpanel.export.internal.split.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventScannerTest {

    private static final ExportQuery ALL = new ExportQuery(List.of(), null, null, false, true);
    private static final EventScanner SCANNER =
            new EventScanner(new EventTime(ZoneId.of("UTC"), false), ALL);

    @Test
    void takesTheFourFieldsAndKeepsTheBytes() throws Exception {
        byte[] json =
                ("{\"event\":\"Signed up\",\"properties\":{\"time\":1602611311,"
                                + "\"distinct_id\":\"u-1\",\"$insert_id\":\"hpuDqcvpltpCj\","
                                + "\"$os\":\"iOS\"}}")
                        .getBytes(UTF_8);

        ExportEvent event = SCANNER.scan(17, json);

        assertThat(event.line()).isEqualTo(17);
        assertThat(event.json()).isSameAs(json);
        assertThat(event.name()).isEqualTo("Signed up");
        assertThat(event.distinctId()).isEqualTo("u-1");
        assertThat(event.insertId()).isEqualTo("hpuDqcvpltpCj");
        assertThat(event.time()).isEqualTo(Instant.ofEpochSecond(1602611311));
        assertThat(event.rawTimeSeconds()).isEqualTo(1602611311);
    }

    @Test
    void leavesOutWhatTheEventDoesNotHave() throws Exception {
        ExportEvent event = scan("{\"event\":\"a\",\"properties\":{}}");

        assertThat(event.distinctId()).isNull();
        assertThat(event.insertId()).isNull();
        assertThat(event.time()).isNull();
        assertThat(event.rawTimeSeconds()).isNull();
    }

    @Test
    void takesNoFieldFromANestedObject() throws Exception {
        ExportEvent event =
                scan(
                        "{\"x\":{\"event\":\"no\",\"properties\":{\"time\":1}},"
                                + "\"properties\":{\"o\":{\"time\":1,\"distinct_id\":\"no\"},"
                                + "\"l\":[{\"$insert_id\":\"no\"}],\"event\":\"no\"},"
                                + "\"event\":\"yes\",\"distinct_id\":\"no\"}");

        assertThat(event.name()).isEqualTo("yes");
        assertThat(event.distinctId()).isNull();
        assertThat(event.insertId()).isNull();
        assertThat(event.time()).isNull();
        assertThat(event.rawTimeSeconds()).isNull();
    }

    @Test
    void takesTheLastOfTwo() throws Exception {
        ExportEvent event =
                scan(
                        "{\"event\":\"1\",\"properties\":{\"distinct_id\":\"x\"},\"event\":\"2\","
                                + "\"properties\":{\"time\":1,\"time\":2,"
                                + "\"$insert_id\":\"a\",\"$insert_id\":null}}");

        assertThat(event.name()).isEqualTo("2");
        assertThat(event.time()).isEqualTo(Instant.ofEpochSecond(2));
        assertThat(event.insertId()).isNull();
        assertThat(event.distinctId()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "`\"x\"`, x",
                "`\"\\u00e9\\n\\\"\"`, `é\n\"`",
                "`\"a\0\t\u0006\u001f\"`, `a\0\t\u0006\u001f`",
                "12, 12",
                "1.50E2, 1.50E2",
                "123456789012345678901234567890, 123456789012345678901234567890",
                "true, true",
                "null, -",
                "`[1,[2]]`, -",
                "`{\"distinct_id\":\"no\"}`, -"
            })
    void takesAScalarAsItsText(String json, String expected) throws Exception {
        ExportEvent event =
                scan(
                        "{\"event\":"
                                + json
                                + ",\"properties\":{\"distinct_id\":"
                                + json
                                + ",\"$insert_id\":"
                                + json
                                + "}}");

        assertThat(event.name()).isEqualTo(expected);
        assertThat(event.distinctId()).isEqualTo(expected);
        assertThat(event.insertId()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "1602611311, 2020-10-13T17:48:31Z",
                "1602611311123, 2020-10-13T17:48:31.123Z",
                "1602611311.5, 2020-10-13T17:48:31.500Z",
                "`\"1602611311\"`, 2020-10-13T17:48:31Z",
                "`\"2020-10-13T17:48:31\"`, 2020-10-13T17:48:31Z",
                "99999999999999999999, -",
                "`\"soon\"`, -",
                "null, -",
                "true, -",
                "[1602611311], -"
            })
    void readsTimeInEveryForm(String json, Instant expected) throws Exception {
        ExportEvent event = scan("{\"event\":\"a\",\"properties\":{\"time\":" + json + "}}");

        assertThat(event.time()).isEqualTo(expected);
    }

    @Test
    void readsGarbageBytesAsReplacementsAndKeepsThem() throws Exception {
        byte[] json =
                ("{\"event\":\"Sing\u00ff99\u00c3\",\"properties\":{\"$insert_id\u00fe\":1,"
                                + "\"distinct_id\":\"\u00f0\u0028\u008c\u0028\",\"time\":1}}")
                        .getBytes(ISO_8859_1);

        ExportEvent event = SCANNER.scan(1, json);

        assertThat(event.name()).isEqualTo("Sing\ufffd99\ufffd");
        assertThat(event.distinctId()).isEqualTo("\ufffd(\ufffd(");
        assertThat(event.insertId()).isNull();
        assertThat(event.time()).isEqualTo(Instant.ofEpochSecond(1));
        assertThat(event.json()).isSameAs(json);
    }

    @Test
    void readsCharactersThatOthersTakeForLineEnds() throws Exception {
        assertThat(scan("{\"event\":\"a\u2028b\u0085c\",\"properties\":{}}").name())
                .isEqualTo("a\u2028b\u0085c");
    }

    @Test
    void takesAByteOrderMarkOffTheFirstLineOnly() throws Exception {
        byte[] json = "{\"event\":\"a\",\"properties\":{}}".getBytes(UTF_8);
        ByteArrayOutputStream marked = new ByteArrayOutputStream();
        marked.writeBytes("\ufeff".getBytes(UTF_8));
        marked.writeBytes(json);

        assertThat(SCANNER.scan(1, marked.toByteArray()).json()).isEqualTo(json);
        assertThatThrownBy(() -> SCANNER.scan(2, marked.toByteArray()))
                .isInstanceOf(NotAnEvent.class);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "terminated early                          | invalid JSON at column",
                "99                                        | not a JSON object",
                "\"Sing\"                                  | not a JSON object",
                "[{\"event\":\"a\",\"properties\":{}}]     | not a JSON object",
                "null                                      | not a JSON object",
                "`   `                                     | not a JSON object",
                "{}                                        | without \"event\"",
                "{\"error\":\"x\",\"properties\":{}}       | without \"event\"",
                "{\"event\":\"a\"}                         | without \"properties\"",
                "{\"event\":\"a\",\"properties\":[]}       | \"properties\" is not a JSON object",
                "{\"event\":\"a\",\"properties\":null}     | \"properties\" is not a JSON object",
                "{\"event\":\"a\",\"properties\":{}        | JSON ends early at column",
                "{\"event\":\"a\",\"properties\":{\"x\":   | JSON ends early at column",
                "{\"event\":\"a\",\"properties\":{\"x\":\"t| JSON ends early at column",
                "{\"event\":\"a\",\"properties\":{}}}      | invalid JSON at column",
                "{\"event\":\"a\",\"properties\":{}} {}    | data after the JSON object",
                "{\"event\":\"a\",\"properties\":{}},      | invalid JSON at column",
                "{\"event\":\"a\",\"properties\":{},}      | invalid JSON at column",
                "{\"event\":\"a\",\"properties\":{x:1}}    | invalid JSON at column",
                "{\"event\":\"a\",\"properties\":{\"x\":NaN}} | invalid JSON at column",
                "{\"event\":\"a\",\"properties\":{\"x\":01}}  | invalid JSON at column",
                "{\"event\":\"a\",\"properties\":{\"x\":\u00011}} | invalid JSON at column"
            })
    void saysWhyALineIsNoEvent(String line, String reason) {
        assertThatThrownBy(() -> scan(line))
                .isInstanceOf(NotAnEvent.class)
                .hasMessageContaining(reason);
    }

    @Test
    void namesTheColumnAndNeverTheContent() {
        assertThatThrownBy(() -> scan("{\"event\":\"a\",\"properties\":{\"phone\":\"0151"))
                .hasMessage("JSON ends early at column 41");
        assertThatThrownBy(() -> scan("secret")).hasMessageNotContaining("secret");
    }

    @Test
    void refusesALineThatNestsTooDeep() throws Exception {
        assertThat(scan(nested(900)).name()).isEqualTo("a");
        assertThatThrownBy(() -> scan(nested(1000)))
                .isInstanceOf(NotAnEvent.class)
                .hasMessageContaining("nested deeper than 1000");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000_000, 19_000_000})
    void readsLongStrings(int length) throws Exception {
        String value = "é".repeat(length);

        assertThat(scan("{\"event\":\"" + value + "\",\"properties\":{}}").name()).isEqualTo(value);
    }

    private static String nested(int depth) {
        return "{\"event\":\"a\",\"properties\":{\"x\":"
                + "[".repeat(depth)
                + "]".repeat(depth)
                + "}}";
    }

    private static ExportEvent scan(String line) throws NotAnEvent {
        return SCANNER.scan(1, line.getBytes(UTF_8));
    }

    private static final String HOT =
            "{\"event\":\"$hotshard_events\",\"properties\":{\"mp_original_event_name\":\"buy\"}}";

    @Test
    void givesAnEventInAHotShardTheNameItCameWith() throws Exception {
        ExportEvent event = scan(HOT);

        assertThat(event.name()).isEqualTo("$hotshard_events");
        assertThat(event.originalName()).isEqualTo("buy");
        assertThat(event.restoredName()).isEqualTo("buy");
    }

    @Test
    void leavesTheNameOfAnEventInAHotShardAloneWhenToldSo() throws Exception {
        ExportQuery asTheyAre = new ExportQuery(List.of(), null, null, false, false);
        EventScanner scanner = new EventScanner(new EventTime(ZoneId.of("UTC"), false), asTheyAre);

        assertThat(scanner.scan(2, HOT.getBytes(UTF_8)).restoredName())
                .isEqualTo("$hotshard_events");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"event\":\"view\",\"properties\":{\"mp_original_event_name\":\"buy\"}}",
                "{\"event\":\"view\",\"properties\":{\"mp_original_event_name\":null}}",
                "{\"event\":\"view\",\"properties\":{},\"mp_original_event_name\":\"buy\"}"
            })
    void knowsNoOtherNameOfAnEventThatIsInNoHotShard(String json) throws Exception {
        assertThat(scan(json).restoredName()).isEqualTo("view");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[\"buy\"]", "{}"})
    void keepsTheNameOfAHotShardWhereTheOriginalOneIsNoText(String original) throws Exception {
        assertThat(scan(HOT.replace("\"buy\"", original)).restoredName())
                .isEqualTo("$hotshard_events");
    }
}
