package io.github.camelmixpanel.export.internal.dedupe;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.file.KeyFileReader;
import io.github.camelmixpanel.export.internal.dedupe.file.KeyFileWriter;
import io.github.camelmixpanel.export.internal.dedupe.file.KeyFolder;
import io.github.camelmixpanel.export.internal.dedupe.file.RunFile;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.dedupe.sort.KeyCursor;
import io.github.camelmixpanel.export.internal.dedupe.sort.KeySorter;
import io.github.camelmixpanel.export.internal.dedupe.sort.MergedKeys;
import io.github.camelmixpanel.export.internal.dedupe.sort.PackedKey;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.PrivateFiles;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers over restarts and crashes which events of one export were acknowledged: a key is in its
 * folder only after its event was, so that no event is ever taken for one that was emitted when it
 * was not.
 *
 * <table>
 * <caption>What is in the folder</caption>
 * <tr><th>name</th><th>content</th></tr>
 * <tr><td>{@code 2026-10-11.keys}</td><td>key file: all committed keys of that key day</td></tr>
 * <tr><td>{@code undated.keys}</td><td>the same of events without a time</td></tr>
 * <tr><td>{@code <window>.<generation>.run}</td><td>{@link RunFile}: keys acknowledged before their
 * window's commit</td></tr>
 * <tr><td>{@code *.tmp}</td><td>left over from a crash, if nothing is at work</td></tr>
 * </table>
 *
 * <p>Key files are replaced as a whole (temporary file, force, rename, force the folder) and read
 * and written in one pass; only keys of runs are sorted, within the given bound of memory. All of
 * it is readable by its owner only. Not thread-safe: its owner guards it and its runs, and nothing
 * else may write the folder.
 */
public final class KeyFiles implements Closeable {

    /** The line of keys in the run of the generation that is asked about; others have 0. */
    static final long OWN_RUN = 1;

    private static final Logger LOG = LoggerFactory.getLogger(KeyFiles.class);

    private final KeyFolder folder;
    private final DedupeRecipe recipe;
    private final long memoryBytes;
    private final Disk disk;
    private final Map<Path, RunFile> openRuns = new HashMap<>();

    private KeyFiles(KeyFolder folder, DedupeRecipe recipe, long memoryBytes, Disk disk) {
        this.folder = folder;
        this.recipe = recipe;
        this.memoryBytes = memoryBytes;
        this.disk = disk;
    }

    /**
     * Opens the folder, creates it if there is none, and deletes what a crash left over in it.
     *
     * @param memoryBytes as in {@link KeyIndex}, for the keys of runs
     * @throws LedgerException when the folder cannot be created, read or written, or a key file has
     *     another recipe, a newer format or a damaged header
     */
    public static KeyFiles open(Path folder, DedupeRecipe recipe, long memoryBytes, Disk disk)
            throws LedgerException {
        KeyFolder opened = new KeyFolder(folder.toAbsolutePath());
        KeyFiles files = new KeyFiles(opened, recipe, memoryBytes, disk);
        try {
            PrivateFiles.createDirectories(opened.path());
            disk.forceDirectory(opened.path().getParent());
            opened.deleteTemporary();
            for (int day : opened.days()) {
                files.countOf(day);
            }
        } catch (IOException e) {
            throw files.failed("open", e);
        }
        return files;
    }

    /** An index for one body, with the temporary files in this folder. */
    public KeyIndex newIndex() {
        return new KeyIndex(folder.path(), memoryBytes, disk);
    }

    /**
     * The run of a generation, with what it has already; the same object as long as it is open.
     *
     * @throws LedgerException when its file cannot be read, is damaged or of another recipe
     */
    public RunFile run(Window window, int generation) throws LedgerException {
        Path file = folder.runFile(window, generation);
        try {
            if (!openRuns.containsKey(file)) {
                openRuns.put(file, RunFile.open(file, recipe, disk));
            }
            return openRuns.get(file);
        } catch (IOException e) {
            throw failed("open a run of window " + window + " in", e);
        }
    }

    /**
     * Adds the keys of a body to the key files, together with those of all runs of these days. Of
     * whole days it also notes which keys the body has, and so what can vanish.
     *
     * <p>Called before the ledger commits the window. After a failure or crash at any point it is
     * called again, for the same body or, if that is lost, for another one of the window once that
     * is acknowledged. The window's runs stay, so that it is still known then how much of it was
     * acknowledged before; see {@link #endRuns}.
     *
     * @param body whose lines were all acknowledged, or kept elsewhere for good (parked)
     * @param wholeDays as in {@link KeyIndex#duplicates(KeyFiles, Window, int, Set)}
     * @throws LedgerException when not all of it is on the device, or a key file is damaged
     */
    public void commit(KeyIndex body, Window window, Set<LocalDate> wholeDays)
            throws LedgerException {
        try (KeyCursor keys = body.sorted()) {
            List<Path> own = folder.runsOf(window);
            List<Path> runs = new ArrayList<>(folder.runs());
            if (body.hasAllOfRuns(window)) {
                runs.removeAll(own);
                own = List.of();
            }
            fold(body.days(), keys, keyDays(wholeDays), own, runs);
        } catch (IOException e) {
            throw failed("commit window " + window + " to", e);
        }
    }

    /** Deletes the runs of a window that the ledger has committed. */
    public void endRuns(Window window) {
        try {
            folder.runsOf(window).forEach(this::delete);
        } catch (IOException e) {
            LOG.warn("Cannot delete the run files of window {}", window, e);
        }
    }

    /**
     * Adds to the key files what is left of runs whose window is no longer at work under this name,
     * and deletes them: after a crash between the two commits, or when windows are cut anew. Called
     * at start, before any run is opened.
     *
     * @param unfinished windows that have not emitted and committed everything
     * @throws LedgerException as in {@link #commit}
     */
    public void foldRuns(Collection<Window> unfinished) throws LedgerException {
        Set<String> kept = unfinished.stream().map(Window::toString).collect(Collectors.toSet());
        try (KeyCursor none = new MergedKeys(List.of())) {
            List<Path> others = folder.runsOfOthers(kept);
            fold(Set.of(), none, Set.of(), others, folder.runs());
            others.forEach(this::delete);
        } catch (IOException e) {
            throw failed("fold the runs of finished windows in", e);
        }
    }

    /** Whether a key file of this key day exists. */
    public boolean has(LocalDate day) {
        return Files.exists(folder.keyFile(keyDay(day)));
    }

    /** The same of a folder that nobody has open, or that does not exist. */
    public static boolean has(Path folder, LocalDate day) {
        return Files.exists(new KeyFolder(folder).keyFile(keyDay(day)));
    }

    /** Whether a key file of an earlier key day exists; undated keys do not count. */
    public boolean hasBefore(LocalDate day) {
        try {
            return folder.days().headSet(keyDay(day)).stream()
                    .anyMatch(old -> old != DedupeKey.UNDATED);
        } catch (IOException e) {
            LOG.warn("Cannot list the key files in {}", folder.path(), e);
            return true; // so that nobody relies on them
        }
    }

    /**
     * How many keys of this key day are committed.
     *
     * @throws LedgerException when the key file cannot be read, or its header is damaged
     */
    public long count(LocalDate day) throws LedgerException {
        try {
            return countOf(keyDay(day));
        } catch (IOException e) {
            throw failed("read the key file of " + day + " in", e);
        }
    }

    /** Deletes the key files of the days before this one; undated keys stay. */
    public void removeBefore(LocalDate day) {
        try {
            for (int old : folder.days().headSet(keyDay(day))) {
                if (old != DedupeKey.UNDATED) {
                    disk.delete(folder.keyFile(old));
                }
            }
        } catch (IOException e) {
            // they only take room, and the next call deletes them
            LOG.warn("Cannot delete old key files in {}", folder.path(), e);
        }
    }

    /** Closes the runs. */
    @Override
    public void close() throws IOException {
        for (RunFile run : openRuns.values()) {
            run.close();
        }
        openRuns.clear();
    }

    public static int keyDay(LocalDate day) {
        return Math.toIntExact(day.toEpochDay());
    }

    static SortedSet<Integer> keyDays(Set<LocalDate> days) {
        SortedSet<Integer> keyDays = new TreeSet<>();
        days.forEach(day -> keyDays.add(keyDay(day)));
        return keyDays;
    }

    /** The committed keys of these days, in order. */
    KeyCursor committed(SortedSet<Integer> days) {
        return new CommittedKeys(folder, recipe, days);
    }

    /** For one comparison; to be closed. */
    IdentityChanges newRewrites() {
        return new IdentityChanges(recipe, new KeySorter(folder.path(), memoryBytes, disk));
    }

    /**
     * The keys of these days in all runs, those of this one with {@link #OWN_RUN}; to be closed.
     *
     * @param anew of whose days only one run counts; null for none
     */
    KeySorter runs(Set<Integer> days, Window window, int generation, ReplayScope anew)
            throws IOException, LedgerException {
        IntPredicate ownOnly = anew == null ? day -> false : anew.keyDays();
        return runs(
                folder.runs(),
                (run, day) -> days.contains(day) && (!ownOnly.test(day) || anew.run().isIn(run)),
                folder.runFile(window, generation));
    }

    /**
     * @param own null for none
     */
    private KeySorter runs(List<Path> runs, BiPredicate<Path, Integer> wanted, Path own)
            throws IOException, LedgerException {
        KeySorter sorter = new KeySorter(folder.path(), memoryBytes, disk);
        boolean done = false;
        try {
            for (Path run : runs) {
                long line = run.equals(own) ? OWN_RUN : 0;
                RunFile.read(
                        run,
                        recipe,
                        (day, high, low) -> {
                            if (wanted.test(run, day)) {
                                sorter.add(day, high, low, line, 0);
                            }
                        });
            }
            done = true;
            return sorter;
        } finally {
            if (!done) {
                sorter.close();
            }
        }
    }

    /** Whether anything of a window was acknowledged that is not committed for certain. */
    boolean hasRuns(Window window) throws IOException {
        return !folder.runsOf(window).isEmpty();
    }

    private long countOf(int day) throws IOException, LedgerException {
        Path file = folder.keyFile(day);
        return Files.exists(file) ? KeyFileReader.count(file, day, recipe) : 0;
    }

    private void fold(
            Set<Integer> bodyDays,
            KeyCursor body,
            Set<Integer> wholeDays,
            List<Path> finishedRuns,
            List<Path> allRuns)
            throws IOException, LedgerException {
        SortedSet<Integer> days = new TreeSet<>(bodyDays);
        days.addAll(wholeDays);
        for (Path run : finishedRuns) {
            RunFile.read(run, recipe, (day, high, low) -> days.add(day));
        }
        try (KeySorter runs = runs(allRuns, (run, day) -> days.contains(day), null);
                KeyCursor acknowledged = runs.sorted();
                KeyCursor all = new MergedKeys(List.of(body, acknowledged, committed(days)))) {
            writeDays(all, wholeDays);
        }
        // also when no file changed: the last commit may have failed just here
        disk.forceDirectory(folder.path());
    }

    private void writeDays(KeyCursor keys, Set<Integer> wholeDays)
            throws IOException, LedgerException {
        boolean onKey = keys.next();
        PackedKey key = new PackedKey();
        while (onKey) {
            int day = keys.day();
            boolean whole = wholeDays.contains(day);
            boolean anyMarkChanged = false;
            try (KeyFileWriter writer = new KeyFileWriter(folder.keyFile(day), day, recipe, disk)) {
                do {
                    key.set(keys);
                    PresenceMark mark = new PresenceMark();
                    do {
                        mark.add(keys);
                        onKey = keys.next();
                    } while (onKey && keys.compareKey(key) == 0);
                    writer.add(key.high(), key.low(), mark.now(whole));
                    anyMarkChanged |= mark.now(whole) != mark.before();
                } while (onKey && keys.day() == day);
                // no fewer than before, so as many are the same ones
                if (anyMarkChanged || writer.count() != countOf(day)) {
                    writer.finish();
                }
            }
        }
    }

    private void delete(Path run) {
        try {
            RunFile open = openRuns.remove(run);
            if (open != null) {
                open.close();
            }
            disk.delete(run);
        } catch (IOException e) {
            // its keys are in the key files, and the next start folds it again
            LOG.warn("Cannot delete run file {}", run, e);
        }
    }

    private LedgerException failed(String what, IOException e) {
        return new LedgerException(
                "Cannot " + what + " key folder " + folder.path() + ": " + e + ". " + disk.remedy(),
                e);
    }
}
