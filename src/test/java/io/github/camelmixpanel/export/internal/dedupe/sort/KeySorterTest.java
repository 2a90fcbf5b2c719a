package io.github.camelmixpanel.export.internal.dedupe.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.camelmixpanel.export.internal.dedupe.CrashDisk;
import io.github.camelmixpanel.export.internal.dedupe.Keys;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.durable.Disk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeySorterTest {

    private static final int[] DAYS = {DedupeKey.UNDATED, -719_528, -1, 0, 1, 20_737, 2_932_896};

    @TempDir Path folder;

    private record Entry(int day, long high, long low, long line) {}

    /** Few different values give many equal keys and long common prefixes. */
    @ParameterizedTest
    @CsvSource({
        "0, 1000, 0",
        "1, 1000, 0",
        "24, 1000, 0",
        "25, 1000, 0",
        "20000, 1000000, 0",
        "20000, 1000000, 3",
        "20000, 1000000, 1",
        "16, 512, 0",
        "17, 512, 0",
        "5000, 512, 0",
        "5000, 512, 3",
        "5000, 512, 1",
        "20000, 20000, 0",
        "20000, 100000, 3",
        "9000, 400000, 0",
        "40000, 320000, 0",
        "40000, 320000, 3"
    })
    void givesAllKeysInOrder(int keys, long memoryBytes, int differentWords) throws Exception {
        long seed = keys * 31L + memoryBytes + differentWords;
        Random random = new Random(seed);
        List<Entry> added = new ArrayList<>();
        try (KeySorter sorter = new KeySorter(folder, memoryBytes, Disk.REAL)) {
            for (int i = 0; i < keys; i++) {
                Entry entry =
                        new Entry(
                                DAYS[random.nextInt(DAYS.length)],
                                word(random, differentWords),
                                word(random, differentWords),
                                i % 100 == 7 ? PackedKey.MAX_LINE - i : i);
                added.add(entry);
                sorter.add(entry.day, entry.high, entry.low, entry.line, entry.line ^ 5);
            }
            added.sort(
                    Comparator.comparingInt(Entry::day)
                            .thenComparing(Entry::high, Long::compareUnsigned)
                            .thenComparing(Entry::low, Long::compareUnsigned)
                            .thenComparingLong(Entry::line));

            assertThat(read(sorter)).as("seed " + seed).isEqualTo(added);
            assertThat(read(sorter)).as("read again, seed " + seed).isEqualTo(added);
            assertThat(Keys.names(folder)).hasSize(keys * 32L > memoryBytes ? 1 : 0);
        }
        assertThat(Keys.names(folder)).isEmpty();
    }

    private static long word(Random random, int different) {
        return different == 0 ? random.nextLong() : (random.nextInt(different) - 1L) << 33;
    }

    private static List<Entry> read(KeySorter sorter) throws Exception {
        List<Entry> entries = new ArrayList<>();
        try (KeyCursor keys = sorter.sorted()) {
            while (keys.next()) {
                assertThat(keys.mark).isEqualTo(keys.line() ^ 5);
                entries.add(new Entry(keys.day(), keys.high(), keys.low(), keys.line()));
            }
        }
        return entries;
    }

    /** However much it may take. */
    @Test
    void takesTheMemoryThatItsKeysNeed() throws Exception {
        try (KeySorter sorter = new KeySorter(folder, 64L << 20, Disk.REAL)) {
            long before = allocated();
            for (int i = 0; i < 300_000; i++) {
                sorter.add(0, i, i, i, 0);
            }

            assertThat(allocated() - before)
                    .isBetween(300_000L * KeySorter.KEY_BYTES, 310_000L * KeySorter.KEY_BYTES);
        }
    }

    /** By this thread, in bytes. */
    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void letsOnlyItsOwnerReadTheTemporaryFile() throws Exception {
        try (KeySorter sorter = new KeySorter(folder, 512, Disk.REAL)) {
            for (int i = 0; i < 17; i++) {
                sorter.add(0, i, i, i, 0);
            }
            Path file = folder.resolve(Keys.names(folder).get(0));

            assertThat(file.getFileName().toString()).endsWith(".tmp");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void refusesWhatComesTooLate() throws Exception {
        KeySorter sorter = new KeySorter(folder, 1000, Disk.REAL);
        sorter.add(0, 1, 1, 1, 0);
        sorter.sorted().close();

        assertThatThrownBy(() -> sorter.add(0, 1, 1, 2, 0))
                .isInstanceOf(IllegalStateException.class);

        sorter.close();

        assertThatThrownBy(sorter::sorted).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesALineThatIsNone() {
        KeySorter sorter = new KeySorter(folder, 1000, Disk.REAL);

        assertThatThrownBy(() -> sorter.add(0, 1, 1, -1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sorter.add(0, 1, 1, PackedKey.MAX_LINE + 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void goesOnAfterAWriteThatFailed() throws Exception {
        CrashDisk disk = new CrashDisk();
        try (KeySorter sorter = new KeySorter(folder, 512, disk)) {
            for (int i = 0; i < 16; i++) {
                sorter.add(0, 100 - i, 0, i, i ^ 5);
            }
            disk.failAt(1);
            assertThatThrownBy(() -> sorter.add(0, 1, 0, 16, 16 ^ 5))
                    .isInstanceOf(IOException.class);
            sorter.add(0, 1, 0, 16, 16 ^ 5);

            assertThat(read(sorter)).hasSize(17);
        }
    }
}
