package io.github.camelmixpanel.export.internal.pipeline.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.dedupe.KeyIndex;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import io.github.camelmixpanel.export.internal.split.scan.ParsedEvent;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowRunKeysTest {

    private static final LocalDate DAY = LocalDate.parse("2026-10-05");

    @TempDir Path folder;

    @Test
    void knowsItsKeyDaysWhenItsKeysAreReleased() throws Exception {
        WindowRun waiting = task(DAY, DAY);
        WindowRun sameDay = task(DAY.plusDays(1), DAY);
        WindowRun other = task(DAY.plusDays(1), DAY.plusDays(1));

        waiting.emission.releaseKeys();

        assertThat(waiting.emission.keys).isNull();
        assertThat(BoardRules.mayShareEvents(waiting, sameDay)).isTrue();
        assertThat(BoardRules.mayShareEvents(waiting, other))
                .as("its neighbour need not wait for what the route left failed")
                .isFalse();
    }

    /** A window of a day whose only event is of another. */
    private WindowRun task(LocalDate day, LocalDate eventDay) throws Exception {
        WindowRun task =
                new WindowRun(
                        new Object(), new DueWindow(Window.ofDay(day), DueWindow.Kind.BACKFILL), 1);
        BodyKeys keys =
                new BodyKeys(
                        new KeyMaker(DedupeRecipe.MIXPANEL),
                        new KeyIndex(folder, 1 << 20, Disk.REAL));
        keys.take(
                new ParsedEvent(
                        1,
                        new byte[0],
                        "a",
                        null,
                        "u",
                        "i",
                        new ExportEvent.ReadTime(null, eventDay.toEpochDay() * 86_400),
                        null));
        task.hasKeys(keys);
        return task;
    }
}
