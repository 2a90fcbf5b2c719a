package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.dedupe.Anew;
import io.github.camelmixpanel.export.dedupe.DedupeKey;
import io.github.camelmixpanel.export.dedupe.Duplicates;
import io.github.camelmixpanel.export.dedupe.KeyFiles;
import io.github.camelmixpanel.export.dedupe.KeyList;
import io.github.camelmixpanel.export.dedupe.KeyMaker;
import io.github.camelmixpanel.export.dedupe.KeyNotes;
import io.github.camelmixpanel.export.ledger.OpenWindow;
import io.github.camelmixpanel.export.model.DedupeRecipe;
import io.github.camelmixpanel.export.model.Disk;
import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.LedgerException;
import io.github.camelmixpanel.export.model.Notes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What the route has had before, so that it does not get it again: in this body, in other windows,
 * in earlier generations.
 *
 * <p>A key is kept only after its event was acknowledged. Thread-safe, but for {@link #keysOf},
 * which is the polling thread's.
 */
final class Seen implements Closeable {

    /** Keys of one body that are held in memory at most; more go to a file. */
    private static final long MOST_MEMORY = 64L << 20;

    private final DedupeRecipe recipe;
    private final boolean sample;
    private final KeyFiles files;
    private final Supplier<Notes> newNotes;
    private final KeyMaker maker;

    private Seen(DedupeRecipe recipe, boolean sample, KeyFiles files, Supplier<Notes> newNotes) {
        this.recipe = recipe;
        this.sample = sample;
        this.files = files;
        this.newNotes = newNotes;
        this.maker = new KeyMaker(recipe);
    }

    /**
     * @param sample whether downloads hold some of their days' events only
     * @param unfinished windows whose body is still to be emitted
     * @param newNotes for the keys of one body, by line
     */
    static Seen open(
            Path exportFolder,
            DedupeRecipe recipe,
            boolean sample,
            int maxConcurrentWindows,
            List<OpenWindow> unfinished,
            Supplier<Notes> newNotes,
            Disk disk)
            throws LedgerException {
        Path folder = folder(exportFolder, recipe);
        // one body more than are downloaded is under way, and keys of runs and those that came and
        // went are sorted too: a quarter of the heap
        long heap = Runtime.getRuntime().maxMemory();
        long memory = Math.min(heap / 4 / (maxConcurrentWindows + 3), MOST_MEMORY);
        Seen seen = new Seen(recipe, sample, KeyFiles.open(folder, recipe, memory, disk), newNotes);
        seen.files.foldRuns(unfinished.stream().map(OpenWindow::window).toList());
        return seen;
    }

    /** Keys of another recipe mean nothing to this one. */
    private static Path folder(Path exportFolder, DedupeRecipe recipe) {
        return exportFolder.resolve("keys-" + recipe.name().toLowerCase(Locale.ROOT));
    }

    /** Which days have keys, in an export that does not run. */
    static Predicate<LocalDate> daysWithKeys(Path exportFolder, DedupeRecipe recipe) {
        Path folder = folder(exportFolder, recipe);
        return day -> KeyFiles.has(folder, day);
    }

    /** For the keys of one body that is about to be read. */
    BodyKeys newKeys() {
        return new BodyKeys(recipe, files.newIndex(), new KeyNotes(newNotes.get()));
    }

    /** The keys of these events, in their order; none with deduplicate=false. */
    static List<DedupeKey> keysOf(Optional<Seen> seen, List<ExportEvent> events) {
        if (seen.isEmpty()) {
            return List.of();
        }
        return events.stream().map(seen.get().maker::keyOf).toList();
    }

    /** What another thread makes the keys of events with. */
    KeyMaker newMaker() {
        return new KeyMaker(recipe);
    }

    /**
     * Which lines of a window's body are not to be emitted.
     *
     * @param replayed days of which everything is emitted once more, but for what this generation
     *     has emitted
     */
    synchronized Duplicates duplicates(WindowTask task, Set<LocalDate> replayed)
            throws LedgerException {
        Anew anew =
                replayed.isEmpty()
                        ? null
                        : new Anew(
                                files.run(task.window, task.generation),
                                replayed,
                                !task.window.isArrivals()
                                        && replayed.equals(
                                                task.window.days().collect(Collectors.toSet())));
        return task.keys()
                .index()
                .duplicates(files, task.window, task.generation, wholeDays(task), anew);
    }

    /** Whether the keys of this day are kept, as far as its files tell. */
    synchronized boolean has(LocalDate day) {
        return files.has(day);
    }

    /** Whether there is a key of a day before this one. */
    synchronized boolean hasBefore(LocalDate day) {
        return files.hasBefore(day);
    }

    /** Keeps the keys of events that were acknowledged before their window is committed. */
    synchronized void acknowledged(WindowTask task, KeyList keys) throws LedgerException {
        files.run(task.window, task.generation).append(keys);
    }

    /**
     * Keeps the keys of a window whose every event is acknowledged; called again after a crash, it
     * does the same.
     */
    synchronized void commit(WindowTask task) throws LedgerException {
        files.commit(task.keys().index(), task.window, wholeDays(task));
    }

    /** Days of which a download that lacks an event tells that it is gone. */
    private Set<LocalDate> wholeDays(WindowTask task) {
        // an arrival query asks for a part of its days only, and so does one with a limit
        return sample || task.window.isArrivals()
                ? Set.of()
                : task.window.days().collect(Collectors.toSet());
    }

    /** The ledger has the commit too: what was acknowledged before it need not be known apart. */
    synchronized void committed(WindowTask task) {
        files.endRuns(task.window);
    }

    /** Forgets days that are never asked for again. */
    synchronized void forgetBefore(LocalDate day) {
        files.removeBefore(day);
    }

    @Override
    public synchronized void close() throws IOException {
        files.close();
    }
}
