package io.github.camelmixpanel.export.internal.dedupe;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.dedupe.sort.KeyCursor;
import io.github.camelmixpanel.export.internal.dedupe.sort.KeySorter;
import io.github.camelmixpanel.export.internal.dedupe.sort.MergedKeys;
import io.github.camelmixpanel.export.internal.dedupe.sort.PackedKey;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.model.Window;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Sorts the keys of one body with their lines within a memory limit, however many there are.
 *
 * <p>A key takes 32 bytes: the default of 64 MB holds 2 million keys. Further keys go to a
 * temporary file, with 32 bytes per key as well. All keys must be added before the first is read;
 * {@link #duplicates}, {@link KeyFiles#duplicates} and {@link KeyFiles#commit} may then each be
 * called any number of times. Not thread-safe.
 */
public final class KeyIndex implements Closeable {

    /** In bytes. */
    public static final long DEFAULT_MEMORY = 64L << 20;

    private final Path folder;
    private final KeySorter sorter;
    private final SortedSet<Integer> days = new TreeSet<>();
    private int lastDay = DedupeKey.UNDATED;

    /** The window that had no runs yet when these keys were compared with acknowledged ones. */
    private Window withoutRuns;

    /**
     * @param folder an existing one, for a temporary file that only its owner can read
     * @param memoryBytes the memory that keys may take before they go to the file
     */
    public KeyIndex(Path folder, long memoryBytes, Disk disk) {
        this.folder = folder;
        this.sorter = new KeySorter(folder, memoryBytes, disk);
    }

    /**
     * Adds the key of a line.
     *
     * @param line 1-based; the lines ascend
     * @param mark of {@link KeyMaker#mark}
     * @throws IllegalStateException when the keys were read already
     * @throws LedgerException when the temporary file cannot be written
     */
    public void add(long line, DedupeKey key, long mark) throws LedgerException {
        try {
            sorter.add(key.keyDay(), key.high(), key.low(), line, mark | PackedKey.CURRENT);
        } catch (IOException e) {
            throw failed(e);
        }
        if (key.keyDay() != lastDay || days.isEmpty()) {
            lastDay = key.keyDay();
            days.add(lastDay);
        }
    }

    /**
     * Compares the keys with each other alone, as if nothing had ever been emitted.
     *
     * @throws LedgerException when the temporary file cannot be written or read
     */
    public Duplicates duplicates() throws LedgerException {
        try (KeyCursor body = sorted();
                KeyCursor committed = new MergedKeys(List.of());
                KeyCursor acknowledged = new MergedKeys(List.of())) {
            return new MergeJoin(Set.of(), IdentityChanges.NOT_COUNTED)
                    .join(body, committed, acknowledged);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Frees the memory and deletes the temporary file. */
    @Override
    public void close() throws IOException {
        sorter.close();
    }

    /** The key days of the body; undated events have one of their own. */
    public SortedSet<Integer> days() {
        return Collections.unmodifiableSortedSet(days);
    }

    /**
     * @param window the one without runs; null if it had any, or if the comparison failed
     */
    void comparedWithoutRuns(Window window) {
        withoutRuns = window;
    }

    /**
     * Whether this body has all keys in the runs of its window: it has if they were written after
     * the comparison, since only compared events go to the route.
     */
    boolean hasAllOfRuns(Window window) {
        return window.equals(withoutRuns);
    }

    KeyCursor sorted() throws IOException {
        return sorter.sorted();
    }

    LedgerException failed(IOException e) {
        return new LedgerException(
                """
                Cannot sort the dedupe keys of a download, or compare them with the stored keys, in \
                %s: %s. Free disk space, or make the folder readable and writable"""
                        .formatted(folder, e),
                e);
    }
}
