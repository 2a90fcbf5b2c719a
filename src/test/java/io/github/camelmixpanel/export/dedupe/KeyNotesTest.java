package io.github.camelmixpanel.export.dedupe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.model.DedupeRecipe;
import io.github.camelmixpanel.export.model.ExportEvent;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyNotesTest {

    private static final int EVENTS = 5000;
    private static final long ALL = 1 << 20;
    private static final long FEW = 100_000;

    private final KeyMaker maker = new KeyMaker(DedupeRecipe.MIXPANEL);

    @Test
    void givesTheKeysThatWereMade() {
        KeyNotes notes = filled(ALL);
        KeyNotes.Reader reader = notes.reader();
        for (int i = 0; i < EVENTS; i++) {
            ExportEvent event = event(3 * i + 1);
            assertThat(reader.of(event)).isEqualTo(maker.keyOf(event));
        }
    }

    @Test
    void givesNothingForALineThatItHasNot() {
        KeyNotes.Reader reader = filled(ALL).reader();
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
    void keepsNoMoreThanItsBoundAndNothingWithoutOne() {
        KeyNotes.Reader reader = filled(FEW).reader();
        int kept = 0;
        for (int i = 0; i < EVENTS; i++) {
            DedupeKey key = reader.of(event(3 * i + 1));
            assertThat(key == null).as("event %s", i).isEqualTo(i >= 4096);
            kept += key == null ? 0 : 1;
        }
        assertThat(kept * 24L).isLessThanOrEqualTo(FEW);
        assertThat(KeyNotes.NONE.reader().of(event(1))).isNull();
    }

    private KeyNotes filled(long maxBytes) {
        KeyNotes notes = new KeyNotes(maxBytes);
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
