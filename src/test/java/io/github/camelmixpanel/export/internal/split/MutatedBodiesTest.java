package io.github.camelmixpanel.export.internal.split;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.EventTime;
import io.github.camelmixpanel.export.internal.spool.GunzipInputStream;
import io.github.camelmixpanel.export.internal.spool.GzipException;
import io.github.camelmixpanel.export.option.OnBadLine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand ways in which a compressed body may be damaged on its way: each is refused, or
 * yields the very events that were sent.
 */
class MutatedBodiesTest {

    private static final int MUTATIONS = 10_000;
    private static final Window WINDOW = Window.ofDay(LocalDate.of(2026, 10, 11));
    private static final EventScanner SCANNER =
            new EventScanner(
                    new EventTime(ZoneId.of("UTC"), false),
                    new ExportQuery(List.of(), null, null, false, true));

    @Test
    void areRefusedOrYieldTheOriginalEvents() throws Exception {
        long seed = Long.getLong("mutations.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> events = events(random);
        byte[] body = gzip(events);
        assertThat(read(body)).isEqualTo(events);

        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = mutate(body, random);
            try {
                assertThat(read(mutated)).as("mutation %d, seed %d", i, seed).isEqualTo(events);
            } catch (GzipException | ExportException e) {
                refused++;
            }
        }

        assertThat(refused).as("refused, seed %d", seed).isGreaterThan(MUTATIONS * 9 / 10);
    }

    /** As a download is verified: unpacked, cut into lines, each line read. */
    private static List<String> read(byte[] body) throws IOException, ExportException {
        List<String> events = new ArrayList<>();
        try (LineReader lines =
                new LineReader(new GunzipInputStream(new ByteArrayInputStream(body)), 10_000)) {
            BodyCheck.check(
                    WINDOW,
                    OnBadLine.QUARANTINE,
                    lines,
                    SCANNER,
                    BodyOffsets.NONE,
                    BadLines.IGNORE,
                    () -> false,
                    event -> events.add(new String(event.json(), UTF_8)));
        }
        return events;
    }

    private static byte[] mutate(byte[] body, Random random) {
        byte[] mutated = body;
        do {
            mutated =
                    switch (random.nextInt(6)) {
                        case 0 -> bitFlips(mutated, random);
                        // one byte at least, for the mutations that follow
                        case 1 -> Arrays.copyOf(mutated, 1 + random.nextInt(mutated.length));
                        case 2 -> splice(mutated, mutated, random);
                        case 3 -> splice(mutated, new byte[random.nextInt(100)], random);
                        case 4 -> overwrite(mutated, random);
                        default -> without(mutated, random);
                    };
        } while (random.nextInt(3) == 0);
        return mutated;
    }

    private static byte[] bitFlips(byte[] body, Random random) {
        byte[] flipped = body.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            flipped[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    /** Some bytes of {@code source}, put in somewhere. */
    private static byte[] splice(byte[] body, byte[] source, Random random) {
        int from = random.nextInt(source.length + 1);
        byte[] piece = Arrays.copyOfRange(source, from, from + random.nextInt(200));
        int at = random.nextInt(body.length + 1);
        return join(Arrays.copyOf(body, at), piece, Arrays.copyOfRange(body, at, body.length));
    }

    /** Some bytes of the body, over others of it. */
    private static byte[] overwrite(byte[] body, Random random) {
        byte[] over = body.clone();
        int length = random.nextInt(Math.min(200, body.length));
        System.arraycopy(
                body,
                random.nextInt(body.length - length),
                over,
                random.nextInt(body.length - length),
                length);
        return over;
    }

    private static byte[] without(byte[] body, Random random) {
        int at = random.nextInt(body.length);
        int end = Math.min(body.length, at + 1 + random.nextInt(200));
        byte[] rest = join(Arrays.copyOf(body, at), Arrays.copyOfRange(body, end, body.length));
        return rest.length == 0 ? body : rest;
    }

    private static byte[] join(byte[]... pieces) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            joined.writeBytes(piece);
        }
        return joined.toByteArray();
    }

    private static List<String> events(Random random) {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            events.add(
                    "{\"event\":\"view\",\"properties\":{\"time\":"
                            + (1_791_158_400 + i)
                            + ",\"$insert_id\":\""
                            + Long.toHexString(random.nextLong())
                            + "\"}}");
        }
        return events;
    }

    private static byte[] gzip(List<String> lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write((String.join("\n", lines) + "\n").getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }
}
