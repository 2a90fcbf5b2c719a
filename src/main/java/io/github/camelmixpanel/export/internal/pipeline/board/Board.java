package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * All windows that are due, in due order, and who works on them: downloads take the first that may
 * be asked for, the polling thread takes the first that is spooled. One monitor; thread-safe.
 */
public final class Board {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Sleeper sleeper;
    private final int maxConcurrentWindows;
    private final boolean compares;
    private final Comparator<WindowRun> order;
    private final BooleanSupplier refused;
    private final List<WindowRun> tasks = new ArrayList<>();
    private Instant latest = Instant.MIN;
    private boolean open;
    private boolean spoolTight;
    private int committed;

    /**
     * @param compares whether events are compared with those that the route has had
     * @param order in which windows are asked for and emitted
     * @param refused whether the credentials are refused, so that no window may be asked for
     */
    public Board(
            InstantSource clock,
            Sleeper sleeper,
            int maxConcurrentWindows,
            boolean compares,
            Comparator<DueWindow> order,
            BooleanSupplier refused) {
        this.clock = clock;
        this.sleeper = sleeper;
        this.maxConcurrentWindows = maxConcurrentWindows;
        this.compares = compares;
        this.order = Comparator.comparing(task -> task.due, order);
        this.refused = refused;
    }

    /** Adds what is due and not on the board yet. */
    public synchronized void plan(List<WindowRun> due) {
        tasks.addAll(due);
        tasks.sort(order);
        // a window that waits for the quota lets a more urgent one go first
        tasks.stream()
                .filter(task -> task.waiter != null)
                .filter(task -> due.stream().anyMatch(it -> it.isMoreUrgentThan(task)))
                .forEach(task -> task.waiter.interrupt());
        notifyAll();
    }

    /** Starts a poll: downloads may be taken. */
    public synchronized void open() {
        open = true;
        notifyAll();
    }

    /** Ends a poll: no further download is taken, and those that wait for a permit give up. */
    public synchronized void pause() {
        open = false;
        tasks.stream()
                .map(task -> task.waiter)
                .filter(waiter -> waiter != null)
                .forEach(Thread::interrupt);
        notifyAll();
    }

    /** Ends every query at once. */
    public synchronized void cancelQueries() {
        pause();
        tasks.forEach(this::cancel);
    }

    private void cancel(WindowRun task) {
        if (task.query != null) {
            task.cancelled = true;
            try {
                task.query.close();
            } catch (IOException e) {
                throw new IllegalStateException(e); // ending a query does no I/O that can fail
            }
        }
    }

    public synchronized void wake() {
        notifyAll();
    }

    /** The time. When the clock was set back, what waits for a time goes along. */
    private Instant now() {
        Instant now = clock.instant();
        if (now.isBefore(latest)) {
            Duration by = Duration.between(latest, now);
            tasks.forEach(task -> task.clockSet(by));
        }
        latest = now;
        return now;
    }

    // ---- downloads

    /**
     * The next window to ask for, waiting for one whose retry falls due; it is FETCHING then.
     *
     * @return null when this poll has none left, or is over
     */
    public synchronized WindowRun takeToFetch() throws InterruptedException {
        while (open && !refused.getAsBoolean()) {
            Instant now = now();
            Optional<WindowRun> ready = roomToFetch() ? firstReady(now) : Optional.empty();
            if (ready.isPresent()) {
                WindowRun task = ready.get();
                task.moveTo(WindowState.FETCHING);
                task.cancelled = false;
                task.longWait = false;
                task.waiter = Thread.currentThread();
                return task;
            }
            if (isStuck() || tasks.stream().noneMatch(task -> fetchedInThisPoll(task, now))) {
                return null;
            }
            sleeper.sleep(this, untilNextRetry(now));
        }
        return null;
    }

    /**
     * Downloads run ahead of the emission by no more windows than may be downloaded at a time. A
     * window that waits for a few refused events, or for another window, takes up no place; one of
     * which the route took nothing does, or a route that is down would use up the quota and fill
     * the spool.
     */
    private boolean roomToFetch() {
        long fetching = count(t -> t.state() == WindowState.FETCHING);
        long out = count(t -> t.state() == WindowState.HANDED_OUT);
        if (out > 0) { // no thread of the pool is bound by it
            return fetching + out < maxConcurrentWindows;
        }
        if (spoolTight) {
            return fetching + count(WindowRun::hasBody) == 0;
        }
        return fetching + count(t -> t.hasBody() && !t.waitsForAFew && !waitsForAnother(t))
                <= maxConcurrentWindows;
    }

    private long count(Predicate<WindowRun> which) {
        return tasks.stream().filter(which).count();
    }

    /** Nothing can move before what the route refused is handed out again. */
    private boolean isStuck() {
        Instant now = now();
        return !roomToFetch()
                && tasks.stream()
                        .allMatch(
                                t ->
                                        t.state() != WindowState.FETCHING
                                                && t.state() != WindowState.HANDED_OUT
                                                && (!t.hasBody() || isHeldUp(t, now)));
    }

    /**
     * Whether another window is half emitted that may hold the same events: what the route has had
     * of it is certain only when it is committed.
     */
    private boolean waitsForAnother(WindowRun task) {
        return compares
                && task.state() == WindowState.SPOOLED
                && !task.isBegun()
                && tasks.stream().anyMatch(t -> t.isBegun() && t.mayShareEventsWith(task));
    }

    /** Whether the route left events of this window failed, and it is too early to try again. */
    private static boolean isRefused(WindowRun task, Instant now) {
        return task.emitNotBefore != null && task.emitNotBefore.isAfter(now);
    }

    private boolean isHeldUp(WindowRun task, Instant now) {
        return isRefused(task, now) || waitsForAnother(task);
    }

    /** Whether a thread would find something to download. */
    public synchronized boolean wantsDownload() {
        return open && !refused.getAsBoolean() && roomToFetch() && firstReady(now()).isPresent();
    }

    private Optional<WindowRun> firstReady(Instant now) {
        return tasks.stream()
                .filter(
                        t ->
                                t.state() == WindowState.PLANNED
                                        || t.state() == WindowState.RETRY_WAIT
                                                && !t.notBefore.isAfter(now))
                .findFirst();
    }

    /** A task that is out may come back at any time. */
    private boolean fetchedInThisPoll(WindowRun task, Instant now) {
        return task.state() == WindowState.PLANNED
                || task.state() == WindowState.HANDED_OUT
                || task.state() == WindowState.RETRY_WAIT && !waitsBeyondThisPoll(task, now);
    }

    /** How long until the last of the windows that failed is asked for again; zero for none. */
    public synchronized Duration untilLastRetry() {
        Instant now = now();
        return tasks.stream()
                .filter(t -> t.state() == WindowState.RETRY_WAIT)
                .map(t -> Duration.between(now, t.notBefore))
                .filter(wait -> !wait.isNegative())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private Duration untilNextRetry(Instant now) {
        return tasks.stream()
                .filter(t -> t.state() == WindowState.RETRY_WAIT && !t.longWait)
                .map(t -> Duration.between(now, t.notBefore))
                .filter(wait -> !wait.isNegative() && !wait.isZero())
                .min(Duration::compareTo)
                .filter(wait -> roomToFetch())
                .orElse(LONGEST_WAIT);
    }

    /**
     * The permit is there and the query about to start.
     *
     * @return false when it is not wanted any more
     */
    public synchronized boolean querying(WindowRun task, Closeable query) {
        task.waiter = null;
        if (!open) {
            return false;
        }
        Thread.interrupted(); // meant a wait that is over
        task.query = query;
        return true;
    }

    /**
     * The permit is there and a task about to leave.
     *
     * @return false when it is not wanted any more
     */
    public synchronized boolean handedOut(WindowRun task, WindowRun.HandedOut given) {
        task.waiter = null;
        if (!open) {
            return false;
        }
        Thread.interrupted(); // meant a wait that is over
        task.moveTo(WindowState.HANDED_OUT);
        task.handedOut = given;
        task.trouble = null;
        notifyAll();
        return true;
    }

    /** Tasks without an outcome, as they are now: others may end them meanwhile. */
    public synchronized List<ExportTask> handedOut() {
        return tasks.stream()
                .filter(task -> task.handedOut != null)
                .map(task -> task.handedOut.task())
                .toList();
    }

    /**
     * The window of a task that ends now without success; the next call is to say what becomes of
     * it. Its permit is given back with that.
     *
     * @return empty when that task has been given up
     */
    public synchronized Optional<WindowRun> windowOf(ExportTask given) {
        return tasks.stream()
                .filter(task -> task.handedOut != null)
                .filter(task -> task.handedOut.task().id().equals(given.id()))
                .findFirst();
    }

    /** A window that is given out, or waits to be. */
    public synchronized Optional<WindowRun> unfinished(Window window, int generation) {
        return tasks.stream()
                .filter(task -> task.window.equals(window) && task.generation == generation)
                .filter(task -> task.state() != WindowState.FETCHING)
                .findFirst();
    }

    /** A window was exported by somebody else. */
    public synchronized void done(WindowRun task) {
        if (task.state() != WindowState.HANDED_OUT) { // it was given up too early
            task.moveTo(WindowState.FETCHING);
            task.moveTo(WindowState.HANDED_OUT);
        }
        closePermit(task);
        committed(task);
    }

    private static void closePermit(WindowRun task) {
        if (task.handedOut != null && task.handedOut.permit() != null) {
            task.handedOut.permit().close();
        }
        task.handedOut = null;
    }

    public synchronized void spooled(WindowRun task, OpenWindow body) {
        settle(task, WindowState.SPOOLED);
        task.spooled = body;
        task.failures = 0;
        task.exhausted = 0;
        task.trouble = null;
    }

    /** Back to where it came from: not its fault. */
    public synchronized void putBack(WindowRun task) {
        settle(task, WindowState.PLANNED);
    }

    /** Takes it off: another one is to be planned in its place. */
    public synchronized void withdraw(WindowRun task) {
        settle(task, WindowState.PLANNED);
        tasks.remove(task);
    }

    public synchronized void retryLater(
            WindowRun task, Instant notBefore, boolean longWait, String trouble) {
        settle(task, WindowState.RETRY_WAIT);
        task.notBefore = notBefore;
        task.longWait = longWait;
        task.trouble = trouble;
    }

    /**
     * Ends the wait of windows whose download or hand-out failed: they are tried again at once.
     *
     * @return those that waited and share a day with these
     */
    public synchronized List<Window> endWaits(Window days) {
        Instant now = now();
        List<Window> ended = new ArrayList<>();
        for (WindowRun task : tasks) {
            if (!task.window.sharesADayWith(days)) {
                continue;
            }
            if (task.state() == WindowState.RETRY_WAIT && task.notBefore.isAfter(now)) {
                task.notBefore = now;
                ended.add(task.window);
            } else if (task.hasBody() && isRefused(task, now)) {
                task.emitNotBefore = now;
                ended.add(task.window);
            }
        }
        notifyAll();
        return ended;
    }

    private void settle(WindowRun task, WindowState state) {
        task.moveTo(state);
        task.query = null;
        task.waiter = null;
        closePermit(task);
        notifyAll();
    }

    /**
     * Waits until there may be room in the spool for a download that found none: the oldest goes
     * on, younger ones are ended and planned again.
     *
     * @return false when no other window takes up room, so that waiting would not help
     */
    public synchronized boolean makeRoom(WindowRun task) throws InterruptedException {
        spoolTight = true;
        List<WindowRun> others =
                tasks.stream()
                        .filter(
                                t ->
                                        t != task
                                                && (t.hasBody()
                                                        || t.state() == WindowState.FETCHING))
                        .toList();
        int place = tasks.indexOf(task);
        boolean oldest =
                others.stream()
                        .filter(t -> t.state() == WindowState.FETCHING)
                        .allMatch(t -> tasks.indexOf(t) > place);
        if (!oldest) {
            task.cancelled = true;
            return true;
        }
        others.forEach(this::cancel);
        Instant now = now();
        if (!others.isEmpty() && others.stream().allMatch(t -> isHeldUp(t, now))) {
            task.cancelled = true; // only another hand-out can free what they hold
            return true;
        }
        if (others.isEmpty() || !open) {
            task.cancelled = !open;
            return !open;
        }
        sleeper.sleep(this, LONGEST_WAIT);
        return true;
    }

    /** What the bodies of parked windows take up in the spool. */
    public synchronized long parkedBytes() {
        return tasks.stream()
                .filter(task -> task.state() == WindowState.PARKED)
                .mapToLong(task -> task.spooled.body().bytes())
                .sum();
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
            Instant now = now();
            Optional<WindowRun> next =
                    tasks.stream().filter(t -> t.hasBody() && !isHeldUp(t, now)).findFirst();
            if (next.isPresent()) {
                next.get().moveTo(WindowState.EMITTING);
                return next;
            }
            Instant again =
                    tasks.stream()
                            .filter(WindowRun::hasBody)
                            .map(t -> t.emitNotBefore)
                            .filter(Objects::nonNull)
                            .min(Comparator.naturalOrder())
                            .filter(it -> it.isBefore(until))
                            .orElse(until);
            Duration left = Duration.between(now, again);
            if (isSettled() || !until.isAfter(now)) {
                return Optional.empty();
            }
            sleeper.sleep(this, left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT);
        }
        return Optional.empty();
    }

    /** Whether no window is left but those that wait for longer than a poll. */
    public synchronized boolean isDone() {
        return isSettled();
    }

    private boolean isSettled() {
        boolean noQueries = refused.getAsBoolean() || isStuck();
        Instant now = now();
        return tasks.stream()
                .allMatch(
                        t ->
                                switch (t.state()) {
                                    case PLANNED -> noQueries;
                                    case RETRY_WAIT -> noQueries || waitsBeyondThisPoll(t, now);
                                    case FETCHING, HANDED_OUT -> false;
                                    case SPOOLED, EMITTING ->
                                            t.longEmitWait && isRefused(t, now)
                                                    || waitsForAnother(t);
                                    case PARKED, COMMITTED -> true;
                                });
    }

    private static boolean waitsBeyondThisPoll(WindowRun task, Instant now) {
        return task.longWait && task.notBefore.isAfter(now);
    }

    /**
     * @param few whether the route took other events of this window
     * @param notBefore when to hand them out again
     * @param longWait whether no poll waits for that
     */
    public synchronized void leftFailed(
            WindowRun task, boolean few, Instant notBefore, boolean longWait, String trouble) {
        task.emitNotBefore = notBefore;
        task.longEmitWait = longWait;
        task.waitsForAFew = few;
        task.trouble = trouble;
        notifyAll();
    }

    /** Its body stays; it moves no further until somebody says so. */
    public synchronized void parked(WindowRun task, String trouble) {
        task.moveTo(WindowState.PARKED);
        task.trouble = trouble;
        spoolTight = false;
        notifyAll();
    }

    /** A parked window is to be emitted again. */
    public synchronized void resumed(WindowRun task) {
        task.moveTo(WindowState.SPOOLED);
        task.emitNotBefore = null;
        task.failedPasses = 0;
        notifyAll();
    }

    /** A parked window is to be committed as it is. */
    public synchronized void givenUp(WindowRun task) {
        task.moveTo(WindowState.SPOOLED);
        task.moveTo(WindowState.EMITTING);
    }

    public synchronized void committed(WindowRun task) {
        task.moveTo(WindowState.COMMITTED);
        tasks.remove(task);
        committed++;
        spoolTight = false;
        notifyAll();
    }

    /** The body is gone or changed: it has to be asked for again. */
    public synchronized void lostBody(WindowRun task) {
        task.moveTo(WindowState.PLANNED);
        task.forgetBody();
        notifyAll();
    }

    // ---- what is told

    public synchronized List<WindowRun> all() {
        return List.copyOf(tasks);
    }

    public synchronized List<Window> windows() {
        return tasks.stream().map(task -> task.window).toList();
    }

    /** Windows committed since the export was opened. */
    public synchronized int committed() {
        return committed;
    }

    /** Windows that still need a query. */
    public synchronized int toFetch() {
        return (int)
                tasks.stream().filter(t -> !t.hasBody() && t.state() != WindowState.PARKED).count();
    }

    public synchronized int size() {
        return tasks.size();
    }

    /** How far each window has come, in due order. */
    public synchronized List<WindowStatus> status() {
        return tasks.stream().map(WindowRun::status).toList();
    }

    public synchronized List<String> troubles() {
        return tasks.stream().map(t -> t.trouble).filter(t -> t != null).toList();
    }
}
