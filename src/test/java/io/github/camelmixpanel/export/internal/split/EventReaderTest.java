package io.github.camelmixpanel.export.internal.split;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.durable.SpillFile;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.EventTime;
import io.github.camelmixpanel.export.internal.split.scan.NotAnEvent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {

    private static final ExportQuery ALL = new ExportQuery(List.of(), null, null, false, true);
    private static final EventScanner SCANNER =
            new EventScanner(new EventTime(ZoneId.of("UTC"), false), ALL);
    private static final String BODY =
            """
            {"event":"a","properties":{}}

            garbage
            \t\s
            {"event":"b","properties":{}}
            {"event":"too long","properties":{"x":"0123456789"}}
            {"event":"c","properties":{}}""";

    private final List<String> bad = new ArrayList<>();

    @TempDir Path folder;

    @Test
    void givesEventsInOrderAndReportsBadLinesInBetween() throws Exception {
        try (EventReader reader = reader(BODY)) {
            assertThat(rest(reader)).containsExactly("1 a", "5 b", "7 c");
            assertThat(bad)
                    .containsExactly(
                            "3 invalid JSON at column 8: garbage",
                            "6 longer than maxLineSize: "
                                    + "{\"event\":\"too long\",\"properties\":{\"x");
            assertThat(reader.lineNumber()).isEqualTo(7);
        }
    }

    @Test
    void goesOnFromALineWithoutALookAtThoseBefore() throws Exception {
        try (EventReader reader = reader(BODY)) {
            reader.skipTo(5, () -> true);
            assertThat(bad).isEmpty();
            assertThat(rest(reader)).containsExactly("5 b", "7 c");
        }
    }

    @Test
    void goesNotBackAndNotPastTheEnd() throws Exception {
        try (EventReader reader = reader(BODY)) {
            reader.next();
            reader.skipTo(1, () -> true);
            assertThat(reader.next().name()).isEqualTo("b");
            reader.skipTo(1000, () -> true);
            assertThat(reader.next()).isNull();
            assertThat(reader.lineNumber()).isEqualTo(7);
        }
    }

    @Test
    void endsWhenABadLineCannotBeSetAside() throws Exception {
        BadLines full =
                (line, reason, bytes) -> {
                    throw new SpoolException("disk full");
                };
        try (EventReader reader = new EventReader(lines("x\n"), SCANNER, full)) {
            assertThatThrownBy(reader::next).isInstanceOf(SpoolException.class);
        }
    }

    @Test
    void givesTheEventsThatItsLinesAreWhereverABlockEnds() throws Exception {
        int events = 0;
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] body = new RandomLines(random).body(100);
            int maxLineSize = random.nextBoolean() ? 150 : 10_000;
            List<String> expected = lineByLine(new LineReader(in(body), maxLineSize));
            for (int blocks = 0; blocks < 4; blocks++) {
                int block = 16 + random.nextInt(random.nextBoolean() ? 200 : 20_000);
                bad.clear();

                EventReader reader = reader(new LineReader(in(body), maxLineSize, block));

                assertThat(all(reader)).as("seed %d, block %d", seed, block).isEqualTo(expected);
            }
            events += expected.size();
        }
        assertThat(events).isGreaterThan(5_000);
    }

    @Test
    void givesThemAgainByWhatWasFoundInThemWhereverABlockEnds() throws Exception {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            byte[] body = new RandomLines(random).body(100);
            int block = 16 + random.nextInt(random.nextBoolean() ? 200 : 20_000);
            BodyOffsets offsets = new BodyOffsets(new SpillFile(folder, failure -> {}));
            List<String> expected =
                    all(reader(new LineReader(in(body), 10_000), offsets, BodyOffsets.NONE));

            LineReader lines = new LineReader(in(body), 10_000, block);

            assertThat(all(reader(lines, BodyOffsets.NONE, offsets)))
                    .as("seed %d, block %d", seed, block)
                    .isEqualTo(expected);
        }
    }

    /** At its end, across it, larger than it; the last one with and without a line end. */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void readsALineWhereverItEndsInABlock(String end) throws Exception {
        String[] lines = {
            "{\"event\":\"a\",\"properties\":{\"time\":1,\"$insert_id\":\"i\"}}",
            "{\"event\":\"\\u0431 \\\"c\",\"properties\":{\"x\":\"" + "x".repeat(70) + "\"}}",
            "{\"event\":\"Größe\",\"properties\":{\"distinct_id\":\"\\ufffd\"}} "
        };
        for (String last : List.of(end, "")) {
            byte[] body = (String.join(end, lines) + last).getBytes(UTF_8);
            List<String> expected = new ArrayList<>();
            for (String line : lines) {
                ExportEvent event = SCANNER.scan(expected.size() + 1L, line.getBytes(UTF_8));
                expected.add(everything(event));
            }
            for (int block = 1; block < body.length + 3; block++) {
                EventReader reader = reader(new LineReader(in(body), 10_000, block));

                assertThat(all(reader)).as("block %d", block).isEqualTo(expected);
            }
        }
    }

    private static List<String> lineByLine(LineReader lines) throws Exception {
        List<String> events = new ArrayList<>();
        for (byte[] line; (line = lines.next()) != null; ) {
            try {
                if (!lines.tooLong()) {
                    events.add(everything(SCANNER.scan(lines.lineNumber(), line)));
                }
            } catch (NotAnEvent e) {
                // or blank
            }
        }
        return events;
    }

    /** As they are when they are read, which those kept still are at the end. */
    private static List<String> all(EventReader reader) throws Exception {
        List<String> events = new ArrayList<>();
        List<ExportEvent> kept = new ArrayList<>();
        for (ExportEvent event; (event = reader.next()) != null; ) {
            kept.add(event.kept());
            events.add(everything(event));
        }
        assertThat(kept).extracting(EventReaderTest::everything).isEqualTo(events);
        return events;
    }

    private static String everything(ExportEvent event) {
        return event.line()
                + new String(event.json(), ISO_8859_1)
                + event.size()
                + List.of(event.hasInsertId(), event.readTime())
                + event.name()
                + event.restoredName()
                + event.distinctId()
                + event.insertId()
                + event.processed();
    }

    private static String text(ExportEvent event) {
        return event.line() + " " + event.name();
    }

    private EventReader reader(String body) {
        return reader(lines(body));
    }

    private EventReader reader(LineReader lines) {
        return reader(lines, BodyOffsets.NONE, BodyOffsets.NONE);
    }

    private EventReader reader(LineReader lines, BodyOffsets found, BodyOffsets known) {
        return new EventReader(
                lines,
                SCANNER,
                (line, reason, bytes) ->
                        bad.add(line + " " + reason + ": " + new String(bytes, UTF_8)),
                found,
                known);
    }

    private static LineReader lines(String body) {
        return new LineReader(in(body.getBytes(UTF_8)), 36);
    }

    private static InputStream in(byte[] body) {
        return new ByteArrayInputStream(body);
    }

    private static List<String> rest(EventReader reader) throws Exception {
        List<String> events = new ArrayList<>();
        for (ExportEvent event; (event = reader.next()) != null; ) {
            events.add(text(event));
        }
        return events;
    }
}
