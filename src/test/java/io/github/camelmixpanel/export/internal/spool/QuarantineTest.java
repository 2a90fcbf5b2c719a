package io.github.camelmixpanel.export.internal.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.model.Window;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuarantineTest {

    private static final Window WINDOW = Window.ofDay(LocalDate.of(2026, 10, 11));

    @TempDir Path folder;

    @Test
    void keepsTheLinesOfADownloadThatWasFinished() throws Exception {
        try (Quarantine.Writer writer = new Quarantine(folder, 100, Disk.REAL).create(WINDOW, 1)) {
            writer.add("one".getBytes(UTF_8));
            writer.add("two".getBytes(UTF_8));
            writer.finish();
        }

        assertThat(folder.resolve("2026-10-11.g1.jsonl")).hasContent("one\ntwo");
    }

    @Test
    void forcesTheNameOfItsFolderToo() throws Exception {
        List<Path> forced = new ArrayList<>();
        Disk disk =
                new Disk() {
                    @Override
                    public void forceDirectory(Path directory) {
                        forced.add(directory);
                    }
                };
        Path quarantine = folder.resolve("quarantine");
        try (Quarantine.Writer writer = new Quarantine(quarantine, 100, disk).create(WINDOW, 1)) {
            writer.add("one".getBytes(UTF_8));
            writer.finish();
        }

        assertThat(forced).containsExactlyInAnyOrder(quarantine, folder);
    }

    @Test
    void takesNoMoreThanItMayHoldAndLeavesNothingOfIt() throws Exception {
        try (Quarantine.Writer writer = new Quarantine(folder, 10, Disk.REAL).create(WINDOW, 1)) {
            writer.add(new byte[9]);

            assertThatThrownBy(() -> writer.add(new byte[0]))
                    .isInstanceOf(SpoolException.class)
                    .hasMessageContainingAll("2026-10-11", "maxSpoolSize=10 bytes");
        }

        assertThat(folder).isEmptyDirectory();
    }
}
