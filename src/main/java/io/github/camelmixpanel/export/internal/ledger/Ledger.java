package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableLines;
import io.github.camelmixpanel.export.internal.ledger.LedgerFormat.Header;
import io.github.camelmixpanel.export.internal.ledger.LedgerReader.Contents;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Acknowledged;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Again;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.ArrivalsFrom;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Arrived;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Committed;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Dropped;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Entry;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.FirstDay;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.HandedOut;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.KeysFrom;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Noticed;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Parked;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Spooled;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.TaskOver;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.option.OnQueryChange;
import io.github.camelmixpanel.export.option.Reexport;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable record of one export: what a method here has noted is on the device when it returns,
 * and what it could not note has not happened.
 *
 * <p>It is kept by calendar day; windows only group days, and may group them otherwise in the next
 * run. The file is {@code ledger.jsonl} in the export's folder: lines are only added, and now and
 * then a shorter file that says the same takes its place. {@link LedgerFormat} shows the lines. A
 * last line that a crash left torn is cut off: whatever it was to note had not happened.
 *
 * <p>Thread-safe; one lock guards all. The state directory that holds the folder must be owned by
 * this process.
 */
public final class Ledger implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    /** So many lines that say nothing any more are left in peace. */
    private static final int TOLERATED_LINES = 100;

    private final DurableLines lines;
    private final InstantSource clock;
    private final Header header;
    private final LedgerState state;
    private int lineCount;

    private Ledger(
            DurableLines lines,
            InstantSource clock,
            Header header,
            LedgerState state,
            int lineCount) {
        this.lines = lines;
        this.clock = clock;
        this.header = header;
        this.state = state;
        this.lineCount = lineCount;
    }

    /**
     * Opens the ledger of an export, and begins one if there is none.
     *
     * @param exportFolder exists
     * @param fingerprint what the query consists of, by option; no secrets, it is written and
     *     logged
     * @param onQueryChange what to do when the ledger was kept for another fingerprint
     * @throws LedgerException when it cannot be read or written, is damaged before its last line,
     *     is of a newer version or another export, or was kept for another query and {@code
     *     onQueryChange} is {@code FAIL}
     */
    public static Ledger open(
            Path exportFolder,
            String name,
            Map<String, String> fingerprint,
            OnQueryChange onQueryChange,
            InstantSource clock,
            Disk disk)
            throws LedgerException {
        Header wanted = new Header(LedgerFormat.VERSION, name, Map.copyOf(fingerprint));
        return open(exportFolder, name, disk, lines -> open(lines, wanted, onQueryChange, clock));
    }

    /**
     * Opens the ledger of an export that is not running, whatever query it was kept for.
     *
     * @throws LedgerException as {@link #open}, and when there is none
     */
    public static Ledger openExisting(
            Path exportFolder, String name, InstantSource clock, Disk disk) throws LedgerException {
        return open(
                exportFolder,
                name,
                disk,
                lines -> {
                    Contents contents =
                            LedgerReader.read(lines, name)
                                    .orElseThrow(
                                            () ->
                                                    new LedgerException(
                                                            "Export "
                                                                    + name
                                                                    + " has no progress in "
                                                                    + exportFolder
                                                                    + ": its consumer has never run"
                                                                    + " with this stateDirectory"));
                    return new Ledger(
                            lines,
                            clock,
                            contents.header(),
                            contents.state(),
                            contents.lineCount());
                });
    }

    private interface Opening {
        Ledger of(DurableLines lines) throws IOException, LedgerException;
    }

    private static Ledger open(Path exportFolder, String name, Disk disk, Opening opening)
            throws LedgerException {
        Path file = exportFolder.resolve("ledger.jsonl");
        DurableLines lines = null;
        boolean opened = false;
        try {
            lines = DurableLines.open(file, disk);
            Ledger ledger = opening.of(lines);
            opened = true;
            return ledger;
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot open ledger "
                            + file
                            + " of export "
                            + name
                            + ": "
                            + e
                            + ". "
                            + disk.remedy()
                            + ", and start the route again",
                    e);
        } finally {
            if (!opened && lines != null) {
                closeQuietly(lines);
            }
        }
    }

    private static Ledger open(
            DurableLines lines, Header wanted, OnQueryChange onQueryChange, InstantSource clock)
            throws IOException, LedgerException {
        Optional<Contents> contents = LedgerReader.read(lines, wanted.name());
        if (contents.isEmpty()) {
            Ledger ledger = new Ledger(lines, clock, wanted, new LedgerState(), 0);
            ledger.rewrite();
            return ledger;
        }
        Header found = contents.get().header();
        LedgerState state = contents.get().state();
        if (found.fingerprint().equals(wanted.fingerprint())) {
            Ledger ledger = new Ledger(lines, clock, wanted, state, contents.get().lineCount());
            if (found.version() < wanted.version()) {
                ledger.rewrite(); // at once, so that an older component refuses what it cannot read
            } else {
                ledger.compact();
            }
            return ledger;
        }
        String differences = wanted.differencesFrom(found);
        if (onQueryChange == OnQueryChange.FAIL) {
            throw new LedgerException(
                    "Export "
                            + wanted.name()
                            + " asks for something else than ledger "
                            + lines.file()
                            + " was kept for ("
                            + differences
                            + "). Either change it back, or set onQueryChange=REEXPORT to export"
                            + " all days again, or set onQueryChange=KEEP to keep what is done and"
                            + " ask the new query for the rest");
        }
        boolean again = onQueryChange == OnQueryChange.REEXPORT;
        Ledger ledger = new Ledger(lines, clock, wanted, again ? state.reopened() : state, 0);
        ledger.rewrite();
        LOG.info(
                "Export {} has a new query ({}): {}",
                wanted.name(),
                differences,
                again ? "all days are exported again" : "what is done is kept");
        return ledger;
    }

    /** The first day of the export, once it is known. */
    public synchronized Optional<LocalDate> firstDay() {
        return state.firstDay();
    }

    /** Remembers the first day of the export. */
    public synchronized void firstDay(LocalDate day) throws LedgerException {
        if (!firstDay().equals(Optional.of(day))) {
            write(new FirstDay(day), "the first day " + day);
        }
    }

    /** The last commit of a day; empty when it is to be exported as if for the first time. */
    public synchronized Optional<DayRecord> day(LocalDate day) {
        return state.day(day);
    }

    /** The last commit of each day, in calendar order. */
    public synchronized SortedMap<LocalDate, DayRecord> days() {
        return state.days();
    }

    /** The last commit of a day, also of one that is to be exported again. */
    public synchronized Optional<DayRecord> lastCommit(LocalDate day) {
        return state.lastCommit(day);
    }

    /**
     * Notes that these days are due again, however final they are: until a query that starts later
     * than now is committed. A replay asked for already stays one.
     */
    public synchronized void again(Window days, Reexport mode) throws LedgerException {
        write(new Again(days, mode, clock.instant()), "that " + days + " is to be exported again");
    }

    /** Whether somebody asked for this day once more, and has not had it yet. */
    public synchronized boolean isAskedAgain(LocalDate day) {
        return state.isAskedAgain(day);
    }

    /** The days of an open window of which everything is to be emitted, had before or not. */
    public synchronized Set<LocalDate> replayed(OpenWindow window) {
        return state.replayed(window.window(), window.queryStartedAt());
    }

    /** The first day whose dedupe keys were not deleted as too old; empty when none were. */
    public synchronized Optional<LocalDate> keysFrom() {
        return state.keysFrom();
    }

    /** Notes that the dedupe keys of the days before this one are about to be deleted. */
    public synchronized void keysFrom(LocalDate day) throws LedgerException {
        if (keysFrom().map(day::isAfter).orElse(true)) {
            write(new KeysFrom(day), "that dedupe keys before " + day + " are gone");
        }
    }

    /** What the query of this ledger consists of, by option. */
    public Map<String, String> fingerprint() {
        return header.fingerprint();
    }

    /** The earliest day that was ever committed. */
    public synchronized Optional<LocalDate> firstExportedDay() {
        return state.firstExportedDay();
    }

    /** What the route has not been told yet, in the order of the commits. */
    public synchronized List<WindowSummary> owedNotices() {
        return state.owedNotices();
    }

    /** Notes that the route was told of a commit. */
    public synchronized void noticed(WindowSummary notice) throws LedgerException {
        write(
                new Noticed(notice.window(), notice.generation()),
                "that the route was told of window " + notice.window());
    }

    /**
     * What arrival queries have brought; empty before the first, and when all days are to be
     * exported again.
     */
    public synchronized Optional<ArrivalRecord> arrived() {
        return state.arrived();
    }

    /**
     * From when on arrival queries are to bring what is processed; empty as long as no day was
     * exported with them, and when all days are to be exported again.
     */
    public synchronized Optional<Instant> arrivalsFrom() {
        return state.arrivalsFrom();
    }

    /** Notes that they are to bring what is processed since, unless they are already. */
    public synchronized void arrivalsFrom(Instant since) throws LedgerException {
        if (arrivalsFrom().map(since::isBefore).orElse(true)) {
            write(new ArrivalsFrom(since), "that arrivals are asked for since " + since);
        }
    }

    /** The windows that are spooled and not committed: days in calendar order, then arrivals. */
    public synchronized List<OpenWindow> openWindows() {
        return state.openWindows();
    }

    /**
     * The generation that the next commit of a window has: one more than any of its days, or than
     * the last arrival query.
     */
    public synchronized int nextGeneration(Window window) {
        return state.generation(window) + 1;
    }

    /**
     * Notes that a verified body of a window is on disk, in place of an earlier body.
     *
     * @throws IllegalStateException when another open window of days shares a day with it
     */
    public synchronized void spooled(OpenWindow window) throws LedgerException {
        write(new Spooled(window), "the spooled window " + window.window());
    }

    /**
     * Notes that all lines of an open window up to {@code line}, inclusive, are done. Costs a
     * forced write unless nothing changes.
     *
     * @throws IllegalStateException when the window is not open, or the line is below the last one
     *     noted or above the lines that the body has
     */
    public synchronized void acknowledged(Window window, long line) throws LedgerException {
        if (state.acknowledged(window) != line) {
            write(new Acknowledged(window, line), "line " + line + " of window " + window);
        }
    }

    /**
     * Notes that every event of a window is done: each of its days now has this record, and the
     * window is not open any more.
     *
     * @param notice the summary that the route is to be told, from now on owed until {@link
     *     #noticed}; or null
     * @throws IllegalStateException when one of the days has this generation or a higher one, or
     *     another open window shares a day with this one
     */
    public synchronized void committed(DayRecord record, WindowSummary notice)
            throws LedgerException {
        write(new Committed(record, notice), "the commit of window " + record.window());
        compact();
    }

    /** Tasks that were given out and have no outcome, in that order. */
    public synchronized List<ExportTask> tasks() {
        return state.tasks();
    }

    /** Notes that a window is given out, in place of an earlier task for it. */
    public synchronized void handedOut(ExportTask task) throws LedgerException {
        write(new HandedOut(task), "the task for window " + task.window());
        compact();
    }

    /** Notes that a task failed or is lost; the commit of its window ends it as well. */
    public synchronized void taskOver(ExportTask task) throws LedgerException {
        write(new TaskOver(task.id()), "the end of the task for window " + task.window());
    }

    /** What waits for somebody's decision, in the order in which it was parked. */
    public synchronized List<ParkedWindow> parked() {
        return state.parked();
    }

    /**
     * Notes what is parked of one generation of a window, in place of what was noted before. Costs
     * a forced write unless nothing changes.
     */
    public synchronized void parked(ParkedWindow window) throws LedgerException {
        boolean nothing = window.events() == 0 && !window.whole();
        boolean known =
                state.parked().stream()
                        .anyMatch(
                                it ->
                                        it.equals(window)
                                                || nothing
                                                        && it.window().equals(window.window())
                                                        && it.generation() == window.generation());
        if (nothing == known) {
            write(new Parked(window), "what is parked of window " + window.window());
        }
    }

    /**
     * Notes that every event of the open arrival window is done, and what arrival queries have
     * covered now.
     *
     * @param notice as in {@link #committed}
     * @throws IllegalStateException when its generation is not above the last one
     */
    public synchronized void arrived(ArrivalRecord record, WindowSummary notice)
            throws LedgerException {
        write(
                new Arrived(record.generation(), record.since(), record.until(), notice),
                "the commit of arrival query " + record.generation());
        compact();
    }

    /**
     * Notes that an open window is to be planned again; its body is of no use any more.
     *
     * @throws IllegalStateException when it is not open
     */
    public synchronized void dropped(Window window, String reason) throws LedgerException {
        write(new Dropped(window, reason), "the dropped window " + window);
    }

    @Override
    public synchronized void close() throws IOException {
        lines.close();
    }

    private void write(Entry entry, String what) throws LedgerException {
        state.check(entry);
        try {
            lines.append(LedgerFormat.line(entry, clock.instant()));
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot write "
                            + what
                            + " to ledger "
                            + lines.file()
                            + " of export "
                            + header.name()
                            + ": "
                            + e
                            + ". "
                            + lines.remedy()
                            + "; until then nothing is noted as done",
                    e);
        }
        // only now: memory is never ahead of the disk
        state.apply(entry);
        lineCount++;
    }

    /** Shortens the file when most of it is history. */
    private void compact() {
        int superfluous = lineCount - 1 - state.entries().size();
        if (superfluous <= Math.max(TOLERATED_LINES, state.entries().size())) {
            return;
        }
        try {
            rewrite();
        } catch (IOException e) {
            // both the old and the new file say the same
            LOG.warn("Cannot shorten ledger {}", lines.file(), e);
        }
    }

    private void rewrite() throws IOException {
        Instant now = clock.instant();
        List<String> all =
                Stream.concat(
                                Stream.of(LedgerFormat.line(header, now)),
                                state.entries().stream().map(e -> LedgerFormat.line(e, now)))
                        .toList();
        lines.replace(all);
        lineCount = all.size();
    }

    private static void closeQuietly(DurableLines lines) {
        try {
            lines.close();
        } catch (IOException e) {
            LOG.debug("Cannot close {}", lines.file(), e);
        }
    }
}
