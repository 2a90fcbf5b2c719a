package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;

/**
 * All windows that are due, in due order, and who works on them: downloads take the first that may
 * be queried, the polling thread takes the first that is spooled. Its monitor guards every window
 * on it; {@link BoardRules} decides who is next. Thread-safe.
 */
public final class Board {

    private final InstantSource clock;
    private final Sleeper sleeper;
    private final int maxConcurrentWindows;
    private final boolean compares;
    private final Comparator<WindowRun> order;
    private final BooleanSupplier refused;
    private final List<WindowRun> runs = new ArrayList<>();
    private final Gathering gathering;
    private Instant latest = Instant.MIN;
    private boolean open;
    private boolean spoolTight;
    private BoardStatus.Done committed = new BoardStatus.Done(0, 0);

    /**
     * @param compares whether events are compared with those that the route had before
     * @param order in which windows are queried and emitted
     * @param sizes as {@link Gathering} takes it; windows are planned as single days then
     * @param refused whether no window may be queried, for reasons that are not on the board
     */
    public Board(
            InstantSource clock,
            Sleeper sleeper,
            int maxConcurrentWindows,
            boolean compares,
            Comparator<DueWindow> order,
            BinaryOperator<List<LocalDate>> sizes,
            BooleanSupplier refused) {
        this.clock = clock;
        this.sleeper = sleeper;
        this.maxConcurrentWindows = maxConcurrentWindows;
        this.compares = compares;
        this.order = Comparator.comparing(run -> run.due, order);
        this.gathering = new Gathering(this, runs, this.order, sizes);
        this.refused = refused;
    }

    // ---- what is on it

    /** Adds windows that are due and not on the board yet. */
    public synchronized void plan(List<DueWindow> due, ToIntFunction<Window> generation) {
        add(
                due.stream()
                        .map(it -> new WindowRun(this, it, generation.applyAsInt(it.window())))
                        .toList());
    }

    /** Adds a window whose verified body an earlier run has left. */
    public synchronized void recover(OpenWindow spooled, DueWindow.Kind kind, boolean parked) {
        add(List.of(new WindowRun(this, spooled, kind, parked)));
    }

    /** Adds a window that an earlier run has issued as a task. */
    public synchronized void recover(ExportTask task, DueWindow.Kind kind) {
        add(List.of(new WindowRun(this, task, kind)));
    }

    synchronized void add(List<WindowRun> added) {
        runs.addAll(added);
        runs.sort(order);
        // a window that waits for the quota lets a more urgent one go first
        runs.stream()
                .filter(run -> added.stream().anyMatch(it -> BoardRules.isMoreUrgent(it, run)))
                .forEach(WindowRun::interruptWaiter);
        notifyAll();
    }

    public synchronized List<WindowRun> all() {
        return List.copyOf(runs);
    }

    public synchronized List<Window> windows() {
        return runs.stream().map(run -> run.window).toList();
    }

    /** How things stand now, of all windows at one instant. */
    public synchronized BoardStatus status() {
        Instant now = now();
        return new BoardStatus(
                now,
                runs.stream().map(WindowRun::status).toList(),
                runs.stream().flatMap(run -> run.issuedTask().stream()).toList(),
                committed);
    }

    /** Current time; if the clock moved back, shifts all waits by the same amount. */
    private Instant now() {
        Instant now = clock.instant();
        if (now.isBefore(latest)) {
            Duration by = Duration.between(latest, now);
            runs.forEach(run -> run.shiftWaits(by));
        }
        latest = now;
        return now;
    }

    private BoardRules rules() {
        return new BoardRules(
                runs, now(), maxConcurrentWindows, compares, spoolTight, refused.getAsBoolean());
    }

    // ---- a poll

    /** Starts a poll: downloads may be taken. */
    public synchronized void open() {
        open = true;
        notifyAll();
    }

    /** Ends a poll: no further download is taken, and those that wait for a permit give up. */
    public synchronized void pause() {
        open = false;
        runs.forEach(WindowRun::interruptWaiter);
        notifyAll();
    }

    /** Ends every query at once. */
    public synchronized void cancelQueries() {
        pause();
        runs.forEach(WindowRun::cancelQuery);
    }

    public synchronized void wake() {
        notifyAll();
    }

    /** Whether no window is left but those that wait for longer than a poll. */
    public synchronized boolean isDone() {
        return rules().isDone();
    }

    /**
     * Ends the wait of windows whose download or emission failed: they are tried again at once.
     *
     * @param emissions whether of those whose emission failed only
     * @return those that waited and share a day with these
     */
    public synchronized List<Window> endWaits(Window days, boolean emissions) {
        BoardRules rules = rules();
        List<WindowRun> waiting = rules.waiting(days, emissions);
        waiting.forEach(run -> run.endWaits(rules.now()));
        notifyAll();
        return waiting.stream().map(run -> run.window).toList();
    }

    // ---- downloads

    /**
     * The next window to query, waiting for one whose retry falls due; it is FETCHING then.
     *
     * @return null when this poll has none left, or is over
     */
    public synchronized WindowRun takeToFetch() throws InterruptedException {
        while (open) {
            BoardRules rules = rules();
            Optional<WindowRun> next = rules.nextToFetch();
            if (next.isPresent()) {
                WindowRun run = gathering.around(next.get());
                run.fetch();
                return run;
            }
            if (!rules.mayFetchInThisPoll()) {
                return null;
            }
            sleeper.sleep(this, rules.untilNextRetry());
        }
        return null;
    }

    /** Whether a thread would find something to download. */
    public synchronized boolean wantsDownload() {
        return open && rules().nextToFetch().isPresent();
    }

    /**
     * The permit is there and the query is about to start.
     *
     * @return false when it is not wanted any more
     */
    public synchronized boolean querying(WindowRun run, Closeable query) {
        if (!isWanted(run)) {
            return false;
        }
        run.startQuery(query);
        return true;
    }

    private boolean isWanted(WindowRun run) {
        run.endWaitForPermit();
        if (open) {
            Thread.interrupted(); // meant a wait that is over
        }
        return open && run.state() == WindowState.FETCHING;
    }

    /**
     * Its verified body is on disk, and in the ledger.
     *
     * @param keys left to the polling thread; null with deduplicate=false
     * @param findings left to the polling thread
     */
    public synchronized void spooled(
            WindowRun run, OpenWindow body, BodyKeys keys, Findings findings) {
        run.spooled(body, keys, findings);
        notifyAll();
    }

    /** Back to where it came from: not its fault. */
    public synchronized void putBack(WindowRun run) {
        run.endQuery(WindowState.PLANNED);
        if (run.isUntriedWhole()) {
            gathering.takeApart(run);
        }
        notifyAll();
    }

    /** Its days are queried in smaller windows: it was too large. */
    public synchronized void cut(WindowRun run) {
        putBack(run);
        gathering.takeApart(run);
    }

    /** Takes it off: another one is to be planned in its place. */
    public synchronized void withdraw(WindowRun run) {
        putBack(run);
        runs.remove(run);
    }

    public synchronized void retryLater(
            WindowRun run, Instant notBefore, boolean longWait, Trouble trouble) {
        run.retryLater(new Wait(notBefore, longWait), trouble);
        notifyAll();
    }

    /**
     * Waits until there may be room in the spool for a download that found none: the oldest goes
     * on, younger ones are ended and planned again.
     *
     * @return false when no other window takes up room, so that waiting would not help
     */
    public synchronized boolean makeRoom(WindowRun run) throws InterruptedException {
        spoolTight = true;
        BoardRules rules = rules();
        List<WindowRun> others = rules.othersInSpool(run);
        boolean givesWay = !rules.isOldestDownload(run);
        if (!givesWay) {
            others.forEach(WindowRun::cancelQuery);
            // only another emission can free what they hold
            givesWay = !others.isEmpty() && others.stream().allMatch(rules::isHeldUp);
        }
        if (givesWay || others.isEmpty() || !open) {
            run.cancelled(givesWay || !open);
            return givesWay || !open;
        }
        sleeper.sleep(this, BoardRules.LONGEST_WAIT);
        return true;
    }

    // ---- tasks

    /**
     * The permit is there and a task is about to leave.
     *
     * @return false when it is not wanted any more
     */
    public synchronized boolean issued(WindowRun run, WindowRun.Issued task) {
        if (!isWanted(run)) {
            return false;
        }
        run.issue(task);
        notifyAll();
        return true;
    }

    /** The window of a task without an outcome; empty when that task was given up before. */
    public synchronized Optional<WindowRun> runOf(ExportTask task) {
        return runs.stream().filter(run -> run.issuedTask().equals(Optional.of(task))).findFirst();
    }

    /** The window of a task, also of one that was given up; empty when it is committed. */
    public synchronized Optional<WindowRun> unfinished(ExportTask task) {
        return runs.stream().filter(run -> run.isOf(task)).findFirst();
    }

    /** The window of a task was exported by the route that got the task. */
    public synchronized void done(WindowRun run) {
        run.interruptWaiter(); // for another task
        run.endQuery(WindowState.COMMITTED);
        takeOff(run);
    }

    // ---- emission

    /**
     * The first window with a verified body, waiting for one to come; it is EMITTING then.
     *
     * @param until when to stop waiting because there is something to plan
     * @return empty when there is none at {@code until}, when this poll is done, or when it is not
     *     to go on
     */
    public synchronized Optional<WindowRun> takeToEmit(BooleanSupplier goOn, Instant until)
            throws InterruptedException {
        while (goOn.getAsBoolean()) {
            BoardRules rules = rules();
            Optional<WindowRun> next = rules.nextToEmit();
            if (next.isPresent()) {
                next.get().moveTo(WindowState.EMITTING);
                return next;
            }
            if (rules.isDone() || !until.isAfter(rules.now())) {
                return Optional.empty();
            }
            sleeper.sleep(this, rules.untilNextEmission(until));
        }
        return Optional.empty();
    }

    /**
     * @param few whether the route took other events of this window
     * @param notBefore when to emit them again
     * @param longWait whether no poll waits for that
     */
    public synchronized void leftFailed(
            WindowRun run, boolean few, Instant notBefore, boolean longWait, Trouble trouble) {
        run.leftFailed(few, new Wait(notBefore, longWait), trouble);
        notifyAll();
    }

    /** The pass ended before the end of the body, with nothing failed that is not parked. */
    public synchronized void noneFailed(WindowRun run) {
        run.noneFailed();
    }

    /** Its body stays; it moves no further until an operator decides. */
    public synchronized void parked(WindowRun run) {
        run.park();
        spoolTight = false;
        notifyAll();
    }

    /** A parked window is to be emitted again. */
    public synchronized void resumed(WindowRun run) {
        run.moveTo(WindowState.SPOOLED);
        run.noneFailed();
        notifyAll();
    }

    /** A parked window is to be committed as it is. */
    public synchronized void givenUp(WindowRun run) {
        run.moveTo(WindowState.SPOOLED);
        run.moveTo(WindowState.EMITTING);
    }

    public synchronized void committed(WindowRun run) {
        run.moveTo(WindowState.COMMITTED);
        takeOff(run);
    }

    private void takeOff(WindowRun run) {
        runs.remove(run);
        committed = committed.and(run);
        spoolTight = false;
        notifyAll();
    }

    /** The body is gone or changed: it has to be queried again. */
    public synchronized void lostBody(WindowRun run) {
        run.lostBody();
        notifyAll();
    }
}
