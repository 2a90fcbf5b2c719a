package io.github.camelmixpanel.export.internal.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.database.Store;
import io.github.camelmixpanel.export.internal.dedupe.file.RunFile;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * An export of three windows that share key days, each in three generations, with late events,
 * duplicates, refused events, and after a crash sometimes another body than before. It checks every
 * step against sets in memory, which know what the files should know.
 *
 * <p>Its order of writes is the one promised to users: run, then ledger, and key files before the
 * ledger's commit. What stands for the ledger are the fields of {@link Work}, which outlive a crash
 * as soon as they are set.
 */
final class SimulatedExport {

    private static final int GENERATIONS = 3;

    /** What the ledger knows of a window. */
    private static final class Work {
        private final Window window;
        private int generation = 1;
        private List<DedupeKey> body;
        private int watermark;

        Work(Window window) {
            this.window = window;
        }
    }

    private final Path folder;
    private final long memoryBytes;
    private final Store store;
    private final CrashDisk disk;
    private final Random random;
    private final int bodySize;
    private final boolean retries;
    private final String what;
    private final List<Work> works = new ArrayList<>();
    private final Map<DedupeKey, Integer> acknowledged = new HashMap<>();

    /** How often a key may have been acknowledged more than once, for crashes before a flush. */
    private final Map<DedupeKey, Integer> mayRepeat = new HashMap<>();

    private final List<DedupeKey> unflushed = new ArrayList<>();
    private int nextKey;

    /**
     * @param retries whether a step that failed is tried again at once, rather than after a restart
     */
    SimulatedExport(
            Path folder,
            long memoryBytes,
            Store store,
            CrashDisk disk,
            long seed,
            int bodySize,
            boolean retries,
            String what) {
        this.folder = folder;
        this.memoryBytes = memoryBytes;
        this.store = store;
        this.disk = disk;
        this.random = new Random(seed);
        this.bodySize = bodySize;
        this.retries = retries;
        this.what = what;
        for (int i = 0; i < 3; i++) {
            works.add(new Work(Window.ofDay(Keys.DAY.plusDays(i))));
        }
    }

    /** Works until all is committed, with a restart after each failure. */
    void run() throws Exception {
        while (!unfinished().isEmpty()) {
            try {
                runUntilFailure();
            } catch (LedgerException e) {
                for (DedupeKey key : unflushed) {
                    mayRepeat.merge(key, 1, Integer::sum);
                }
                unflushed.clear();
                disk.restart();
                loseBodies();
            }
        }
        checkTheEnd();
    }

    private void runUntilFailure() throws Exception {
        try (KeyFiles files = open()) {
            retried(() -> files.foldRuns(unfinished().stream().map(work -> work.window).toList()));
            for (List<Work> left; !(left = unfinished()).isEmpty(); ) {
                Work work = left.get(random.nextInt(left.size()));
                if (work.body == null) {
                    work.body = newBody(work);
                }
                try (KeyIndex index = files.newIndex()) {
                    emit(work, files, index);
                    retried(() -> files.commit(index, work.window, wholeDays(work)));
                    checkCommitted(work, files);
                }
                if (random.nextBoolean()) { // or a crash comes first
                    files.endRuns(work.window);
                }
                work.generation++;
                work.body = null;
                work.watermark = 0;
            }
        }
    }

    private void emit(Work work, KeyFiles files, KeyIndex index) throws Exception {
        List<DedupeKey> body = work.body;
        for (int line = 1; line <= body.size(); line++) {
            long number = line;
            DedupeKey key = body.get(line - 1);
            retried(() -> index.add(number, key, 0));
        }
        Duplicates[] found = new Duplicates[1];
        retried(
                () ->
                        found[0] =
                                Keys.duplicates(
                                        index,
                                        files,
                                        work.window,
                                        work.generation,
                                        wholeDays(work)));
        checkDuplicates(body, found[0]);
        BitSet done = new BitSet();
        done.set(0, work.watermark + 1);
        List<Integer> wanted = new ArrayList<>();
        for (int line = 1; line <= body.size(); line++) {
            if (found[0].lines().contains(line)) {
                done.set(line);
            } else if (line > work.watermark) {
                wanted.add(line);
            }
        }
        RunFile run = files.run(work.window, work.generation);
        while (!wanted.isEmpty()) {
            // acknowledged out of order; what is refused stays where it is
            int position = random.nextInt(Math.min(8, wanted.size()));
            int line = wanted.remove(position);
            DedupeKey key = body.get(line - 1);
            acknowledged.merge(key, 1, Integer::sum);
            unflushed.add(key);
            done.set(line);
            if (wanted.isEmpty() || random.nextInt(bodySize / 4) == 0) {
                retried(() -> run.append(Keys.list(unflushed)));
                unflushed.clear();
                if (random.nextBoolean()) {
                    work.watermark = done.nextClearBit(0) - 1;
                }
            }
        }
    }

    /** Against the sets: dropped is what was acknowledged or comes again, and nothing else. */
    private void checkDuplicates(List<DedupeKey> body, Duplicates found) {
        Set<DedupeKey> seen = new HashSet<>();
        List<String> wrong = new ArrayList<>();
        int dropped = 0;
        for (int line = 1; line <= body.size(); line++) {
            DedupeKey key = body.get(line - 1);
            boolean repeats = !seen.add(key);
            int times = acknowledged.getOrDefault(key, 0);
            if (found.lines().contains(line)) {
                dropped++;
                if (!repeats && times == 0) {
                    wrong.add("line " + line + " is lost");
                }
            } else if (repeats) {
                wrong.add("line " + line + " comes for the second time");
            } else if (times > mayRepeat.getOrDefault(key, 0)) {
                wrong.add("line " + line + " was acknowledged and flushed before");
            }
        }
        assertThat(wrong).as(what).isEmpty();
        assertThat(Keys.lines(found, body.size() + 256)).as(what).hasSize(dropped);
        assertThat(found.newKeys()).as(what).isEqualTo(body.size() - dropped);
        assertThat(found.repeatedInBody()).as(what).isEqualTo(body.size() - seen.size());
        assertThat(found.newKeys() + found.resumed() + found.alreadyEmitted())
                .as(what)
                .isEqualTo(seen.size());
    }

    private void checkCommitted(Work work, KeyFiles files) throws Exception {
        assertThat(disk.isForced()).as(what).isTrue();
        assertThat(acknowledged.keySet().containsAll(work.body))
                .as("%s: every event of window %s is acknowledged", what, work.window)
                .isTrue();
        try (KeyIndex again = Keys.index(files, work.body)) {
            assertThat(
                            Keys.duplicates(again, files, work.window, work.generation, Set.of())
                                    .newKeys())
                    .as(what)
                    .isZero();
        } catch (LedgerException e) {
            assertThat(disk.hasFailed()).as("%s: %s", what, e).isTrue();
            throw e;
        }
    }

    private void checkTheEnd() throws Exception {
        disk.restart();
        try (KeyFiles files = open()) {
            files.foldRuns(List.of());
            assertThat(Keys.names(folder)).as(what).allMatch(name -> name.endsWith(".keys"));
            List<DedupeKey> keys = List.copyOf(acknowledged.keySet());
            Set<LocalDate> days = new HashSet<>();
            keys.forEach(key -> days.add(LocalDate.ofEpochDay(key.keyDay())));
            long committed = 0;
            for (LocalDate day : days) {
                committed += Keys.count(folder, day);
            }
            try (KeyIndex all = Keys.index(files, keys)) {
                Duplicates found = Keys.duplicates(all, files, Window.ofDay(Keys.DAY), 99, days);
                assertThat(found.vanished()).as("%s: keys never acknowledged", what).isZero();
                assertThat(found.alreadyEmitted()).as(what).isEqualTo(committed);
                for (int line = 1; line <= keys.size(); line++) {
                    if (!found.lines().contains(line)) {
                        // its body was lost after a crash before a flush, and has not come again
                        assertThat(mayRepeat).as(what).containsKey(keys.get(line - 1));
                    }
                }
            }
        }
        Map<DedupeKey, Integer> tooOften = new HashMap<>(acknowledged);
        tooOften.entrySet()
                .removeIf(key -> key.getValue() <= 1 + mayRepeat.getOrDefault(key.getKey(), 0));
        assertThat(tooOften).as("%s: keys acknowledged too often", what).isEmpty();
    }

    private static Set<LocalDate> wholeDays(Work work) {
        return Set.of(work.window.fromDate());
    }

    private List<Work> unfinished() {
        return works.stream().filter(work -> work.generation <= GENERATIONS).toList();
    }

    /** Most of the events of earlier generations, new ones, those of a neighbour, duplicates. */
    private List<DedupeKey> newBody(Work work) {
        Set<DedupeKey> keys = new LinkedHashSet<>();
        for (DedupeKey known : acknowledged.keySet()) {
            boolean own = known.keyDay() == DedupeKey.dayOf(work.window.fromDate());
            if (random.nextInt(10) < (own ? 9 : 1)) {
                keys.add(known);
            }
        }
        while (keys.size() < bodySize * work.generation / GENERATIONS) {
            LocalDate day = work.window.fromDate().plusDays(random.nextInt(8) == 0 ? 1 : 0);
            keys.add(Keys.key(nextKey++, day));
        }
        List<DedupeKey> body = new ArrayList<>(keys);
        for (int i = body.size() / 5; i > 0; i--) {
            body.add(body.get(random.nextInt(body.size())));
        }
        Collections.shuffle(body, random);
        return body;
    }

    /** A lost spool: the window is exported again, and the answer is not the same. */
    private void loseBodies() {
        for (Work work : works) {
            if (work.body != null && random.nextBoolean()) {
                List<DedupeKey> other = newBody(work);
                other.addAll(work.body.subList(0, work.body.size() * 2 / 3));
                Collections.shuffle(other, random);
                work.body = other;
                work.watermark = 0;
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws LedgerException;
    }

    private void retried(Step step) throws LedgerException {
        try {
            step.run();
        } catch (LedgerException e) {
            if (!retries) {
                throw e;
            }
            step.run();
        }
    }

    private KeyFiles open() throws LedgerException, IOException {
        try {
            return KeyFiles.open(folder, DedupeRecipe.MIXPANEL, memoryBytes, stored());
        } catch (LedgerException e) {
            disk.restart();
            return KeyFiles.open(folder, DedupeRecipe.MIXPANEL, memoryBytes, stored());
        }
    }

    private Disk stored() throws LedgerException {
        store.whenCommitting(() -> {});
        Disk stored = store.disk(folder.getParent(), disk);
        store.whenCommitting(disk::commit);
        return stored;
    }
}
