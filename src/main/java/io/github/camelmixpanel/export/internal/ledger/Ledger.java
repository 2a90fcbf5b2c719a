package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableLines;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable record of one export: what a method here records is on the device when the method
 * returns, and what it could not record has not happened.
 *
 * <p>It is kept by calendar day; windows only group days, and may group them otherwise in the next
 * run. The file is {@code ledger.jsonl} in the export's folder ({@link LedgerFormat}): lines are
 * added, and now and then a shorter file with the same meaning takes its place. A last line that a
 * crash left torn is cut off: what it was to record has not happened.
 *
 * <p>Thread-safe: one thread writes at a time, and nobody who reads waits for the disk. This
 * process must own the state directory of the folder.
 */
public final class Ledger implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    /** Up to this number of obsolete lines the file is not shortened. */
    private static final int TOLERATED_LINES = 100;

    private final DurableLines lines;
    private final InstantSource clock;
    private final LedgerHeader header;
    private final LedgerState state;
    private int lineCount;
    private int compactAbove = TOLERATED_LINES; // before, it does not pay to look for history

    private Ledger(
            DurableLines lines,
            InstantSource clock,
            LedgerHeader header,
            LedgerState state,
            int count) {
        this.lines = lines;
        this.clock = clock;
        this.header = header;
        this.state = state;
        this.lineCount = count;
    }

    /**
     * Opens the ledger of an export, and begins one if there is none.
     *
     * @param exportFolder exists
     * @param fingerprint what the query consists of, by option, without secrets
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
        LedgerHeader wanted = new LedgerHeader(LedgerFormat.VERSION, name, Map.copyOf(fingerprint));
        return LedgerReader.open(
                exportFolder,
                name,
                disk,
                (lines, found) -> {
                    LedgerState state = found.stateFor(wanted, onQueryChange, lines.file());
                    Ledger ledger = new Ledger(lines, clock, wanted, state, found.lineCount());
                    if (wanted.equals(found.header())) {
                        ledger.compact();
                    } else {
                        // at once, so that an older component rejects what it cannot read
                        ledger.rewrite();
                    }
                    return ledger;
                });
    }

    /**
     * Opens the ledger of an export that is not running, whatever query it was kept for.
     *
     * @throws LedgerException as {@link #open}, and when there is none
     */
    public static Ledger openExisting(
            Path exportFolder, String name, InstantSource clock, Disk disk) throws LedgerException {
        return LedgerReader.open(
                exportFolder,
                name,
                disk,
                (lines, found) -> {
                    if (found.header() == null) {
                        throw new LedgerException(
                                "Export %s has no progress in %s: its consumer has never run with this stateDirectory"
                                        .formatted(name, exportFolder));
                    }
                    return new Ledger(
                            lines, clock, found.header(), found.state(), found.lineCount());
                });
    }

    /** The first day of the export, once it is known. */
    public Optional<LocalDate> firstDay() {
        return find(it -> it.firstDay);
    }

    public synchronized void firstDay(LocalDate day) throws LedgerException {
        if (!firstDay().equals(Optional.of(day))) {
            write(new Entry.FirstDay(day), "the first day " + day);
        }
    }

    /** The last commit of a day; empty when it is to be exported as if for the first time. */
    public Optional<DayRecord> day(LocalDate day) {
        return find(it -> it.requested.contains(day) ? null : it.days.get(day));
    }

    /** The last commit of each day, in calendar order. */
    public SortedMap<LocalDate, DayRecord> days() {
        return state.read(it -> new TreeMap<>(it.days));
    }

    /** The last commit of a day, also of one that is to be exported again. */
    public Optional<DayRecord> lastCommit(LocalDate day) {
        return find(it -> it.days.get(day));
    }

    /** Makes final days due too, until a later query is committed; a replay stays a replay. */
    public synchronized void requestReexport(Window days, Reexport mode) throws LedgerException {
        write(
                new Entry.ReexportRequested(days, mode, clock.instant()),
                "that " + days + " is to be exported again");
    }

    /** Whether an operator wants this day once more, and no query has satisfied that yet. */
    public boolean isReexportRequested(LocalDate day) {
        return state.read(it -> it.requested.contains(day));
    }

    /** The days of an open window of which all events are emitted, new to the route or not. */
    public Set<LocalDate> replayed(OpenWindow window) {
        return state.read(it -> it.requested.replayed(window.window(), window.generation()));
    }

    /** Changes with each {@link #requestReexport} of a day of the window. */
    public int lastRequest(Window window) {
        return state.read(it -> it.requested.last(window));
    }

    /** The first day whose dedupe keys were not deleted as too old; empty when none were. */
    public Optional<LocalDate> keysFrom() {
        return find(it -> it.keysFrom);
    }

    /** Records that the dedupe keys of the days before this one are about to be deleted. */
    public synchronized void keysFrom(LocalDate day) throws LedgerException {
        if (keysFrom().map(day::isAfter).orElse(true)) {
            write(new Entry.KeysFrom(day), "that dedupe keys before " + day + " are deleted");
        }
    }

    /** What the query of this ledger consists of, by option. */
    public Map<String, String> fingerprint() {
        return header.fingerprint();
    }

    /** The earliest day that was ever committed. */
    public Optional<LocalDate> firstExportedDay() {
        return find(it -> it.days.isEmpty() ? null : it.days.firstKey());
    }

    /** Summaries that the route has not received yet, in the order of the commits. */
    public List<WindowSummary> owedNotices() {
        return state.read(it -> List.copyOf(it.owedNotices));
    }

    /** Records that the route has received the summary of a commit. */
    public synchronized void noticed(WindowSummary notice) throws LedgerException {
        write(
                new Entry.Noticed(notice.window(), notice.generation()),
                "that the route has the summary of window " + notice.window());
    }

    /** What arrival queries have brought; empty before the first, and after a query change. */
    public Optional<ArrivalRecord> arrived() {
        return find(LedgerState::arrived);
    }

    /** From when on arrival queries cover what Mixpanel processes; empty before the first. */
    public Optional<Instant> arrivalsFrom() {
        return find(it -> it.arrivalsFrom);
    }

    /** Records that arrival queries cover what is processed from then on, unless they do. */
    public synchronized void arrivalsFrom(Instant since) throws LedgerException {
        if (arrivalsFrom().map(since::isBefore).orElse(true)) {
            write(new Entry.ArrivalsFrom(since), "that arrival queries begin at " + since);
        }
    }

    /** The windows that are spooled and not committed: days in calendar order, then arrivals. */
    public List<OpenWindow> openWindows() {
        return state.read(it -> it.open.all());
    }

    /** One more than the generation of any day of the window, or of the last arrival query. */
    public int nextGeneration(Window window) {
        return state.generation(window) + 1;
    }

    /**
     * Records that a verified body of a window is on disk, in place of an earlier body.
     *
     * @throws IllegalStateException when another open window of days shares a day with it
     */
    public synchronized void spooled(OpenWindow window) throws LedgerException {
        write(new Entry.Spooled(window), "the spooled window " + window.window());
    }

    /**
     * Records that all lines of an open window up to {@code line}, inclusive, are done.
     *
     * @throws IllegalStateException when the window is not open, or the line is below the last one
     *     recorded or above the lines that the body has
     */
    public synchronized void acknowledged(Window window, long line) throws LedgerException {
        if (state.read(it -> it.open.get(window)).acknowledged() != line) {
            write(new Entry.Acknowledged(window, line), "line " + line + " of window " + window);
            compact();
        }
    }

    /** Records what the route left failed of an open window, unless that is on record. */
    public synchronized void failed(Window window, List<FailedLines> left) throws LedgerException {
        if (!state.read(it -> it.open.get(window)).failed().equals(left)) {
            write(new Entry.Failed(window, left), "what failed of window " + window);
            compact();
        }
    }

    /**
     * Records that every event of a window is done: each of its days now has this record, and the
     * window is not open any more.
     *
     * @param notice the summary to report to the route, from now on owed until {@link #noticed}; or
     *     null
     * @throws IllegalStateException when one of the days has this generation or a higher one, or
     *     another open window shares a day with this one
     */
    public synchronized void committed(DayRecord record, WindowSummary notice)
            throws LedgerException {
        write(new Entry.Committed(record, notice), "the commit of window " + record.window());
        compact();
    }

    /** Tasks that were issued and not given up, in that order. */
    public List<ExportTask> tasks() {
        return state.read(LedgerState::tasks);
    }

    /** Tasks whose outcome counts, also those given up: their generation is not committed. */
    public List<ExportTask> countingTasks() {
        return state.read(it -> List.copyOf(it.tasks));
    }

    /** Records that a window is issued as a task, which gives up an earlier task for it. */
    public synchronized void issued(ExportTask task) throws LedgerException {
        write(new Entry.Issued(task), "the task for window " + task.window());
        compact();
    }

    /** Records that a task is given up; its outcome counts until its window is committed. */
    public synchronized void taskOver(ExportTask task) throws LedgerException {
        write(new Entry.TaskOver(task.id()), "the end of the task for window " + task.window());
    }

    /** What waits for an operator's decision, in the order in which it was parked. */
    public List<ParkedWindow> parked() {
        return state.read(it -> List.copyOf(it.parked));
    }

    /** Records what is parked of one generation of a window, unless that is on record. */
    public synchronized void parked(ParkedWindow window) throws LedgerException {
        boolean nothing = window.events() == 0 && !window.whole();
        boolean known =
                parked().stream().anyMatch(nothing ? window::isSameGeneration : window::equals);
        if (nothing == known) {
            write(new Entry.Parked(window), "what is parked of window " + window.window());
        }
    }

    /**
     * Records that every event of the open arrival window is done, and what arrival queries cover
     * with it.
     *
     * @param notice as in {@link #committed}
     * @throws IllegalStateException when its generation is not above the last one
     */
    public synchronized void arrived(ArrivalRecord record, WindowSummary notice)
            throws LedgerException {
        write(
                new Entry.Arrived(record, notice),
                "the commit of arrival query " + record.generation());
        compact();
    }

    /** The most days of a window with this day in it, for days of windows that were too large. */
    public SortedMap<LocalDate, Integer> longest() {
        return state.read(it -> new TreeMap<>(it.longest));
    }

    /**
     * Records that a window was too large, so that a task for it counts no more.
     *
     * @param longest the most days of a window with one of its days in it
     */
    public synchronized void cut(Window window, int longest) throws LedgerException {
        write(new Entry.Cut(window, longest), "that window " + window + " was too large");
    }

    /** Records that an open window is to be planned again, without its body. */
    public synchronized void dropped(Window window, String reason) throws LedgerException {
        write(new Entry.Dropped(window, reason), "the dropped window " + window);
    }

    @Override
    public synchronized void close() throws IOException {
        lines.close();
    }

    /** Looks something up in the state, where it may be null. */
    private <T> Optional<T> find(Function<LedgerState, T> what) {
        return Optional.ofNullable(state.read(what));
    }

    private void write(Entry entry, String what) throws LedgerException {
        state.check(entry);
        try {
            lines.append(LedgerFormat.line(entry, clock.instant()));
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot write %s to ledger %s of export %s: %s. %s; until then nothing is recorded as done"
                            .formatted(what, lines.file(), header.name(), e, lines.remedy()),
                    e);
        }
        // only now: memory is never ahead of the disk
        state.apply(entry);
        lineCount++;
    }

    /** Shortens the file when most of it is history. */
    private void compact() {
        if (lineCount > compactAbove) {
            int needed = 1 + state.entries().size();
            compactAbove = needed + Math.max(TOLERATED_LINES, needed);
        }
        if (lineCount > compactAbove) {
            try {
                rewrite();
            } catch (IOException e) { // both the old and the new file say the same
                compactAbove = lineCount + TOLERATED_LINES;
                LOG.warn("Cannot shorten ledger {}; a later line tries again", lines.file(), e);
            }
        }
    }

    private void rewrite() throws IOException {
        Instant now = clock.instant();
        List<String> all = new ArrayList<>(List.of(header.line(now)));
        state.entries().forEach(entry -> all.add(LedgerFormat.line(entry, now)));
        lines.replace(all);
        lineCount = all.size();
    }
}
