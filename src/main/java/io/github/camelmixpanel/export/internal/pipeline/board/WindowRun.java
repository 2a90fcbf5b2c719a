package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One window on its way from due to committed. Its state is read and changed under the monitor of
 * its {@link Board} alone: public methods take it, the others are the board's, which holds it. Only
 * {@link #emission} is not guarded, since one thread owns it.
 */
public final class WindowRun {

    public final DueWindow due;
    public final Window window;
    public final int generation;
    public final EmissionState emission = new EmissionState();

    /** Whether its days were on the board each on its own before. */
    private final boolean gathered;

    /** Guards every field below. */
    private final Object monitor;

    private WindowState state = WindowState.PLANNED;

    /** Why the window is not further; null when nothing is wrong. */
    private Trouble trouble;

    /** Queries made for this generation, failed ones included. */
    private int queries;

    private FailureCount failures = new FailureCount();

    /** In RETRY_WAIT: until the next query. */
    private Wait retryWait;

    /** In FETCHING: the thread that waits for a permit. */
    private Thread waiter;

    /** In FETCHING: what ends the query, or null while it waits for a permit. */
    private Closeable query;

    /** In FETCHING: whether this export ended the query, to make room or to stop. */
    private boolean cancelled;

    /** Bytes received of the download that runs, or ran last. */
    private long received;

    /** In ISSUED: the task. */
    private Issued issued;

    /** From SPOOLED on; its low watermark is that in the ledger. */
    private OpenWindow spooled;

    /** The key days of its body, once its keys were read. */
    private Set<Integer> keyDays;

    /** In EMITTING: until what failed is emitted again; null when nothing did. */
    private Wait emitWait;

    /** In EMITTING: the route took other events of this window, and left some failed. */
    private boolean fewFailed;

    WindowRun(Object monitor, DueWindow due, int generation) {
        this(monitor, due, generation, false);
    }

    WindowRun(Object monitor, DueWindow due, int generation, boolean gathered) {
        this.monitor = monitor;
        this.gathered = gathered;
        this.due = due;
        this.window = due.window();
        this.generation = generation;
    }

    /** A window whose verified body an earlier run has left. */
    WindowRun(Object monitor, OpenWindow spooled, DueWindow.Kind kind, boolean parked) {
        this(monitor, new DueWindow(spooled.window(), kind), spooled.generation());
        this.spooled = spooled;
        this.state = parked ? WindowState.PARKED : WindowState.SPOOLED;
    }

    /** A window that an earlier run has issued as a task. */
    WindowRun(Object monitor, ExportTask task, DueWindow.Kind kind) {
        this(monitor, new DueWindow(task.window(), kind), task.generation());
        this.issued = new Issued(task, null);
        this.queries = 1;
        this.state = WindowState.ISSUED;
    }

    /**
     * @param permit held until the outcome is there; null when an earlier run got it
     */
    public record Issued(ExportTask task, ProjectLimit.Permit permit) {}

    // ---- for every thread

    public WindowState state() {
        synchronized (monitor) {
            return state;
        }
    }

    /** From SPOOLED on; null before. */
    public OpenWindow spooled() {
        synchronized (monitor) {
            return spooled;
        }
    }

    public int queries() {
        synchronized (monitor) {
            return queries;
        }
    }

    /** Whether this export ended the query itself, to make room or to stop. */
    public boolean isCancelled() {
        synchronized (monitor) {
            return cancelled;
        }
    }

    /**
     * The download has received a block.
     *
     * @return bytes so far
     */
    public long received(int bytes) {
        synchronized (monitor) {
            received += bytes;
            return received;
        }
    }

    /** Its query is about to leave, and counts. */
    public void querySent() {
        synchronized (monitor) {
            queries++;
        }
    }

    /** Counts a failed download, and says what comes of it. */
    public RetryRule.Decision countFailure(ExportException failure, RetryRule rule) {
        synchronized (monitor) {
            return failures.count(failure, rule);
        }
    }

    /** Counts a download that broke in its body, and says how many did. */
    public int countBroken() {
        synchronized (monitor) {
            return failures.countBroken();
        }
    }

    /** The ledger has this of the same body now. */
    public void replace(OpenWindow sameBody) {
        synchronized (monitor) {
            spooled = sameBody;
        }
    }

    // ---- for the polling thread

    /**
     * @param read null with deduplicate=false
     */
    public void hasKeys(BodyKeys read) {
        emission.keys = read;
        synchronized (monitor) {
            keyDays = BodyKeys.daysOf(read);
        }
    }

    /**
     * From EMITTING on: how its events compare with what the route has had; all are new with
     * deduplicate=false.
     */
    public Comparison compared() {
        OpenWindow body = spooled();
        return emission.duplicates == null
                ? Comparison.allNew(body.body().events())
                : body.compared();
    }

    // ---- for the board, which holds the monitor

    void moveTo(WindowState next) {
        assert Thread.holdsLock(monitor);
        state = state.moveTo(next);
    }

    /** The calling thread waits for a permit from here on. */
    void fetch() {
        moveTo(WindowState.FETCHING);
        cancelled = false;
        waiter = Thread.currentThread();
    }

    void interruptWaiter() {
        if (waiter != null) {
            waiter.interrupt();
        }
    }

    void endWaitForPermit() {
        waiter = null;
    }

    void startQuery(Closeable started) {
        query = started;
        received = 0;
    }

    void cancelQuery() {
        if (query != null) {
            cancelled = true;
            try {
                query.close();
            } catch (IOException e) {
                throw new IllegalStateException(e); // ending a query does no I/O that can fail
            }
        }
    }

    void cancelled(boolean now) {
        cancelled = now;
    }

    void issue(Issued task) {
        moveTo(WindowState.ISSUED);
        issued = task;
        trouble = null;
        queries++;
    }

    /** The query or task is over, or what was to become one: another task is done by then. */
    void endQuery(WindowState next) {
        if (state != WindowState.COMMITTED) {
            moveTo(next);
        }
        query = null;
        waiter = null;
        if (issued != null && issued.permit() != null) {
            issued.permit().close();
        }
        issued = null;
    }

    void retryLater(Wait wait, Trouble why) {
        endQuery(WindowState.RETRY_WAIT);
        retryWait = wait;
        trouble = why.after(trouble);
    }

    void spooled(OpenWindow body, BodyKeys keys, Findings findings) {
        endQuery(WindowState.SPOOLED);
        emission.take(keys, findings);
        replace(body);
        keyDays = BodyKeys.daysOf(keys);
        failures = new FailureCount();
        trouble = null;
    }

    void leftFailed(boolean few, Wait wait, Trouble why) {
        fewFailed = few;
        emitWait = wait;
        trouble = why;
    }

    void noneFailed() {
        emitWait = null;
    }

    void park() {
        moveTo(WindowState.PARKED);
        trouble = null; // the ledger has it
    }

    void lostBody() {
        moveTo(WindowState.PLANNED);
        spooled = null;
        keyDays = null;
        emitWait = null;
    }

    /** It is tried again at once, whatever it waits for. */
    void endWaits(Instant now) {
        retryWait = Wait.ended(retryWait, now);
        emitWait = Wait.ended(emitWait, now);
    }

    /** The clock was set: it waits as long as before. */
    void shiftWaits(Duration by) {
        retryWait = Wait.shifted(retryWait, by);
        emitWait = Wait.shifted(emitWait, by);
    }

    Optional<ExportTask> issuedTask() {
        return Optional.ofNullable(issued).map(Issued::task);
    }

    /** Empty but in RETRY_WAIT. */
    Optional<Wait> retryWait() {
        return Optional.ofNullable(retryWait).filter(it -> state == WindowState.RETRY_WAIT);
    }

    /** Empty when nothing failed. */
    Optional<Wait> emitWait() {
        return Optional.ofNullable(emitWait);
    }

    /** Whether no query of it failed, and its days were on their own before. */
    boolean isUntriedWhole() {
        return gathered && state == WindowState.PLANNED && failures.isZero();
    }

    /** Whether it is a day that may go into one window with others. */
    boolean isUntriedDay() {
        return window.isDay() && state == WindowState.PLANNED && failures.isZero();
    }

    boolean hasFewFailed() {
        return fewFailed;
    }

    boolean hasBody() {
        return state == WindowState.SPOOLED || state == WindowState.EMITTING;
    }

    /** Whether the route may have had events of this body, now or in an earlier run. */
    boolean isBegun() {
        return state == WindowState.EMITTING
                || state == WindowState.SPOOLED && spooled.compared() != null;
    }

    boolean isOf(ExportTask task) {
        return window.equals(task.window()) && generation == task.generation();
    }

    /** Empty until its keys were read. */
    Optional<Set<Integer>> keyDays() {
        return Optional.ofNullable(keyDays);
    }

    WindowStatus status() {
        assert Thread.holdsLock(monitor);
        return new WindowStatus(
                window,
                due.kind().name().toLowerCase(Locale.ROOT),
                state,
                generation,
                new WindowStatus.Download(
                        query != null,
                        queries,
                        spooled == null ? received : spooled.body().bytes(),
                        spooled == null ? 0 : spooled.body().lines()),
                spooled == null ? 0 : spooled.acknowledged(),
                retryWait().map(Wait::until),
                Optional.ofNullable(trouble)
                        .map(it -> it.with(retryWait().or(this::emitWait).map(Wait::until))));
    }
}
