package io.github.camelmixpanel.export.internal.dedupe;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.file.KeyFileReader;
import io.github.camelmixpanel.export.internal.dedupe.file.RunFile;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyList;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Keys for tests, and how to put them into an index. */
public final class Keys {

    static final LocalDate DAY = LocalDate.of(2026, 10, 11);

    private Keys() {}

    /** Always the same key for the same number, on the given day. */
    static DedupeKey key(int number, LocalDate day) {
        return key(number, DedupeKey.dayOf(day));
    }

    static DedupeKey key(int number) {
        return key(number, DAY);
    }

    public static DedupeKey undated(int number) {
        return key(number, DedupeKey.UNDATED);
    }

    private static DedupeKey key(int number, int day) {
        Random random = new Random(number * 31L + day);
        return new DedupeKey(random.nextLong(), random.nextLong(), day);
    }

    public static List<DedupeKey> keys(int from, int to) {
        List<DedupeKey> keys = new ArrayList<>();
        for (int number = from; number < to; number++) {
            keys.add(key(number));
        }
        return keys;
    }

    /** The keys are those of lines 1, 2, … */
    public static KeyList list(List<DedupeKey> keys) {
        KeyList list = new KeyList();
        list.addAll(keys);
        return list;
    }

    static KeyIndex index(KeyFiles files, List<DedupeKey> body) throws Exception {
        KeyIndex index = files.newIndex();
        for (int i = 0; i < body.size(); i++) {
            index.add(i + 1, body.get(i), 0);
        }
        return index;
    }

    /** Without days that are replayed. */
    static Duplicates duplicates(
            KeyIndex body, KeyFiles files, Window window, int generation, Set<LocalDate> wholeDays)
            throws LedgerException {
        return files.duplicates(body, window, generation, wholeDays, ReplayScope.NONE);
    }

    /** The number of committed keys of a day. */
    static long count(Path folder, LocalDate day) throws Exception {
        Path file = folder.resolve(day + ".keys");
        return Files.exists(file)
                ? KeyFileReader.count(file, DedupeKey.dayOf(day), DedupeRecipe.MIXPANEL)
                : 0;
    }

    /** The number of keys in a run file. */
    static long count(Path run) throws Exception {
        long[] keys = new long[1];
        RunFile.read(run, DedupeRecipe.MIXPANEL, (day, high, low) -> keys[0]++);
        return keys[0];
    }

    static List<Long> lines(Duplicates duplicates, int lines) {
        List<Long> found = new ArrayList<>();
        for (long line = 0; line <= lines; line++) {
            if (duplicates.lines().contains(line)) {
                found.add(line);
            }
        }
        return found;
    }

    public static List<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
