package io.github.camelmixpanel.export.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.spool.FaultyDisk.Operation;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpoolWriterTest {

    private static final Window DAY = Window.ofDay(LocalDate.of(2026, 10, 11));
    private static final Window NEXT_DAY = Window.ofDay(LocalDate.of(2026, 10, 12));

    @TempDir Path folder;
    private final FaultyDisk disk = new FaultyDisk();
    private Spool spool;

    @BeforeEach
    void openSpool() throws Exception {
        spool = Spool.open(folder, 100, disk);
    }

    @Test
    void takesNothingOfABlockThatDoesNotFitAndAllOfItLater() throws Exception {
        byte[] block = new byte[60];
        SpoolWriter older = SpoolWriter.create(spool, DAY, 1);
        try (SpoolWriter younger = SpoolWriter.create(spool, NEXT_DAY, 1)) {
            older.write(block);

            assertThatThrownBy(() -> younger.write(block))
                    .isInstanceOf(SpoolFull.class)
                    .hasMessageContainingAll("maxSpoolSize", "60 of at most 100", "2026-10-12.g1");
            assertThat(younger.bytes()).isZero();
            assertThat(spool.usedBytes()).isEqualTo(60);

            older.close();
            younger.write(block);
            assertThat(younger.finish(true).bytes()).isEqualTo(60);
        }
    }

    @Test
    void fillsTheSpoolToTheLastByte() throws Exception {
        try (SpoolWriter writer = SpoolWriter.create(spool, DAY, 1)) {
            writer.write(new byte[99]);
            writer.write('x');
            assertThat(spool.usedBytes()).isEqualTo(spool.maxBytes());
            assertThatThrownBy(() -> writer.write('y')).isInstanceOf(SpoolFull.class);
        }
    }

    @Test
    void leavesNothingBehindWhenItIsAbandoned() throws Exception {
        SpoolWriter writer = SpoolWriter.create(spool, DAY, 1);
        writer.write(new byte[60]);
        assertThat(names()).containsExactly("2026-10-11.g1.part");

        writer.close();
        writer.close();

        assertThat(names()).isEmpty();
        assertThat(spool.usedBytes()).isZero();
        assertThatThrownBy(() -> writer.write(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> writer.finish(true)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void saysWhichFileADiskRefusedAndWhatToDo() throws Exception {
        try (SpoolWriter writer = SpoolWriter.create(spool, DAY, 1)) {
            writer.write(new byte[10]);
            assertThat(writer.failure()).isEmpty();
            disk.failing = Operation.WRITE;

            assertThatThrownBy(() -> writer.write(new byte[20]))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SpoolFull.class)
                    .hasMessageContainingAll(
                            folder.resolve("2026-10-11.g1.part").toString(),
                            "after 10 bytes",
                            "No space left on device",
                            "Free space");
            assertThat(writer.failure()).containsInstanceOf(SpoolException.class);
        }
    }

    @Test
    void doesNotGoOnAfterAHalfWrittenBlock() throws Exception {
        try (SpoolWriter writer = SpoolWriter.create(spool, DAY, 1)) {
            disk.failing = Operation.WRITE;
            Throwable refused = catchThrowable(() -> writer.write(new byte[20]));
            disk.failing = null;

            assertThatThrownBy(() -> writer.write(new byte[20])).hasMessage(refused.getMessage());
            assertThatThrownBy(() -> writer.finish(true)).isSameAs(writer.failure().orElseThrow());
        }
        assertThat(names()).isEmpty();
        assertThat(spool.usedBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"FORCE", "RENAME", "FORCE_FOLDER"})
    void leavesNothingBehindWhenItCannotFinish(Operation failing) throws Exception {
        try (SpoolWriter writer = SpoolWriter.create(spool, DAY, 1)) {
            writer.write(new byte[10]);
            disk.failing = failing;

            assertThatThrownBy(() -> writer.finish(true))
                    .isInstanceOf(SpoolException.class)
                    .hasMessageContainingAll("2026-10-11.g1", "of 10 bytes", "No space left");
        }
        assertThat(names()).isEmpty();
        assertThat(spool.usedBytes()).isZero();
        disk.failing = null;
        SpoolWriter.create(spool, DAY, 1).close();
    }

    @Test
    void reportsAFileThatCannotBeCreated() {
        disk.failing = Operation.CREATE;

        assertThatThrownBy(() -> SpoolWriter.create(spool, DAY, 1))
                .isInstanceOf(SpoolException.class)
                .hasMessageContainingAll("create", "window 2026-10-11");
        disk.failing = null;
        assertThat(spool.usedBytes()).isZero();
    }

    @Test
    void keepsCountingAFileThatCannotBeDeleted() throws Exception {
        try (SpoolWriter writer = SpoolWriter.create(spool, DAY, 1)) {
            writer.write(new byte[10]);
            disk.failing = Operation.DELETE;
        }
        assertThat(spool.usedBytes()).isEqualTo(10);
    }

    @Test
    void doesNotTakeAnInterruptForAFaultOfTheDisk() throws Exception {
        try (SpoolWriter writer = SpoolWriter.create(spool, DAY, 1)) {
            Thread.currentThread().interrupt();
            Throwable thrown = catchThrowable(() -> writer.write(new byte[10]));
            assertThat(Thread.interrupted()).isTrue();

            assertThat(thrown).isInstanceOf(ClosedByInterruptException.class);
            assertThat(writer.failure()).isEmpty();
        }
        assertThat(names()).isEmpty();
        assertThat(spool.usedBytes()).isZero();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
