package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which window may be downloaded or emitted next, and when a poll is done: decided from what is on
 * the board at one instant, without changing it. The caller holds the board's monitor.
 *
 * @param runs in due order
 * @param compares whether events are compared with those that the route had before
 * @param spoolTight whether a download found no room in the spool lately
 * @param noQueries whether no window may be queried: the credentials are rejected, or the disk
 *     takes no body
 */
record BoardRules(
        List<WindowRun> runs,
        Instant now,
        int maxConcurrentWindows,
        boolean compares,
        boolean spoolTight,
        boolean noQueries) {

    /** Whatever is waited for, it is looked at as often as this. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** The window to query now, if there is one and room for it. */
    Optional<WindowRun> nextToFetch() {
        return noQueries || !hasRoom()
                ? Optional.empty()
                : runs.stream().filter(this::isReady).findFirst();
    }

    private boolean isReady(WindowRun run) {
        return run.state() == WindowState.PLANNED
                || run.retryWait().filter(wait -> !wait.lasts(now)).isPresent();
    }

    /** Whether there is, or will be in this poll, a window to query. */
    boolean mayFetchInThisPoll() {
        return !noQueries
                && !isStuck()
                && runs.stream()
                        .anyMatch(
                                run ->
                                        switch (run.state()) {
                                            case PLANNED, ISSUED -> true; // may come back
                                            case RETRY_WAIT -> !outlastsPoll(run.retryWait());
                                            default -> false;
                                        });
    }

    /** How long to wait for the next window of this poll that may be queried again. */
    Duration untilNextRetry() {
        return runs.stream()
                .flatMap(run -> run.retryWait().stream())
                .filter(wait -> !wait.isLong() && wait.lasts(now))
                .map(wait -> Duration.between(now, wait.until()))
                .min(Duration::compareTo)
                .filter(wait -> hasRoom())
                .orElse(LONGEST_WAIT);
    }

    /**
     * Downloads run ahead of the emission by no more windows than may be downloaded at a time. A
     * window that waits for a few failed events, or for another window, takes up no room; one of
     * which the route took nothing does, or a route that is down would use up the quota and fill
     * the spool.
     */
    boolean hasRoom() {
        long fetching = count(run -> run.state() == WindowState.FETCHING);
        long issued = count(run -> run.state() == WindowState.ISSUED);
        if (issued > 0) { // no thread of the pool is bound by it
            return fetching + issued < maxConcurrentWindows;
        }
        if (spoolTight) {
            return fetching + count(WindowRun::hasBody) == 0;
        }
        return fetching
                        + count(
                                run ->
                                        run.hasBody()
                                                && !run.hasFewFailed()
                                                && !waitsForAnother(run))
                <= maxConcurrentWindows;
    }

    private long count(Predicate<WindowRun> which) {
        return runs.stream().filter(which).count();
    }

    /** Nothing can move before what the route left failed is emitted again. */
    private boolean isStuck() {
        return !hasRoom()
                && runs.stream()
                        .allMatch(
                                run ->
                                        run.state() != WindowState.FETCHING
                                                && run.state() != WindowState.ISSUED
                                                && (!run.hasBody() || isHeldUp(run)));
    }

    /** Whether {@code b}, which waits for a permit, lets {@code a} go first. */
    static boolean isMoreUrgent(WindowRun a, WindowRun b) {
        return a.due.kind().compareTo(b.due.kind()) < 0;
    }

    /** Windows of these days that wait for a time, perhaps only after a failed emission. */
    List<WindowRun> waiting(Window days, boolean emissions) {
        return runs.stream()
                .filter(run -> run.window.sharesADayWith(days))
                .filter(run -> run.hasBody() || !emissions)
                .filter(this::waitsForRetry)
                .toList();
    }

    /** Whether it waits for a time, after a download or an emission that failed. */
    private boolean waitsForRetry(WindowRun run) {
        return lasts(run.retryWait()) || run.hasBody() && hasFailed(run);
    }

    /** Other windows that take up room in the spool, or are about to. */
    List<WindowRun> othersInSpool(WindowRun run) {
        return runs.stream()
                .filter(it -> it != run)
                .filter(it -> it.hasBody() || it.state() == WindowState.FETCHING)
                .toList();
    }

    /** Whether all downloads that run are of windows after this one. */
    boolean isOldestDownload(WindowRun run) {
        return runs.stream()
                .takeWhile(it -> it != run)
                .noneMatch(it -> it.state() == WindowState.FETCHING);
    }

    /** The window to emit now, if there is one. */
    Optional<WindowRun> nextToEmit() {
        return runs.stream().filter(run -> run.hasBody() && !isHeldUp(run)).findFirst();
    }

    /** How long to wait until failed events are emitted again, or for {@code until}. */
    Duration untilNextEmission(Instant until) {
        Instant next =
                runs.stream()
                        .filter(WindowRun::hasBody)
                        .flatMap(run -> run.emitWait().stream())
                        .map(Wait::until)
                        .filter(until::isAfter)
                        .min(Instant::compareTo)
                        .orElse(until);
        Duration left = Duration.between(now, next);
        return left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
    }

    /** Whether a window with a body may not be emitted yet. */
    boolean isHeldUp(WindowRun run) {
        return hasFailed(run) || waitsForAnother(run);
    }

    /** Whether the route left events of this window failed, and it is too early to try again. */
    private boolean hasFailed(WindowRun run) {
        return lasts(run.emitWait());
    }

    /**
     * Whether another window is half emitted that may hold the same events: what the route had of
     * it is certain only when it is committed.
     */
    private boolean waitsForAnother(WindowRun run) {
        return compares
                && run.state() == WindowState.SPOOLED
                && !run.isBegun()
                && runs.stream().anyMatch(it -> it.isBegun() && mayShareEvents(it, run));
    }

    /**
     * Whether two bodies may hold the same event: both have keys of one day. Where a body is still
     * to be read the calendar decides, with a day to spare on both sides, since raw time may differ
     * from the project's.
     */
    static boolean mayShareEvents(WindowRun a, WindowRun b) {
        if (a.keyDays().isPresent() && b.keyDays().isPresent()) {
            return !Collections.disjoint(a.keyDays().get(), b.keyDays().get());
        }
        return !a.window.fromDate().isAfter(b.window.toDate().plusDays(2))
                && !b.window.fromDate().isAfter(a.window.toDate().plusDays(2));
    }

    /** Whether no window is left but those that wait for longer than a poll. */
    boolean isDone() {
        boolean nothingToFetch = noQueries || isStuck();
        return runs.stream()
                .allMatch(
                        run ->
                                switch (run.state()) {
                                    case PLANNED -> nothingToFetch;
                                    case RETRY_WAIT ->
                                            nothingToFetch || outlastsPoll(run.retryWait());
                                    case FETCHING, ISSUED -> false;
                                    case SPOOLED, EMITTING ->
                                            outlastsPoll(run.emitWait()) || waitsForAnother(run);
                                    case PARKED, COMMITTED -> true;
                                });
    }

    private boolean outlastsPoll(Optional<Wait> wait) {
        return lasts(wait.filter(Wait::isLong));
    }

    private boolean lasts(Optional<Wait> wait) {
        return wait.filter(it -> it.lasts(now)).isPresent();
    }
}
