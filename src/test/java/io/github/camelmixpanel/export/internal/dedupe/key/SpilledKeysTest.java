package io.github.camelmixpanel.export.internal.dedupe.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.durable.SpillFile;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpilledKeysTest {

    private static final int EVENTS = 5000;

    @TempDir Path folder;
    private final KeyMaker maker = new KeyMaker(DedupeRecipe.MIXPANEL);

    @Test
    void givesTheKeysThatWereMade() {
        SpilledKeys notes = filled(folder);
        SpilledKeys.Reader reader = notes.reader();
        for (int i = 0; i < EVENTS; i++) {
            ExportEvent event = event(3 * i + 1);
            assertThat(reader.of(event)).isEqualTo(maker.keyOf(event));
        }
    }

    @Test
    void givesNothingForALineThatItHasNot() {
        SpilledKeys.Reader reader = filled(folder).reader();
        Random random = new Random(7);
        for (int line = 1; line < 3 * EVENTS; line += 1 + random.nextInt(100)) {
            ExportEvent event = event(line);
            if (line % 3 == 1) {
                assertThat(reader.of(event)).isEqualTo(maker.keyOf(event));
            } else {
                assertThat(reader.of(event)).isNull();
            }
        }
        assertThat(reader.of(event(3 * EVENTS + 1))).isNull();
    }

    @Test
    void givesNothingBehindWhatCouldBeKept() {
        SpilledKeys.Reader reader = filled(folder.resolve("none")).reader();
        int kept = 0;
        for (int i = 0; i < EVENTS; i++) {
            if (reader.of(event(3 * i + 1)) != null) {
                assertThat(i).as("none behind one that is missing").isEqualTo(kept++);
            }
        }
        assertThat(kept).as("a block of 17 bytes each").isBetween(65_536 / 17 - 2, 65_536 / 17);
        assertThat(SpilledKeys.NONE.reader().of(event(1))).isNull();
    }

    private SpilledKeys filled(Path folder) {
        SpilledKeys notes = new SpilledKeys(new SpillFile(folder, failure -> {}));
        for (int i = 0; i < EVENTS; i++) {
            int line = 3 * i + 1;
            notes.add(line, maker.keyOf(event(line)));
        }
        return notes;
    }

    /** Some have no time. */
    private static ExportEvent event(int line) {
        Long seconds = line % 7 == 0 ? null : 1_600_000_000L + 5000L * line;
        Instant time = seconds == null ? null : Instant.ofEpochSecond(seconds);
        byte[] json = ("line " + line).getBytes(UTF_8);
        return new ExportEvent(line, json, "a", null, "u", "i" + line, time, seconds, null);
    }
}
