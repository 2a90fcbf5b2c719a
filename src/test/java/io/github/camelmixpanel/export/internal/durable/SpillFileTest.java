package io.github.camelmixpanel.export.internal.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpillFileTest {

    private static final int BLOCK = 64 * 1024;

    @TempDir Path folder;
    private final List<IOException> failures = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 20_000})
    void givesBackWhatWasPutDown(int count) throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            try (SpillFile spilled = new SpillFile(folder, failures::add)) {
                Random random = new Random(seed);
                for (int i = 0; i < count; i++) {
                    assertThat(spilled.begin(29)).isTrue();
                    spilled.put(random.nextInt(256));
                    spilled.putNumber(random.nextLong() >>> random.nextInt(64));
                    spilled.putNumber(random.nextInt(200));
                    putLong(spilled, random.nextLong());
                }

                random = new Random(seed);
                SpillFile.Reader reader = spilled.reader();
                for (int i = 0; i < count; i++) {
                    assertThat(reader.hasNext()).isTrue();
                    assertThat(reader.get() & 0xff).isEqualTo(random.nextInt(256));
                    assertThat(reader.getNumber())
                            .as("number %d of seed %d", i, seed)
                            .isEqualTo(random.nextLong() >>> random.nextInt(64));
                    assertThat(reader.getNumber()).isEqualTo(random.nextInt(200));
                    assertThat(getLong(reader)).isEqualTo(random.nextLong());
                }
                assertThat(reader.hasNext()).isFalse();
                assertThat(reader.hasNext()).as("once more").isFalse();
            }
        }
        assertThat(failures).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void hasAFileForItsOwnerOnlyWhenTheyAreMoreThanABlock() throws Exception {
        try (SpillFile spilled = new SpillFile(folder, failures::add)) {
            putLongs(spilled, 0, BLOCK / Long.BYTES);
            assertThat(files()).isEmpty();

            putLongs(spilled, BLOCK / Long.BYTES, 1);
            assertThat(files()).hasSize(1);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().get(0))))
                    .isEqualTo("rw-------");
            assertThat(files().get(0).getFileName().toString()).matches("notes-\\d+\\.tmp");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void endsWhereItsFileCannotBeMade() throws Exception {
        SpillFile spilled = new SpillFile(folder.resolve("none"), failures::add);

        assertThat(putLongs(spilled, 0, 3 * BLOCK / Long.BYTES)).isEqualTo(BLOCK / Long.BYTES);
        assertThat(failures).as("reported once").hasSize(1);
        assertThat(readLongs(spilled)).isEqualTo(BLOCK / Long.BYTES);
        spilled.close();
        assertThat(failures).hasSize(1);
    }

    @Test
    void endsBeforeABlockThatHasChanged() throws Exception {
        try (SpillFile spilled = new SpillFile(folder, failures::add)) {
            putLongs(spilled, 0, 4 * BLOCK / Long.BYTES);
            byte[] bytes = Files.readAllBytes(files().get(0));
            bytes[BLOCK + 1234] ^= 1;
            Files.write(files().get(0), bytes);

            assertThat(readLongs(spilled)).isEqualTo(BLOCK / Long.BYTES);
            assertThat(failures)
                    .singleElement()
                    .asString()
                    .contains("has changed since it was written");
        }
    }

    @Test
    void endsWhereItsFileEnds() throws Exception {
        try (SpillFile spilled = new SpillFile(folder, failures::add)) {
            putLongs(spilled, 0, 4 * BLOCK / Long.BYTES);
            byte[] bytes = Files.readAllBytes(files().get(0));
            Files.write(files().get(0), Arrays.copyOf(bytes, 2 * BLOCK - 1));

            assertThat(readLongs(spilled)).isEqualTo(BLOCK / Long.BYTES);
            assertThat(failures).hasSize(1);
        }
    }

    @Test
    void endsWhenItsFileIsGone() throws Exception {
        try (SpillFile spilled = new SpillFile(folder, failures::add)) {
            putLongs(spilled, 0, 2 * BLOCK / Long.BYTES);
            Files.delete(files().get(0));

            assertThat(readLongs(spilled)).isZero();
            assertThat(failures).hasSize(1);
        }
        assertThat(failures).as("it was to go anyway").hasSize(1);
    }

    @Test
    void isReadAgain() throws Exception {
        try (SpillFile spilled = new SpillFile(folder, failures::add)) {
            int count = 3 * BLOCK / Long.BYTES;
            putLongs(spilled, 0, count);

            spilled.reader().hasNext();
            assertThat(readLongs(spilled)).isEqualTo(count);
            assertThat(readLongs(spilled)).isEqualTo(count);
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void takesNothingAndHasNothingWhenClosedOrNone() throws Exception {
        SpillFile closed = new SpillFile(folder, failures::add);
        putLongs(closed, 0, 2 * BLOCK / Long.BYTES);
        closed.close();

        for (SpillFile spilled : List.of(closed, SpillFile.NONE)) {
            assertThat(spilled.begin(1)).isFalse();
            assertThat(spilled.reader().hasNext()).isFalse();
            spilled.close();
        }
        assertThat(files()).isEmpty();
        assertThat(failures).isEmpty();
    }

    /** How many were put down. */
    private static int putLongs(SpillFile spilled, int from, int count) {
        int put = 0;
        for (int i = from; i < from + count; i++) {
            if (spilled.begin(Long.BYTES)) {
                putLong(spilled, i);
                put++;
            }
        }
        return put;
    }

    /** How many there are, each the right one. */
    private static int readLongs(SpillFile spilled) {
        SpillFile.Reader reader = spilled.reader();
        int read = 0;
        while (reader.hasNext()) {
            assertThat(getLong(reader)).isEqualTo(read++);
        }
        return read;
    }

    private static void putLong(SpillFile spilled, long number) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            spilled.put((int) (number >>> shift));
        }
    }

    private static long getLong(SpillFile.Reader reader) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            number |= (reader.get() & 0xffL) << shift;
        }
        return number;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
