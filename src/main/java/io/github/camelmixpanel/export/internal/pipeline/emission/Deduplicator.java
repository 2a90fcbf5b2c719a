package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.Duplicates;
import io.github.camelmixpanel.export.internal.dedupe.KeyFiles;
import io.github.camelmixpanel.export.internal.dedupe.ReplayScope;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyList;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.pipeline.board.BodyKeys;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the route has had before, so that it does not get it again: in this body, in other windows,
 * in earlier generations.
 *
 * <p>A key is kept only after its event was acknowledged. Thread-safe, but for {@link #keysOf},
 * which is the polling thread's.
 */
public final class Deduplicator implements Closeable {

    /** Keys of one body that are held in memory at most; more go to a file. */
    private static final long MOST_MEMORY = 64L << 20;

    private final DedupeRecipe recipe;
    private final boolean sample;
    private final KeyFiles files;
    private final KeyMaker maker;

    private Deduplicator(DedupeRecipe recipe, boolean sample, KeyFiles files) {
        this.recipe = recipe;
        this.sample = sample;
        this.files = files;
        this.maker = new KeyMaker(recipe);
    }

    /**
     * @param sample whether downloads hold some of their days' events only
     * @param unfinished windows whose body is still to be emitted
     */
    public static Deduplicator open(
            Path exportFolder,
            DedupeRecipe recipe,
            boolean sample,
            int maxConcurrentWindows,
            List<OpenWindow> unfinished,
            Disk disk)
            throws LedgerException {
        Path folder = folder(exportFolder, recipe);
        // one body more than are downloaded is under way, and keys of runs and those that came and
        // went are sorted too: a quarter of the heap
        long heap = Runtime.getRuntime().maxMemory();
        long memory = Math.min(heap / 4 / (maxConcurrentWindows + 3), MOST_MEMORY);
        Deduplicator seen =
                new Deduplicator(recipe, sample, KeyFiles.open(folder, recipe, memory, disk));
        seen.files.foldRuns(unfinished.stream().map(OpenWindow::window).toList());
        return seen;
    }

    /** Keys of another recipe mean nothing to this one. */
    private static Path folder(Path exportFolder, DedupeRecipe recipe) {
        return exportFolder.resolve("keys-" + recipe.name().toLowerCase(Locale.ROOT));
    }

    /** Which days have keys, in an export that does not run. */
    public static Predicate<LocalDate> daysWithKeys(Path exportFolder, DedupeRecipe recipe) {
        Path folder = folder(exportFolder, recipe);
        return day -> KeyFiles.has(folder, day);
    }

    /** For the keys of one body that is about to be read. */
    public BodyKeys newKeys() {
        return new BodyKeys(recipe, files.newIndex());
    }

    /** The keys of these events, in their order; none with deduplicate=false. */
    public static List<DedupeKey> keysOf(Optional<Deduplicator> seen, List<ExportEvent> events) {
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
    synchronized Duplicates duplicates(WindowRun task, Set<LocalDate> replayed)
            throws LedgerException {
        ReplayScope anew =
                replayed.isEmpty()
                        ? ReplayScope.NONE
                        : new ReplayScope(
                                files.run(task.window, task.generation),
                                replayed,
                                !task.window.isArrivals()
                                        && replayed.equals(
                                                task.window.days().collect(Collectors.toSet())));
        return files.duplicates(
                task.keys().index(), task.window, task.generation, wholeDays(task), anew);
    }

    /** Whether the keys of this day are kept, as far as its files tell. */
    public synchronized boolean has(LocalDate day) {
        return files.has(day);
    }

    /** Whether there is a key of a day before this one. */
    public synchronized boolean hasBefore(LocalDate day) {
        return files.hasBefore(day);
    }

    /** Keeps the keys of events that were acknowledged before their window is committed. */
    synchronized void acknowledged(WindowRun task, KeyList keys) throws LedgerException {
        files.run(task.window, task.generation).append(keys);
    }

    /**
     * Keeps the keys of a window whose every event is acknowledged; called again after a crash, it
     * does the same.
     */
    synchronized void commit(WindowRun task) throws LedgerException {
        files.commit(task.keys().index(), task.window, wholeDays(task));
    }

    /** Days of which a download that lacks an event tells that it is gone. */
    private Set<LocalDate> wholeDays(WindowRun task) {
        // an arrival query asks for a part of its days only, and so does one with a limit
        return sample || task.window.isArrivals()
                ? Set.of()
                : task.window.days().collect(Collectors.toSet());
    }

    /** The ledger has the commit too: what was acknowledged before it need not be known apart. */
    synchronized void committed(WindowRun task) {
        files.endRuns(task.window);
    }

    /** Forgets days that are never asked for again. */
    public synchronized void forgetBefore(LocalDate day) {
        files.removeBefore(day);
    }

    @Override
    public synchronized void close() throws IOException {
        files.close();
    }
}
