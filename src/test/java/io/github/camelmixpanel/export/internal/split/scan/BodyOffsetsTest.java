package io.github.camelmixpanel.export.internal.split.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.durable.SpillFile;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import io.github.camelmixpanel.export.internal.split.BadLines;
import io.github.camelmixpanel.export.internal.split.EventReader;
import io.github.camelmixpanel.export.internal.split.LineReader;
import io.github.camelmixpanel.export.internal.split.RandomLines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reads a body by the offsets found in it gets what a scan of its lines gives. */
class BodyOffsetsTest {

    private static final EventScanner SCANNER =
            new EventScanner(
                    new EventTime(ZoneId.of("Europe/Berlin"), false),
                    new ExportQuery(List.of(), null, null, false, true));

    @TempDir Path folder;

    @Test
    void givesTheEventsOfAnyBody() throws Exception {
        for (int seed = 0; seed < 40; seed++) {
            byte[] body = new RandomLines(new Random(seed)).body(1_000);
            try (BodyOffsets offsets = offsets()) {
                List<String> scanned = read(body, offsets, BodyOffsets.NONE, 1);

                assertThat(read(body, BodyOffsets.NONE, offsets, 1))
                        .as("seed %d", seed)
                        .isEqualTo(scanned);
            }
        }
    }

    @Test
    void scansTheLinesOfWhichNothingIsNoted() throws Exception {
        byte[] body =
                "{\"event\":\"a\",\"properties\":{\"time\":1}}\n".repeat(50_000).getBytes(UTF_8);
        List<IOException> failures = new ArrayList<>();
        BodyOffsets offsets = new BodyOffsets(new SpillFile(folder.resolve("none"), failures::add));
        List<String> scanned = read(body, offsets, BodyOffsets.NONE, 1);

        BodyOffsets.Reader known = offsets.reader();
        long last = 1;
        while (known.of(last + 1) != null) {
            last++;
        }
        assertThat(last).as("a block of them").isBetween(5_000L, 20_000L);
        assertThat(failures).hasSize(1);
        assertThat(read(body, BodyOffsets.NONE, offsets, 1)).isEqualTo(scanned);
    }

    @Test
    void givesThoseBehindALine() throws Exception {
        for (int seed = 0; seed < 40; seed++) {
            byte[] body = new RandomLines(new Random(seed)).body(300);
            BodyOffsets offsets = offsets();
            read(body, offsets, BodyOffsets.NONE, 1);
            long first = new Random(seed).nextInt(350) + 1L;

            assertThat(read(body, BodyOffsets.NONE, offsets, first))
                    .as("seed %d from line %d", seed, first)
                    .isEqualTo(read(body, BodyOffsets.NONE, BodyOffsets.NONE, first));
        }
    }

    @Test
    void knowsEveryEventThatMixpanelWrites() throws Exception {
        byte[] body = exported();
        BodyOffsets offsets = offsets();
        List<String> scanned = read(body, offsets, BodyOffsets.NONE, 1);
        assertThat(scanned).hasSizeGreaterThan(50);

        BodyOffsets.Reader known = offsets.reader();
        for (long line = 1; line <= scanned.size(); line++) {
            assertThat(known.of(line)).as("line %d", line).isNotNull();
        }
        assertThat(known.of(scanned.size() + 1L)).isNull();
        assertThat(read(body, BodyOffsets.NONE, offsets, 1)).isEqualTo(scanned);
    }

    /** The offsets of other bodies yield other fields, so the JSON is not parsed again. */
    @Test
    void looksAtNothingElse() throws Exception {
        BodyOffsets offsets = offsets();
        String line = "{\"event\":\"abc\",\"properties\":{\"distinct_id\":\"d\",\"x\":\"efg\"}}\n";
        read(line.getBytes(UTF_8), offsets, BodyOffsets.NONE, 1);
        byte[] other = line.replace("abc", "xyz").replace("}}", "{{").getBytes(UTF_8);

        assertThat(read(other, BodyOffsets.NONE, offsets, 1))
                .singleElement()
                .asString()
                .contains("xyz");
    }

    private BodyOffsets offsets() {
        return new BodyOffsets(
                new SpillFile(
                        folder,
                        failure -> {
                            throw new UncheckedIOException(failure);
                        }));
    }

    private static List<String> read(byte[] body, BodyOffsets found, BodyOffsets noted, long first)
            throws Exception {
        List<String> read = new ArrayList<>();
        LineReader lines = new LineReader(new ByteArrayInputStream(body), 100_000);
        BadLines bad = (line, reason, bytes) -> read.add(line + " is bad: " + reason);
        try (EventReader events = new EventReader(lines, SCANNER, bad, found, noted)) {
            events.skipTo(first, () -> true);
            for (ExportEvent event; (event = events.next()) != null; ) {
                read.add(text(event));
            }
        }
        return read;
    }

    private static String text(ExportEvent event) {
        return new String(event.json(), UTF_8)
                + event.line()
                + event.name()
                + event.originalName()
                + event.distinctId()
                + event.insertId()
                + event.time()
                + event.rawTimeSeconds()
                + event.processed();
    }

    private static byte[] exported() throws Exception {
        try (GZIPInputStream day =
                new GZIPInputStream(
                        Files.newInputStream(Path.of("examples/data/2026-10-05.jsonl.gz")))) {
            return day.readAllBytes();
        }
    }
}
