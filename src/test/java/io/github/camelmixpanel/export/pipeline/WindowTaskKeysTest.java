package io.github.camelmixpanel.export.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.dedupe.KeyIndex;
import io.github.camelmixpanel.export.dedupe.KeyNotes;
import io.github.camelmixpanel.export.model.DedupeRecipe;
import io.github.camelmixpanel.export.model.Disk;
import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.Window;
import io.github.camelmixpanel.export.plan.DueWindow;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowTaskKeysTest {

    private static final LocalDate DAY = LocalDate.parse("2026-10-05");

    @TempDir Path folder;

    @Test
    void knowsItsKeyDaysWhenItsKeysAreReleased() throws Exception {
        WindowTask waiting = task(DAY, DAY);
        WindowTask sameDay = task(DAY.plusDays(1), DAY);
        WindowTask other = task(DAY.plusDays(1), DAY.plusDays(1));

        waiting.releaseKeys();

        assertThat(waiting.keys()).isNull();
        assertThat(waiting.mayShareEventsWith(sameDay)).isTrue();
        assertThat(waiting.mayShareEventsWith(other))
                .as("its neighbour need not wait for what the route left failed")
                .isFalse();
    }

    /** A window of a day whose only event is of another. */
    private WindowTask task(LocalDate day, LocalDate eventDay) throws Exception {
        WindowTask task =
                new WindowTask(new DueWindow(Window.ofDay(day), DueWindow.Kind.BACKFILL), 1);
        BodyKeys keys =
                new BodyKeys(
                        DedupeRecipe.MIXPANEL,
                        new KeyIndex(folder, 1 << 20, Disk.REAL),
                        KeyNotes.NONE);
        keys.take(
                new ExportEvent(
                        1,
                        new byte[0],
                        "a",
                        null,
                        "u",
                        "i",
                        null,
                        eventDay.toEpochDay() * 86_400,
                        null));
        task.hasKeys(keys);
        return task;
    }
}
