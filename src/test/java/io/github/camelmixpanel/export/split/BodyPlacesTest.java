package io.github.camelmixpanel.export.split;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.ExportQuery;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who reads a body by the places found in it gets what a scan of its lines gives. */
class BodyPlacesTest {

    private static final long ALL = 64L << 20;
    private static final EventScanner SCANNER =
            new EventScanner(
                    new EventTime(ZoneId.of("Europe/Berlin"), false),
                    new ExportQuery(List.of(), null, null, false, true));

    @ParameterizedTest
    @ValueSource(longs = {0, 64 * 1024, ALL})
    void givesTheEventsOfAnyBody(long maxBytes) throws Exception {
        for (int seed = 0; seed < 40; seed++) {
            byte[] body = new RandomLines(new Random(seed)).body(1_000);
            BodyPlaces places = new BodyPlaces(maxBytes);
            List<String> scanned = read(body, places, BodyPlaces.NONE, 1);

            assertThat(read(body, BodyPlaces.NONE, places, 1))
                    .as("seed %d", seed)
                    .isEqualTo(scanned);
        }
    }

    @Test
    void givesThoseBehindALine() throws Exception {
        for (int seed = 0; seed < 40; seed++) {
            byte[] body = new RandomLines(new Random(seed)).body(300);
            BodyPlaces places = new BodyPlaces(ALL);
            read(body, places, BodyPlaces.NONE, 1);
            long first = new Random(seed).nextInt(350) + 1L;

            assertThat(read(body, BodyPlaces.NONE, places, first))
                    .as("seed %d from line %d", seed, first)
                    .isEqualTo(read(body, BodyPlaces.NONE, BodyPlaces.NONE, first));
        }
    }

    @Test
    void knowsEveryEventThatMixpanelWrites() throws Exception {
        byte[] body = exported();
        BodyPlaces places = new BodyPlaces(ALL);
        List<String> scanned = read(body, places, BodyPlaces.NONE, 1);
        assertThat(scanned).hasSizeGreaterThan(50);

        BodyPlaces.Reader known = places.reader();
        for (long line = 1; line <= scanned.size(); line++) {
            assertThat(known.of(line)).as("line %d", line).isNotNull();
        }
        assertThat(known.of(scanned.size() + 1L)).isNull();
        assertThat(read(body, BodyPlaces.NONE, places, 1)).isEqualTo(scanned);
    }

    /** The places of other bodies give other fields, so that nobody has read the JSON again. */
    @Test
    void looksAtNothingElse() throws Exception {
        BodyPlaces places = new BodyPlaces(ALL);
        String line = "{\"event\":\"abc\",\"properties\":{\"distinct_id\":\"d\",\"x\":\"efg\"}}\n";
        read(line.getBytes(UTF_8), places, BodyPlaces.NONE, 1);
        byte[] other = line.replace("abc", "xyz").replace("}}", "{{").getBytes(UTF_8);

        assertThat(read(other, BodyPlaces.NONE, places, 1))
                .singleElement()
                .asString()
                .contains("xyz");
    }

    @Test
    void notesNoMoreThanItsBound() throws Exception {
        byte[] body =
                "{\"event\":\"a\",\"properties\":{\"time\":1}}\n".repeat(50_000).getBytes(UTF_8);
        BodyPlaces places = new BodyPlaces(200_000);
        read(body, places, BodyPlaces.NONE, 1);

        BodyPlaces.Reader known = places.reader();
        long last = 1;
        while (known.of(last + 1) != null) {
            last++;
        }
        assertThat(last * 6).isBetween(3 * 65_536L - 3 * 100, 200_000L);
    }

    private static List<String> read(byte[] body, BodyPlaces found, BodyPlaces noted, long first)
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
