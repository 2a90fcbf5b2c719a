package io.github.camelmixpanel.export.dedupe;

import io.github.camelmixpanel.export.model.Disk;
import io.github.camelmixpanel.export.model.LedgerException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The keys of one body with their lines, sorted within a bound of memory however many they are.
 *
 * <p>A key takes 24 bytes: the default of 64 MB holds 2.8 million of them. What is more goes to a
 * temporary file, 24 bytes a key too. First all keys are added, then they are read: {@link
 * #duplicates} and {@link KeyFiles#commit} can both be called any number of times. Not thread-safe.
 */
public final class KeyIndex implements Closeable {

    /** In bytes. */
    public static final long DEFAULT_MEMORY = 64L << 20;

    private final Path folder;
    private final KeySorter sorter;
    private final SortedSet<Integer> days = new TreeSet<>();
    private int lastDay = DedupeKey.UNDATED;

    /**
     * @param folder an existing one, for a temporary file that only its owner can read
     * @param memoryBytes what the keys may take in memory before some of them go to the file; a
     *     tenth more is used for a moment
     */
    public KeyIndex(Path folder, long memoryBytes, Disk disk) {
        this.folder = folder;
        this.sorter = new KeySorter(folder, memoryBytes, disk);
    }

    /**
     * Adds the key of a line.
     *
     * @param line 1-based; the lines ascend
     * @throws IllegalStateException when the keys were read already
     * @throws LedgerException when the temporary file cannot be written
     */
    public void add(long line, DedupeKey key) throws LedgerException {
        try {
            sorter.add(key.keyDay(), key.high(), key.low(), line);
        } catch (IOException e) {
            throw failed(e);
        }
        if (key.keyDay() != lastDay || days.isEmpty()) {
            lastDay = key.keyDay();
            days.add(lastDay);
        }
    }

    /** How many keys were added. */
    public long size() {
        return sorter.size();
    }

    /**
     * Compares the keys with each other alone, as if nothing was ever emitted.
     *
     * @throws LedgerException when the temporary file cannot be written or read
     */
    public Duplicates duplicates() throws LedgerException {
        try (KeyCursor body = sorted()) {
            return new MergeJoin(Set.of()).join(body, none(), none());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * Compares the keys with each other and with those that were ever acknowledged.
     *
     * <p>Keys of runs are sorted meanwhile, which takes as much memory again.
     *
     * <p>Where emission goes on after a restart, the keys this body itself has in a run count as
     * emitted before; their lines are done.
     *
     * @param vanishedOf days of which committed keys that this body lacks are counted: days it was
     *     asked for as a whole
     * @throws LedgerException when a file of these days is damaged, of another recipe or cannot be
     *     read, or the temporary files cannot be written
     */
    public Duplicates duplicates(KeyFiles files, Set<LocalDate> vanishedOf) throws LedgerException {
        return duplicates(files, vanishedOf, null);
    }

    /**
     * As {@link #duplicates(KeyFiles, Set)}, but for days that are to be emitted once more.
     *
     * @param anew null for none
     */
    public Duplicates duplicates(KeyFiles files, Set<LocalDate> vanishedOf, Anew anew)
            throws LedgerException {
        SortedSet<Integer> counted = new TreeSet<>();
        vanishedOf.forEach(day -> counted.add(KeyFiles.keyDay(day)));
        SortedSet<Integer> read = new TreeSet<>(counted);
        read.addAll(days);
        if (anew != null) {
            read.removeIf(anew.keyDays()::test);
            counted.retainAll(read);
        }
        try (KeyCursor body = sorted();
                KeyCursor committed = files.committed(read);
                KeySorter runs = anew == null ? files.runs(days) : files.runs(days, anew);
                KeyCursor acknowledged = runs.sorted()) {
            return new MergeJoin(counted).join(body, committed, acknowledged);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Gives the memory back and deletes the temporary file. */
    @Override
    public void close() throws IOException {
        sorter.close();
    }

    /** The key days of the body; events without a time have one of their own. */
    public SortedSet<Integer> days() {
        return Collections.unmodifiableSortedSet(days);
    }

    KeyCursor sorted() throws IOException {
        return sorter.sorted();
    }

    private static KeyCursor none() {
        return new MergedKeys(List.of());
    }

    private LedgerException failed(IOException e) {
        return new LedgerException(
                "Cannot sort the dedupe keys of a body or read those to compare them with, in "
                        + folder
                        + ": "
                        + e
                        + ". Free disk space, or make the folder readable and writable",
                e);
    }
}
