package io.github.camelmixpanel.export.internal.limit;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.limit.Pauses.Query;
import io.github.camelmixpanel.export.internal.model.QuotaStatus;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.settings.Limits;
import io.github.camelmixpanel.export.internal.settings.TaskSettings;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a query start only when its project has quota left, and writes the start to disk before the
 * query is sent: over crashes and restarts, no rolling hour and no rolling second of one host and
 * project contains more starts than {@link Limits} allow.
 *
 * <p>Mixpanel counts per project (documented in "Rate limits"), so all exports of a host and
 * project share one object of this class. It also pauses the project when its responses require
 * that: after 429, after refused credentials, and when three different windows in a row failed.
 * After a pause one query probes; the others wait until its result is reported or its permit is
 * closed. Callers therefore report the result before they close the permit.
 *
 * <p>Thread-safe; one monitor guards all state and is never held during a call of a listener. It is
 * held while the query log is written, so what only reads takes the {@link LimitStatus} that the
 * last change left: a disk that does not answer holds up no health check.
 */
public final class ProjectLimit implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(ProjectLimit.class);

    private final Object monitor = new Object();
    private final String project;
    private final StepDetectingClock clock;
    private final InstantSource passing;
    private final Sleeper sleeper;
    private final Quota quota;
    private final QueryLog queryLog;
    private final Disk disk;
    private final Semaphore places;

    /** Permits whose query has not left yet. */
    private final Set<Permit> unsent = new HashSet<>();

    private volatile LimitStatus status;
    private boolean closed;

    /**
     * Opens the query log of a project and reads the starts of the last hour from it.
     *
     * @param project for people
     * @param queryLog as of {@link QueryLog#file}, in a state directory held by this process, so
     *     that no other one writes the same log
     * @param passing elapsed time since any origin: an hour lasts an hour even if {@code clock} is
     *     changed
     * @throws LedgerException when the log cannot be created, read or written
     */
    public ProjectLimit(
            String project,
            Path queryLog,
            Limits limits,
            InstantSource clock,
            InstantSource passing,
            Sleeper sleeper,
            RandomGenerator random,
            Disk disk)
            throws LedgerException {
        this.disk = disk;
        this.project = project;
        this.clock = new StepDetectingClock(clock, passing, this::shift);
        this.passing = passing;
        this.sleeper = sleeper;
        this.places = new Semaphore(limits.maxConcurrentQueries());
        this.quota = new Quota(limits, random);
        this.queryLog = QueryLog.open(queryLog, this.clock.instant(), disk);
        this.queryLog.startsAtOpening().forEach(quota.starts::add);
        this.queryLog.pausesAtOpening().forEach(quota.pauses::restore);
        this.status = new LimitStatus(quota, this.clock);
    }

    private void shift(Duration by) {
        quota.shift(by);
        queryLog.shift(by);
        LOG.info(
                "System clock changed by {}; shifted the recorded query times of {} accordingly",
                by,
                project);
    }

    /**
     * Waits until a query may start, and has its start on disk on return. The query counts once it
     * is {@link Permit#sent}, however it ends, and after a crash in any case.
     *
     * @param reserved how many of the hour's queries to leave for others
     * @return null, without waiting, during the hour after refused credentials
     * @throws InterruptedException when the thread is interrupted; no query is counted
     * @throws LedgerException when the start cannot be written or this is closed; do not send
     */
    public Permit admit(Window window, String export, int reserved, WaitListener listener)
            throws InterruptedException, LedgerException {
        return admit(new Query(export, window), null, reserved, new WaitReport(listener));
    }

    /**
     * As {@link #admit}, for a caller that does not wait for long.
     *
     * @return null also when its patience has ended
     */
    public Permit admit(Window window, String export, WaitListener listener, Patience patience)
            throws InterruptedException, LedgerException {
        return admit(new Query(export, window), null, 0, new WaitReport(listener, patience));
    }

    /** For {@code maxConcurrentQueries} callers at the same time. */
    public Patience patience(Duration atMost) {
        return new Patience(atMost, passing, places);
    }

    /**
     * As {@link #admit}, for a query that another process sends within {@code startTimeout}, which
     * is a minute at most, or never: once {@link Permit#sent} to that process it counts as sent at
     * the end of that time, so that it stays in every rolling hour or second that may contain it.
     */
    public Permit admitTask(
            Window window,
            String export,
            int reserved,
            WaitListener listener,
            Duration startTimeout)
            throws InterruptedException, LedgerException {
        return admit(new Query(export, window), startTimeout, reserved, new WaitReport(listener));
    }

    private Permit admit(Query query, Duration startTimeout, int reserved, WaitReport report)
            throws InterruptedException, LedgerException {
        try {
            while (true) {
                Optional<Wait> wait;
                Instant now;
                synchronized (monitor) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException(
                                "Interrupted before a query for " + query.window());
                    }
                    requireOpen(query.window());
                    now = clock.instant();
                    if (quota.pauses.isRefusedAt(now)) {
                        return null;
                    }
                    wait = quota.waitAt(now, reserved);
                    if (wait.isEmpty()) {
                        return start(now, startTimeout, query);
                    }
                    if (report.patience.endsBefore(wait.get(), now)) {
                        return null;
                    }
                    Optional<Duration> sleep = report.sleep(wait.get(), now);
                    if (sleep.isPresent()) {
                        sleeper.sleep(monitor, sleep.get());
                        continue;
                    }
                }
                report.report(wait.get(), now);
            }
        } finally {
            report.patience.rests();
        }
    }

    private Permit start(Instant now, Duration startTimeout, Query query) throws LedgerException {
        boolean sentHere = startTimeout == null;
        Instant start = sentHere ? now : now.plus(startTimeout).plus(TaskSettings.CLOCKS_AGREE);
        queryLog.append(start, query.window(), query.export());
        quota.started(start, query);
        // the query is sent only now, after the force, which takes time
        Instant startedAt = (sentHere ? clock.instant() : now).truncatedTo(ChronoUnit.MILLIS);
        Permit permit = new Permit(query, start, startedAt, sentHere);
        unsent.add(permit);
        status = new LimitStatus(quota, clock);
        return permit;
    }

    /** Reports a verified download: it ends failures in a row, and the pause after them. */
    public void succeeded(Window window) {
        synchronized (monitor) {
            quota.pauses.succeeded(clock.instant());
            changed();
        }
        LOG.debug("Query of window {} succeeded: no failures in a row for {}", window, project);
    }

    /**
     * Reports a 429, which pauses the project.
     *
     * @param retryAfter how long the server asks to wait, observed from 1 s to 24 h; without it the
     *     pause is 60 s, doubled with each 429 in a row up to an hour, with jitter
     */
    public void rateLimited(Optional<Duration> retryAfter) {
        report(now -> recorded(quota.pauses.rateLimited(now, retryAfter)));
    }

    /**
     * Reports any other failure. When three different windows have failed with no success in
     * between, the project pauses: one query tries again every 5 minutes, or every hour when none
     * of the last three failures was retryable.
     */
    public void failed(String export, Window window, boolean retryable) {
        report(now -> quota.pauses.failed(now, new Query(export, window), retryable));
    }

    /**
     * Reports a 401 or 403: the project starts no query for an hour, over restarts too.
     *
     * @param credentials their fingerprint
     */
    public void refused(String credentials) {
        report(now -> recorded(quota.pauses.refused(now, credentials)));
    }

    /** Records a pause, if there is one: a restart does not end it. */
    private Optional<Pause> recorded(Optional<Pause> pause) {
        pause.ifPresent(queryLog::paused);
        return pause;
    }

    private void report(Function<Instant, Optional<Pause>> change) {
        Optional<Pause> pause;
        synchronized (monitor) {
            pause = change.apply(clock.instant());
            changed();
        }
        pause.ifPresent(it -> LOG.info("{}", it.describe(project)));
    }

    /**
     * A route starts: one query may try at once after a refusal. Logs the pause that is left.
     *
     * @param unlessOf not when it was these, by their fingerprint; null for none
     */
    public void forgetRefusal(String unlessOf) {
        synchronized (monitor) {
            recorded(quota.pauses.forgetRefusal(clock.instant(), unlessOf));
            changed();
        }
        status.read((quota, now) -> quota.pauses.at(now))
                .ifPresent(it -> LOG.warn("{}", it.describe(project)));
    }

    /** Whether this is the hour after refused credentials. */
    public boolean isRefused() {
        return status.read((quota, now) -> quota.pauses.isRefusedAt(now));
    }

    /** Why the query log can no longer be written; empty when it can. */
    public Optional<String> trouble() {
        return disk.trouble();
    }

    /** Describes refused credentials, or 429s in a row for over an hour; empty without. */
    public Optional<String> longPause() {
        return status.read((quota, now) -> quota.pauses.longPause(now))
                .map(
                        it ->
                                it.describe(
                                        project
                                                + " from "
                                                + it.from().truncatedTo(ChronoUnit.SECONDS)));
    }

    /** How much of the quota is left, and when more becomes free. */
    public QuotaStatus quota() {
        return status.read(Quota::status);
    }

    /** When the {@code nth} query from now (1: the next) can start if no other export queries. */
    public Instant startOf(int nth) {
        return status.read((quota, now) -> quota.startOf(nth, now));
    }

    /** Ends a change; the caller holds the monitor. */
    private void changed() {
        status = new LimitStatus(quota, clock);
        monitor.notifyAll();
    }

    /**
     * Closes the log; threads that wait in {@link #admit} get a {@link LedgerException}. No query
     * that has not left yet can leave any more, so none of them counts.
     */
    @Override
    public void close() throws IOException {
        synchronized (monitor) {
            closed = true;
            clock.instant(); // or the next process would not know of a step since the last change
            Set.copyOf(unsent).forEach(Permit::revoke);
            changed();
            queryLog.close();
        }
    }

    private void requireOpen(Window window) throws LedgerException {
        if (closed) {
            throw new LedgerException(
                    "The query log of %s is closed: no query for window %s until the route restarts"
                            .formatted(project, window));
        }
    }

    /** Permission to send one query; counts as a concurrent query until it is closed. */
    public final class Permit implements Closeable {

        private final Query query;
        private final Instant loggedAt;
        private final Instant startedAt;
        private final boolean sentHere;
        private boolean over;

        private Permit(Query query, Instant loggedAt, Instant startedAt, boolean sentHere) {
            this.query = query;
            this.loggedAt = loggedAt;
            this.startedAt = startedAt;
            this.sentHere = sentHere;
        }

        /** When the query was admitted, to the millisecond. */
        public Instant startedAt() {
            return startedAt;
        }

        /**
         * Reports that the query is about to leave: until now it counted as of now.
         *
         * @throws IllegalStateException when this or the limit is closed: do not send
         */
        public void sent() {
            synchronized (monitor) {
                if (closed || over) {
                    throw new IllegalStateException(
                            "The permit for window " + query.window() + " is closed");
                }
                if (unsent.remove(this)) {
                    Instant at = sentHere ? clock.instant() : loggedAt;
                    quota.starts.sent(at);
                    if (loggedAt.plus(SlidingLog.TOLERATED).isBefore(at)) {
                        queryLog.sentLater(loggedAt, at, query.window(), query.export());
                    }
                    changed();
                }
            }
        }

        /** Ends the query; without {@link #sent} it has never counted. Idempotent. */
        @Override
        public void close() {
            synchronized (monitor) {
                if (!over) {
                    over = true;
                    revoke();
                    quota.ended(query);
                    changed();
                }
            }
        }

        /**
         * Returns the query to the hour unless it was sent; it still counts towards the second.
         * When the log cannot record that, the query counts.
         */
        private void revoke() {
            if (unsent.remove(this)) {
                Instant now = clock.instant();
                if (queryLog.unsent(loggedAt, query.window(), query.export())) {
                    quota.starts.returned(now);
                } else {
                    quota.starts.sent(now);
                }
            }
        }
    }
}
