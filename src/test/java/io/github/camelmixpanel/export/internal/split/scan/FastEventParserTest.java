package io.github.camelmixpanel.export.internal.split.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.camelmixpanel.export.internal.split.LineReader;
import io.github.camelmixpanel.export.internal.split.RandomLines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the quick scan accepts, the full scan accepts with the same fields. */
class FastEventParserTest {

    /** The property sets the number of lines, for a long run. */
    private static final int LINES = Integer.getInteger("quickscan.lines", 300_000);

    /** What may follow a line in a block: other lines, or the rest of longer ones. */
    private static final List<String> AFTER =
            List.of(
                    "",
                    "\n",
                    "\r\n",
                    "\n{\"event\":\"b\",\"properties\":{}}\n",
                    "\":1,\"event\":\"b\",\"properties\":{}}\n",
                    "\"}}\n",
                    "0061\\\"\"}}",
                    "0}}",
                    "ue}}  ",
                    "}",
                    " }",
                    "\\");

    private final EventTime eventTime = new EventTime(ZoneId.of("Europe/Berlin"), false);
    private final JacksonEventParser full = new JacksonEventParser(eventTime);
    private final FastEventParser quick = new FastEventParser();

    @Test
    void isSureOfEveryLineThatMixpanelWrites() throws IOException {
        int lines = 0;
        for (byte[] line : exported()) {
            assertThat(quick(line)).isEqualTo(full(line)).isNotNull();
            lines++;
        }
        assertThat(lines).isGreaterThan(1000);
    }

    @Test
    void neverDiffersFromTheFullScanOnRandomLines() {
        int sure = 0;
        for (int seed = 0; seed < LINES; seed++) {
            sure += compare(new RandomLines(new Random(seed)).next(), seed);
        }
        assertThat(sure).isGreaterThan(LINES / 12);
    }

    @Test
    void neverDiffersFromTheFullScanOnDamagedExports() throws IOException {
        List<byte[]> lines = exported();
        int sure = 0;
        for (int seed = 0; seed < LINES; seed++) {
            Random random = new Random(seed);
            byte[] line = lines.get(random.nextInt(lines.size())).clone();
            for (int i = random.nextInt(4); i > 0; i--) {
                line[random.nextInt(line.length)] = damage(random);
            }
            sure += compare(line, seed);
        }
        assertThat(sure).isBetween(LINES / 4, LINES * 9 / 10);
    }

    private static byte damage(Random random) {
        String telling = "\"\\{}[]:,0123456789eE.-+ \t\ntfnu/\u0000\u001f";
        return random.nextBoolean()
                ? (byte) random.nextInt(256)
                : (byte) telling.charAt(random.nextInt(telling.length()));
    }

    private EventFields quick(byte[] line) {
        return quick(line, 0, line.length);
    }

    private EventFields quick(byte[] bytes, int from, int to) {
        FieldOffsets found = quick.find(bytes, from, to);
        if (found == null || found.isDoubtful(bytes, from)) {
            return null;
        }
        return new EventFields(
                found.text(FieldOffsets.NAME, bytes, from),
                found.text(FieldOffsets.DISTINCT_ID, bytes, from),
                found.text(FieldOffsets.INSERT_ID, bytes, from),
                found.text(FieldOffsets.ORIGINAL_NAME, bytes, from),
                found.time(bytes, from, eventTime),
                found.has(FieldOffsets.PROCESSED)
                        ? Instant.ofEpochMilli(found.number(FieldOffsets.PROCESSED, bytes, from))
                        : null);
    }

    /** The same line where it stands among others. */
    private EventFields inBlock(byte[] line, Random random) {
        byte[] before = bytes("{\"event\":\"".repeat(random.nextInt(8)) + "\n");
        byte[] after = bytes(AFTER.get(random.nextInt(AFTER.size())));
        byte[] block = Arrays.copyOf(before, before.length + line.length + after.length);
        System.arraycopy(line, 0, block, before.length, line.length);
        System.arraycopy(after, 0, block, before.length + line.length, after.length);
        return quick(block, before.length, before.length + line.length);
    }

    private int compare(byte[] line, int seed) {
        EventFields quick = quick(line);
        if (!Objects.equals(inBlock(line, new Random(seed)), quick)) {
            fail("other in a block, seed " + seed + ": " + new String(line, UTF_8));
        }
        if (quick == null) {
            return 0;
        }
        if (!quick.equals(full(line))) {
            fail("seed " + seed + ": " + new String(line, UTF_8) + "\n" + quick);
        }
        return 1;
    }

    private EventFields full(byte[] line) {
        try {
            return full.read(line);
        } catch (NotAnEvent e) {
            return null;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"event\":\"a\",\"properties\":{\"dist\\u0069nct_id\":1}",
                "\"event\":\"a\",\"properties\":{\"time\":1234567890123456789012}",
                "\"event\":\"a\",\"properties\":{\"mp_processing_time_ms\":1234567890123456789012}",
                "\"event\":\"a\",\"properties\":{\"time\":-12345678901234567890}",
                "\"event\":\"a\",\"properties\":[]",
                "\"event\":\"a\"",
                "\"properties\":{}",
                "\"event\":\"a\",\"properties\":{},",
                "\"event\":\"a\",\"properties\":{\"a\":01}",
                "\"event\":\"a\",\"properties\":{\"a\":1.}",
                "\"event\":\"a\",\"properties\":{\"a\":tru}",
                "\"event\":\"a\",\"properties\":{\"a\":\"\\x\"}",
                "\"event\":\"a\",\"properties\":{\"a\":\u00011}",
                "\"event\":\"a\",\"properties\":{\"a\":\"unfinished"
            })
    void isNotSureOfWhatIsRareOrWrong(String members) {
        assertThat(quick(bytes("{" + members + "}"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"event\":\"a\\u0062\",\"properties\":{}",
                "\"event\":\"\\u0437\\u0430\\u043A\\u0430\\u0437 \\\"1\\\"\",\"properties\":{}",
                "\"event\":\"\\b\\f\\n\\r\\t\\/\\\\\",\"properties\":{\"time\":\"1\\u0032\"}",
                "\"event\":\"a\",\"properties\":{\"distinct_id\":\"\\ud83d\\ude00 Größe \\ud83d\"}",
                "\"event\":\"a\",\"properties\":{\"\\u0446\\u0435\\u043d\\u0430\":1,\"a\\\"b\":2}",
                "\"event\":\"\u0001\",\"properties\":{\"a\u001f\":\"\u0000\",\"time\":\"1\t\"}",
                "\"event\":\"a\",\"properties\":{\"a\":{\"b\":[[],{},[{}, {\"c\":[1 ,\"]\"]}] ]} }"
            })
    void isSureOfControlCharactersEscapesAndOfWhatIsNested(String members) {
        byte[] line = bytes("{" + members + "}");
        assertThat(quick(line)).isEqualTo(full(line)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1}",
                "{]",
                "[1,]",
                "{\"a\":1,}",
                "{1:2}",
                "[{\"a\"}]",
                "[,1]",
                "[1 2]",
                "{:1}"
            })
    void isNotSureOfWhatIsNestedWrong(String value) {
        byte[] line = bytes("{\"event\":\"a\",\"properties\":{\"a\":" + value + "}}");
        assertThat(full(line)).isNull();
        assertThat(quick(line)).isNull();
    }

    @Test
    void isNotSureOfALineThatEndsAnywhereBeforeItsEnd() {
        byte[] line =
                bytes("{\"event\":\"a\",\"properties\":{\"t\":\"\\u0446\",\"b\":[-1.5e+3,true]}}");
        assertThat(quick(line)).isNotNull();
        for (int length = 0; length < line.length; length++) {
            assertThat(quick(Arrays.copyOf(line, length))).isNull();
            assertThat(quick(line, 0, length)).as("what follows would complete it").isNull();
        }
    }

    @Test
    void isNotSureOfVeryDeepOrVeryLongLines() {
        String start = "{\"event\":\"a\",\"properties\":{\"a\":";
        String deep = "[".repeat(100) + "]".repeat(100);
        assertThat(quick(bytes(start + deep + "}}"))).isNull();
        String bytes = "\"" + "x".repeat(1 << 20) + "\"";
        assertThat(quick(bytes(start + bytes + "}}"))).isNull();
    }

    @Test
    void passesOverBytesThatAreNoUtf8WhereNobodyAsks() {
        byte[] line =
                bytes("{\"event\":\"a\",\"properties\":{\"x\":\"????\",\"distinct_id\":\"u\"}}");
        line[new String(line, UTF_8).indexOf("????")] = (byte) 0xff;
        assertThat(quick(line)).isEqualTo(full(line)).isNotNull();
    }

    @Test
    void isNotSureOfBytesThatAreNoUtf8InAFieldItTakes() {
        byte[] line = bytes("{\"event\":\"a\",\"properties\":{\"distinct_id\":\"?\"}}");
        line[new String(line, UTF_8).indexOf('?')] = (byte) 0xff;
        assertThat(quick(line)).isNull();
    }

    @Test
    void theFullScanTakesNoNameForAnotherOverABrokenByte() {
        String event = "{\"event\":\"a\",\"properties\":{\"%s\":\"i\",\"x\":1}}";
        assertThat(full(bytes(String.format(event, "$insert_id")))).isNotNull();
        byte[] line = bytes(String.format(event, "$insert_?id"));
        line[new String(line, UTF_8).indexOf('?')] = (byte) 0xff;
        assertThat(full(line).insertId()).isNull();
        assertThat(quick(line)).isEqualTo(full(line));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<byte[]> exported() throws IOException {
        List<byte[]> lines = new ArrayList<>();
        try (DirectoryStream<Path> days =
                Files.newDirectoryStream(Path.of("examples/data"), "*.jsonl.gz")) {
            for (Path day : days) {
                try (InputStream gzip = new GZIPInputStream(Files.newInputStream(day));
                        LineReader reader = new LineReader(gzip, 1 << 20)) {
                    for (byte[] line; (line = reader.next()) != null; ) {
                        lines.add(line);
                    }
                }
            }
        }
        return lines;
    }
}
