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
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The keys of one body with their lines, sorted within a bound of memory however many they are.
 *
 * <p>A key takes 32 bytes: the default of 64 MB holds 2 million of them. What is more goes to a
 * temporary file, 32 bytes a key too. First all keys are added, then they are read: {@link
 * #duplicates} and {@link KeyFiles#commit} can both be called any number of times. Not thread-safe.
 */
public final class KeyIndex implements Closeable {

    /** In bytes. */
    public static final long DEFAULT_MEMORY = 64L << 20;

    private final Path folder;
    private final KeySorter sorter;
    private final SortedSet<Integer> days = new TreeSet<>();
    private int lastDay = DedupeKey.UNDATED;

    /** The window that had no runs yet when the keys were compared with those acknowledged. */
    private Window withoutRuns;

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
     * @param identity of {@link KeyMaker#identity}
     * @throws IllegalStateException when the keys were read already
     * @throws LedgerException when the temporary file cannot be written
     */
    public void add(long line, DedupeKey key, int identity) throws LedgerException {
        try {
            sorter.add(key.keyDay(), key.high(), key.low(), line, identity | PackedKey.CURRENT);
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
            return new MergeJoin(Set.of(), IdentityChanges.NOT_COUNTED).join(body, none(), none());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * Compares the keys with each other and with those that were ever acknowledged.
     *
     * <p>Keys of runs are sorted meanwhile, and of keys that came or went, which takes as much
     * memory again for each.
     *
     * @param window whose body it is
     * @param generation of it; a key that its run has was acknowledged in this generation
     * @param wholeDays days that the body has whole: keys of them that it lacks have vanished
     * @throws LedgerException when a file of these days is damaged, of another recipe or cannot be
     *     read, or the temporary files cannot be written
     */
    public Duplicates duplicates(
            KeyFiles files, Window window, int generation, Set<LocalDate> wholeDays)
            throws LedgerException {
        return duplicates(files, window, generation, wholeDays, null);
    }

    /**
     * As {@link #duplicates(KeyFiles, Window, int, Set)}, but for days that are to be emitted once
     * more.
     *
     * @param anew null for none
     */
    public Duplicates duplicates(
            KeyFiles files,
            Window window,
            int generation,
            Set<LocalDate> wholeDays,
            ReplayScope anew)
            throws LedgerException {
        SortedSet<Integer> whole = KeyFiles.keyDays(wholeDays);
        SortedSet<Integer> read = new TreeSet<>(whole);
        read.addAll(days);
        if (anew != null) {
            read.removeIf(anew.keyDays()::test);
            whole.retainAll(read);
        }
        withoutRuns = null;
        try (KeyCursor body = sorted();
                KeyCursor committed = files.committed(read);
                KeySorter runs = files.runs(days, window, generation, anew);
                KeyCursor acknowledged = runs.sorted();
                IdentityChanges rewrites = files.newRewrites()) {
            boolean anyRuns = files.hasRuns(window);
            Duplicates found = new MergeJoin(whole, rewrites).join(body, committed, acknowledged);
            withoutRuns = anyRuns ? null : window;
            return found;
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

    /**
     * Whether the keys in the runs of this window are all of this body: they are if they came after
     * the comparison, since only what was compared is handed to the route.
     */
    boolean hasAllOfRuns(Window window) {
        return window.equals(withoutRuns);
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
