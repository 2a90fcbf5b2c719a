package io.github.camelmixpanel.export.internal.dedupe.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.internal.database.Store;
import io.github.camelmixpanel.export.internal.dedupe.CrashDisk;
import io.github.camelmixpanel.export.internal.dedupe.Keys;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunFileTest {

    private static final DedupeRecipe RECIPE = DedupeRecipe.MIXPANEL;

    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("2026-10-11.1.run");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3276, 3277, 10_000})
    void givesBackWhatWasAppended(int keys) throws Exception {
        List<DedupeKey> appended = new ArrayList<>(Keys.keys(0, keys));
        appended.set(0, Keys.undated(0));
        try (RunFile run = RunFile.open(file, RECIPE, Disk.REAL)) {
            run.append(Keys.list(appended));
            run.append(Keys.list(List.of()));
            run.append(Keys.list(Keys.keys(keys, keys + 2)));
        }
        appended.addAll(Keys.keys(keys, keys + 2));

        assertThat(read()).isEqualTo(appended);
    }

    @Test
    void isNotThereBeforeTheFirstKey() throws Exception {
        try (RunFile run = RunFile.open(file, RECIPE, Disk.REAL)) {
            run.append(Keys.list(List.of()));
            assertThat(file).doesNotExist();

            run.append(Keys.list(Keys.keys(0, 1)));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void goesOnAfterARestart() throws Exception {
        append(Keys.keys(0, 5));
        append(Keys.keys(5, 7));

        assertThat(read()).isEqualTo(Keys.keys(0, 7));
    }

    @Test
    void losesOnlyTheLastAppendWhereverItIsCut() throws Exception {
        append(Keys.keys(0, 3));
        byte[] first = Files.readAllBytes(file);
        append(Keys.keys(3, 5));
        byte[] both = Files.readAllBytes(file);

        for (int length = 0; length < both.length; length++) {
            Files.write(file, Arrays.copyOf(both, length));
            List<DedupeKey> kept = length < first.length ? List.of() : Keys.keys(0, 3);
            assertThat(read()).as("cut to " + length).isEqualTo(kept);

            append(Keys.keys(7, 9));
            List<DedupeKey> expected = new ArrayList<>(kept);
            expected.addAll(Keys.keys(7, 9));
            assertThat(read()).as("cut to " + length + ", gone on").isEqualTo(expected);
        }
    }

    @Test
    void neverInventsAKeyWhateverByteChanges() throws Exception {
        append(Keys.keys(0, 3));
        append(Keys.keys(3, 5));
        byte[] sound = Files.readAllBytes(file);

        for (int i = 0; i < sound.length; i++) {
            byte[] damaged = sound.clone();
            damaged[i] ^= 0x11;
            Files.write(file, damaged);
            if (i < FileHeader.BYTES) {
                assertThatThrownBy(this::read)
                        .isInstanceOf(LedgerException.class)
                        .hasMessageContaining(file.toString())
                        .hasMessageContaining("delete it");
            } else {
                List<DedupeKey> read = read();
                assertThat(read).as("byte " + i).hasSizeLessThan(5);
                assertThat(read).as("byte " + i).isEqualTo(Keys.keys(0, read.size()));
            }
        }
    }

    @Test
    void leavesOutATailOfZerosAndCutsItOff() throws Exception {
        append(Keys.keys(0, 3));
        byte[] sound = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(sound, sound.length + 500));

        assertThat(read()).isEqualTo(Keys.keys(0, 3));

        append(Keys.keys(3, 4));

        assertThat(read()).isEqualTo(Keys.keys(0, 4));
        assertThat(Files.size(file)).isEqualTo(sound.length + 4 + 20 + 4);
    }

    @ParameterizedTest
    @EnumSource
    void hasWhatItHadAfterAnAppendThatFailed(StateKind kind) throws Exception {
        try (Store store = Store.of(kind)) {
            hasWhatItHadAfterAnAppendThatFailed(store);
        }
    }

    private void hasWhatItHadAfterAnAppendThatFailed(Store store) throws Exception {
        for (int step = 1; ; step++) {
            store.edited();
            Files.deleteIfExists(file);
            CrashDisk disk = new CrashDisk();
            store.whenCommitting(() -> {});
            Disk through = store.disk(folder, disk);
            store.whenCommitting(disk::commit);
            try (RunFile run = RunFile.open(file, RECIPE, through)) {
                disk.failAt(step);
                int kept = 0;
                for (int i = 0; i < 3; i++) {
                    List<DedupeKey> next = Keys.keys(kept, kept + 2);
                    try {
                        run.append(Keys.list(next));
                    } catch (LedgerException e) {
                        assertThat(e).hasMessageContaining(file.toString());
                        run.append(Keys.list(next));
                    }
                    kept += 2;
                    assertThat(read()).as("step " + step).isEqualTo(Keys.keys(0, kept));
                }
            }
            store.whenCommitting(() -> {});
            store.disk(folder, Disk.REAL); // as another process finds it
            assertThat(read()).as("step " + step).isEqualTo(Keys.keys(0, 6));
            if (!disk.hasFailed()) {
                assertThat(step).as("steps tried").isGreaterThan(8);
                return;
            }
        }
    }

    @Test
    void refusesARunOfAnotherRecipe() throws Exception {
        append(Keys.keys(0, 1));

        assertThatThrownBy(() -> RunFile.open(file, DedupeRecipe.INSERT_ID, Disk.REAL))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("dedupeKey=MIXPANEL")
                .hasMessageContaining("dedupeKey=INSERT_ID");
    }

    @Test
    void takesNothingAfterItWasClosed() throws Exception {
        RunFile run = RunFile.open(file, RECIPE, Disk.REAL);
        run.close();

        assertThatThrownBy(() -> run.append(Keys.list(Keys.keys(0, 1))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(file).doesNotExist();
    }

    private void append(List<DedupeKey> keys) throws Exception {
        try (RunFile run = RunFile.open(file, RECIPE, Disk.REAL)) {
            run.append(Keys.list(keys));
        }
    }

    private List<DedupeKey> read() throws Exception {
        List<DedupeKey> keys = new ArrayList<>();
        RunFile.read(file, RECIPE, (day, high, low) -> keys.add(new DedupeKey(high, low, day)));
        return keys;
    }
}
