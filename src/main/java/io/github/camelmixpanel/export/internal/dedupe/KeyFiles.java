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
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers across restarts and crashes which events of one export were acknowledged. A key gets
 * into the folder only after its event was acknowledged, so no event is ever wrongly taken for one
 * that was emitted.
 *
 * <table>
 * <caption>Files in the folder</caption>
 * <tr><th>name</th><th>content</th></tr>
 * <tr><td>{@code 2026-10-11.keys}</td><td>key file: all committed keys of that key day</td></tr>
 * <tr><td>{@code undated.keys}</td><td>the same for events without a time</td></tr>
 * <tr><td>{@code <window>.<generation>.run}</td><td>{@link RunFile}: keys acknowledged before their
 * window's commit</td></tr>
 * <tr><td>{@code *.tmp}</td><td>temporary; left over from a crash if no export runs</td></tr>
 * </table>
 *
 * <p>Key files are replaced as a whole (temporary file, force, rename, force the folder) and read
 * and written in one pass; only keys of runs are sorted, within the given memory limit. Only the
 * owner of the files can read them. Not thread-safe: the caller guards this object and its runs,
 * and nothing else may write to the folder.
 */
public final class KeyFiles implements Closeable {

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
     * Opens the folder, creates it if it is missing, and deletes what a crash left in it.
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
     * The run of a generation with its earlier keys; always the same object while it is open.
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
     * Compares the keys of a body with each other and with those that were ever acknowledged.
     *
     * <p>It sorts the keys of runs, and the keys that came or went, each within as much memory
     * again.
     *
     * @param generation of the window; a key in its run was acknowledged in this generation
     * @param wholeDays days that the body has whole: keys of them that it lacks have vanished
     * @throws LedgerException when a file of these days is damaged, of another recipe or
     *     unreadable, or the temporary files cannot be written
     */
    public Duplicates duplicates(
            KeyIndex body,
            Window window,
            int generation,
            Set<LocalDate> wholeDays,
            ReplayScope replayed)
            throws LedgerException {
        SortedSet<Integer> days = body.days();
        SortedSet<Integer> whole = keyDays(wholeDays);
        SortedSet<Integer> read = new TreeSet<>(whole);
        read.addAll(days);
        read.removeIf(replayed::covers);
        whole.retainAll(read);
        body.comparedWithoutRuns(null);
        BiPredicate<Path, Integer> wanted =
                (run, day) ->
                        days.contains(day) && (!replayed.covers(day) || replayed.run().isIn(run));
        try (KeyCursor keys = body.sorted();
                KeyCursor committed = new CommittedKeys(folder, recipe, read);
                KeySorter runs = runs(folder.runs(), wanted, folder.runFile(window, generation));
                KeyCursor acknowledged = runs.sorted();
                IdentityChanges changes = new IdentityChanges(recipe, newSorter())) {
            boolean anyRuns = !folder.runsOf(window).isEmpty();
            Duplicates found = new MergeJoin(whole, changes).join(keys, committed, acknowledged);
            body.comparedWithoutRuns(anyRuns ? null : window);
            return found;
        } catch (IOException e) {
            throw body.failed(e);
        }
    }

    /**
     * Adds the keys of a body to the key files, together with those of all runs of these days. For
     * whole days it also marks the keys that the body has, which are those that can vanish later.
     *
     * <p>Must be called before the ledger commits the window. After a failure or crash at any point
     * it must be called again, for the same body or, if that is lost, for another body of the
     * window once all of that is acknowledged. The window's runs stay until {@link #endRuns}, so
     * that it remains known how much of the window was acknowledged before.
     *
     * @param body whose lines were all acknowledged or parked
     * @param wholeDays as in {@link #duplicates}
     * @throws LedgerException when the keys are not all on the device, or a key file is damaged
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
            LOG.warn(
                    "Could not delete the run files of window {}; the next start deletes them",
                    window,
                    e);
        }
    }

    /**
     * Adds the keys of runs whose window is not open any more to the key files, and deletes these
     * runs: they remain after a crash between the two commits, or when the window length changes.
     * Must be called at start, before any run is opened.
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
        return has(folder.path(), day);
    }

    /** The same for a folder that is not open, or does not exist. */
    public static boolean has(Path folder, LocalDate day) {
        return Files.exists(new KeyFolder(folder).keyFile(DedupeKey.dayOf(day)));
    }

    /** Whether a key file of an earlier key day exists; undated keys do not count. */
    public boolean hasBefore(LocalDate day) {
        try {
            return !folder.daysBefore(day).isEmpty();
        } catch (IOException e) {
            LOG.warn(
                    "Could not list the key files in {}; assuming that keys of earlier days exist",
                    folder.path(),
                    e);
            return true; // the safe answer
        }
    }

    /** Deletes the key files of all days before this one; undated keys stay. */
    public void removeBefore(LocalDate day) {
        try {
            for (int old : folder.daysBefore(day)) {
                disk.delete(folder.keyFile(old));
            }
        } catch (IOException e) {
            LOG.warn(
                    "Could not delete old key files in {}; the next cleanup tries again",
                    folder.path(),
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        openRuns.values().forEach(RunFile::close);
        openRuns.clear();
    }

    private static SortedSet<Integer> keyDays(Set<LocalDate> days) {
        return days.stream().map(DedupeKey::dayOf).collect(Collectors.toCollection(TreeSet::new));
    }

    private KeySorter newSorter() {
        return new KeySorter(folder.path(), memoryBytes, disk);
    }

    /**
     * Collects keys of runs; the caller closes the sorter.
     *
     * @param own the run whose keys get {@link MergeJoin#OWN_RUN}; null for none
     */
    private KeySorter runs(List<Path> runs, BiPredicate<Path, Integer> wanted, Path own)
            throws IOException, LedgerException {
        KeySorter sorter = newSorter();
        try {
            for (Path run : runs) {
                long line = run.equals(own) ? MergeJoin.OWN_RUN : 0;
                RunFile.read(
                        run,
                        recipe,
                        (day, high, low) -> {
                            if (wanted.test(run, day)) {
                                sorter.add(day, high, low, line, 0);
                            }
                        });
            }
            return sorter;
        } catch (Throwable e) {
            sorter.close();
            throw e;
        }
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
                KeyCursor committed = new CommittedKeys(folder, recipe, days);
                KeyCursor all = new MergedKeys(List.of(body, acknowledged, committed))) {
            writeDays(all, wholeDays);
        }
        // even if no file changed: the last commit may have failed right here
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
                // keys only ever come on top, so an equal number means equal keys
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
            LOG.warn(
                    "Could not delete run file {}, whose keys are committed; the next start"
                            + " deletes it",
                    run,
                    e);
        }
    }

    private LedgerException failed(String what, IOException e) {
        return new LedgerException(
                "Cannot %s key folder %s: %s. %s".formatted(what, folder.path(), e, disk.remedy()),
                e);
    }
}
