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
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.board.BodyKeys;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Keeps the keys of events in the files of their days.
 *
 * @param sample whether downloads hold some of their days' events only
 * @param maker of the polling thread
 */
public record KeyDeduplicator(DedupeRecipe recipe, boolean sample, KeyFiles files, KeyMaker maker)
        implements Deduplicator {

    /** Keys of one body that are held in memory at most; more go to a file. */
    private static final long MOST_MEMORY = 64L << 20;

    /**
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
        // one body more than are downloaded is under way, and keys of runs and those that came and
        // went are sorted too: a quarter of the heap
        long heap = Runtime.getRuntime().maxMemory();
        long memory = Math.min(heap / 4 / (maxConcurrentWindows + 3), MOST_MEMORY);
        KeyFiles files = KeyFiles.open(folder(exportFolder, recipe), recipe, memory, disk);
        files.foldRuns(unfinished.stream().map(OpenWindow::window).toList());
        return new KeyDeduplicator(recipe, sample, files, new KeyMaker(recipe));
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

    @Override
    public BodyKeys newKeys() {
        return new BodyKeys(new KeyMaker(recipe), files.newIndex());
    }

    @Override
    public List<DedupeKey> keysOf(List<ExportEvent> events) {
        return events.stream().map(maker::keyOf).toList();
    }

    @Override
    public Function<ExportEvent, DedupeKey> newKeyMaker() {
        return new KeyMaker(recipe)::keyOf;
    }

    @Override
    public synchronized Duplicates duplicates(WindowRun run, Set<LocalDate> replayed)
            throws LedgerException {
        Window window = run.window;
        ReplayScope replay =
                replayed.isEmpty()
                        ? ReplayScope.NONE
                        : new ReplayScope(
                                files.run(window, run.generation),
                                replayed,
                                !window.isArrivals() && replayed.equals(daysOf(window)));
        return files.duplicates(
                run.emission.keys.index(), window, run.generation, wholeDays(window), replay);
    }

    @Override
    public synchronized boolean has(LocalDate day) {
        return files.has(day);
    }

    @Override
    public synchronized boolean hasBefore(LocalDate day) {
        return files.hasBefore(day);
    }

    @Override
    public synchronized void acknowledged(WindowRun run, KeyList keys) throws LedgerException {
        files.run(run.window, run.generation).append(keys);
    }

    @Override
    public synchronized void commit(WindowRun run) throws LedgerException {
        files.commit(run.emission.keys.index(), run.window, wholeDays(run.window));
    }

    /** Days of which a download that lacks an event says that it is gone. */
    private Set<LocalDate> wholeDays(Window window) {
        // an arrival query asks for a part of its days only, and so does one with a limit
        return sample || window.isArrivals() ? Set.of() : daysOf(window);
    }

    private static Set<LocalDate> daysOf(Window window) {
        return window.days().collect(Collectors.toSet());
    }

    @Override
    public synchronized void committed(WindowRun run) {
        files.endRuns(run.window);
    }

    @Override
    public synchronized void forgetBefore(LocalDate day) {
        files.removeBefore(day);
    }

    @Override
    public synchronized void close() throws IOException {
        files.close();
    }
}
