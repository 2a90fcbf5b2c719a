package io.github.camelmixpanel.export.internal.dedupe;

import static io.github.camelmixpanel.export.internal.dedupe.Keys.DAY;
import static io.github.camelmixpanel.export.internal.dedupe.Keys.key;
import static io.github.camelmixpanel.export.internal.dedupe.Keys.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key file that cannot be trusted is refused, and left as it is. */
class KeyFileDamageTest {

    private static final Window WINDOW = Window.ofDay(DAY);
    private static final long MEMORY = 16 * 32;

    @TempDir Path state;
    private Path folder;
    private KeyFiles files;

    @BeforeEach
    void open() throws Exception {
        folder = state.resolve("keys");
        files = KeyFiles.open(folder, DedupeRecipe.MIXPANEL, MEMORY, Disk.REAL);
    }

    @AfterEach
    void close() throws Exception {
        files.close();
    }

    @Test
    void refusesKeysOfAnotherRecipe() throws Exception {
        commit(key(1));

        assertThatThrownBy(() -> KeyFiles.open(folder, DedupeRecipe.INSERT_ID, MEMORY, Disk.REAL))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("2026-10-11.keys")
                .hasMessageContaining("written with dedupeKey=MIXPANEL")
                .hasMessageContaining("this export has dedupeKey=INSERT_ID")
                .hasMessageContaining("delete the folder " + folder);
    }

    @Test
    void refusesANewerFormat() throws Exception {
        commit(key(1));
        Path file = folder.resolve("2026-10-11.keys");
        byte[] newer = Files.readAllBytes(file);
        newer[11] = 4;
        CRC32C checksum = new CRC32C();
        checksum.update(newer, 0, 28);
        ByteBuffer.wrap(newer).putInt(28, (int) checksum.getValue());
        Files.write(file, newer);

        assertThatThrownBy(this::open)
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("format version 4");
    }

    @Test
    void refusesAKeyFileWhateverByteIsWrong() throws Exception {
        List<DedupeKey> body = keys(0, 20);
        commit(body.toArray(DedupeKey[]::new));
        Path file = folder.resolve("2026-10-11.keys");
        byte[] sound = Files.readAllBytes(file);

        for (int i = 0; i < sound.length; i++) {
            byte[] damaged = sound.clone();
            damaged[i] ^= 0x20;
            Files.write(file, damaged);
            assertRefused(file, damaged, "byte " + i);
        }
        for (int length = 0; length < sound.length; length++) {
            byte[] cut = Arrays.copyOf(sound, length);
            Files.write(file, cut);
            assertRefused(file, cut, "cut to " + length);
        }
        byte[] longer = Arrays.copyOf(sound, sound.length + 1);
        Files.write(file, longer);
        assertRefused(file, longer, "longer");
        Files.write(file, sound);
        commit(key(99));
        assertThat(Keys.count(folder, DAY)).isEqualTo(21);
    }

    private void assertRefused(Path file, byte[] bytes, String what) throws Exception {
        try (KeyIndex body = index(key(1), key(1, DAY.plusDays(1)))) {
            assertThatThrownBy(() -> Keys.duplicates(body, files, WINDOW, 9, Set.of()))
                    .as(what)
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining(file.toString());
            assertThatThrownBy(() -> files.commit(body, WINDOW, Set.of()))
                    .as(what)
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining(file.toString());
        }
        assertThat(Files.readAllBytes(file)).as(what).isEqualTo(bytes);
        assertThat(Keys.names(folder)).as(what).containsExactly("2026-10-11.keys");
    }

    @Test
    void refusesAKeyFileUnderTheNameOfAnotherDay() throws Exception {
        commit(key(1));
        Files.move(folder.resolve("2026-10-11.keys"), folder.resolve("2026-10-12.keys"));

        assertThatThrownBy(this::open)
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("another day");
    }

    private KeyIndex index(DedupeKey... keys) throws Exception {
        return Keys.index(files, List.of(keys));
    }

    private void commit(DedupeKey... keys) throws Exception {
        try (KeyIndex body = index(keys)) {
            files.commit(body, WINDOW, Set.of());
        }
    }
}
