package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.internal.dedupe.Duplicates;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One window on its way from due to committed. Every field is guarded by the {@link Board} it
 * stands on.
 */
public final class WindowRun {

    public final DueWindow due;
    public final Window window;
    public final int generation;

    private WindowState state;

    /** Downloads that failed since the window was last asked for afresh. */
    public int failures;

    /** Times that all retries were used up. */
    public int exhausted;

    /** In RETRY_WAIT: when to ask again. */
    Instant notBefore;

    /** In RETRY_WAIT: retries are used up, so that no poll waits for it. */
    boolean longWait;

    /** In FETCHING: what ends the query, or null while it waits for a permit. */
    Closeable query;

    /** In FETCHING: the thread that waits for a permit. */
    Thread waiter;

    /** In HANDED_OUT: the task that was given out. */
    HandedOut handedOut;

    /** In FETCHING: whether the query was ended by us, to make room or to stop. */
    public boolean cancelled;

    /** From SPOOLED on. */
    public OpenWindow spooled;

    /**
     * The keys of its body; null until they are read, while it waits for what the route left
     * failed, and with deduplicate=false.
     */
    private volatile BodyKeys keys;

    /** The key days of its body, once its keys were read. */
    private volatile Set<Integer> keyDays;

    /** Where the fields in its body stand, as far as they are known and needed. */
    private volatile BodyOffsets places = BodyOffsets.NONE;

    /**
     * In EMITTING: the lines of its body that the route has had before; null with
     * deduplicate=false.
     */
    public Duplicates duplicates;

    /** In EMITTING: how many exchanges these make; 0 where it is not known. */
    public int exchanges;

    /** Bytes received of the download that runs, or ran last; written by its thread alone. */
    public volatile long received;

    /** Queries made for this generation, failed ones included. */
    public int queries;

    /** In EMITTING: what the route has acknowledged. */
    public InFlight.Lines lines;

    /** In EMITTING: the low watermark that is in the ledger. */
    public volatile long recorded;

    /** In EMITTING: the last bad line that was told. */
    public long lastBadLine;

    /** In EMITTING: events that are parked, of any body of this generation. */
    public long parked;

    /** In EMITTING: the lines of this body that are parked. */
    public Set<Long> parkedLines = Set.of();

    /** In EMITTING: passes in a row that left events failed and in which the route took none. */
    public int failedPasses;

    /** In EMITTING: the route was down when the last pass ended. */
    public boolean routeWasDown;

    /** In EMITTING: {@link InFlight#recoveries} when a pass last ended. */
    public long recoveriesSeen;

    /** In EMITTING: {@link InFlight#acknowledgements} when it last was another. */
    public long acknowledgedAtRecovery = -1;

    /** In EMITTING: when to hand out again what failed; null when nothing did. */
    public Instant emitNotBefore;

    /** In EMITTING: the route takes nothing for so long that no poll waits for it. */
    boolean longEmitWait;

    /** In EMITTING: the route took other events of this window, and left some failed. */
    public boolean waitsForAFew;

    /** Why the window is not further, for people; null when nothing is wrong. */
    String trouble;

    public WindowRun(DueWindow due, int generation) {
        this.due = due;
        this.window = due.window();
        this.generation = generation;
        this.state = WindowState.PLANNED;
    }

    /** A window whose verified body an earlier run has left. */
    public WindowRun(OpenWindow spooled, DueWindow.Kind kind) {
        this(new DueWindow(spooled.window(), kind), spooled.generation());
        this.spooled = spooled;
        this.state = WindowState.SPOOLED;
    }

    /** A window that an earlier run has given out. */
    public WindowRun(ExportTask given, DueWindow.Kind kind) {
        this(new DueWindow(given.window(), kind), given.generation());
        this.handedOut = new HandedOut(given, null);
        this.queries = 1;
        this.state = WindowState.HANDED_OUT;
    }

    /**
     * @param permit held until the outcome is there; null when an earlier run has got it
     */
    public record HandedOut(ExportTask task, ProjectLimit.Permit permit) {}

    boolean isMoreUrgentThan(WindowRun other) {
        return due.kind().compareTo(other.due.kind()) < 0;
    }

    public WindowState state() {
        return state;
    }

    public void moveTo(WindowState next) {
        state = state.moveTo(next);
    }

    /** Whether the event of this line is not to go to the route: it had it before, or is parked. */
    public boolean repeats(long line) {
        return duplicates != null && duplicates.lines().contains(line)
                || !parkedLines.isEmpty() && parkedLines.contains(line);
    }

    /**
     * Whether both bodies may hold the same event: both have keys of one day. Where a body is still
     * to be read the calendar decides, with a day to spare on both sides, since raw time may differ
     * from the project's.
     */
    boolean mayShareEventsWith(WindowRun other) {
        Set<Integer> mine = keyDays;
        Set<Integer> theirs = other.keyDays;
        if (mine != null && theirs != null) {
            return !Collections.disjoint(mine, theirs);
        }
        return !window.fromDate().isAfter(other.window.toDate().plusDays(2))
                && !other.window.fromDate().isAfter(window.toDate().plusDays(2));
    }

    /**
     * From EMITTING on: how its events compare with what the route has had; all are new with
     * deduplicate=false.
     */
    public Comparison compared() {
        return duplicates == null ? Comparison.allNew(spooled.body().events()) : spooled.compared();
    }

    /** Whether the route may have had events of this body, now or in an earlier run. */
    boolean isBegun() {
        return state == WindowState.EMITTING
                || state == WindowState.SPOOLED && spooled.compared() != null;
    }

    public BodyKeys keys() {
        return keys;
    }

    /**
     * @param read null with deduplicate=false
     */
    public void hasKeys(BodyKeys read) {
        keys = read;
        keyDays = read == null ? null : Set.copyOf(read.days());
    }

    public void hasPlaces(BodyOffsets found) {
        places = found;
    }

    /** To be closed by the caller: a second pass can do without. */
    public BodyOffsets takePlaces() {
        BodyOffsets taken = places;
        places = BodyOffsets.NONE;
        return taken;
    }

    /** They take memory, and can be read again; any number of windows may wait for a route. */
    public void releaseKeys() {
        if (keys != null) {
            keys.close();
        }
        keys = null;
    }

    /** Its body is the same; what of it is to be emitted has to be found out again. */
    public void beginsAnew(OpenWindow begun) {
        spooled = begun;
        lines = null;
        duplicates = null;
    }

    /** Its body is of no use any more. */
    public void forgetBody() {
        releaseKeys();
        takePlaces().close();
        keyDays = null;
        duplicates = null;
        lines = null;
        recorded = 0;
        spooled = null;
        parkedLines = Set.of();
        emitNotBefore = null;
        failedPasses = 0;
    }

    void clockSet(Duration by) {
        notBefore = notBefore == null ? null : notBefore.plus(by);
        emitNotBefore = emitNotBefore == null ? null : emitNotBefore.plus(by);
    }

    boolean hasBody() {
        return state == WindowState.SPOOLED || state == WindowState.EMITTING;
    }

    /** How far it has come. */
    WindowStatus status() {
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
                spooled == null ? 0 : Math.max(recorded, spooled.acknowledged()),
                state == WindowState.RETRY_WAIT ? Optional.of(notBefore) : Optional.empty(),
                Optional.ofNullable(trouble));
    }
}
