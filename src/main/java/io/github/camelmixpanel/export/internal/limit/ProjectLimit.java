package io.github.camelmixpanel.export.internal.limit;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.limit.Pauses.Query;
import io.github.camelmixpanel.export.internal.limit.WaitReport.Wait;
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
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a query start only when its project has quota left, and writes the start to disk before the
 * query is sent: whatever crashes or restarts, no rolling hour and no rolling second of one host
 * and project holds more starts than {@link Limits} allow.
 *
 * <p>Mixpanel counts for a whole project (documented in "Rate limits"), so all exports of a host
 * and project share one object of this class. It also keeps the project still when its answers ask
 * for that: after 429, after refused credentials, and when three different windows in a row failed.
 * After a pause one query probes; the others wait until its outcome is told or its permit closed.
 * So tell the outcome first, then close the permit.
 *
 * <p>Thread-safe; one monitor guards all, and no call of a listener holds it.
 */
public final class ProjectLimit implements Closeable {

    /** Told about a wait that is worth a line in the log. */
    @FunctionalInterface
    public interface WaitListener {

        /**
         * Called by the waiting thread, once for each reason that keeps it longer than about a
         * second.
         *
         * @param until when the query can start as far as is known; not after now when that hangs
         *     on the end of another query
         * @param reason such as {@code 60 of 60 queries used in the last hour}
         */
        void waiting(Instant until, String reason);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ProjectLimit.class);

    private final Object monitor = new Object();
    private final String project;
    private final Limits limits;
    private final StepDetectingClock clock;
    private final Sleeper sleeper;
    private final Pauses pauses;
    private final Gate gate;
    private final QueryLog queryLog;
    private final Disk disk;
    private boolean closed;

    ProjectLimit(
            Path stateDirectory,
            String host,
            String projectKey,
            Limits limits,
            InstantSource clock,
            InstantSource passing,
            Sleeper sleeper,
            RandomGenerator random,
            Disk disk)
            throws LedgerException {
        this.disk = disk;
        this.project = "project " + projectKey + " on " + host;
        this.limits = limits;
        this.clock = new StepDetectingClock(clock, passing, this::clockSet);
        this.sleeper = sleeper;
        this.pauses = new Pauses(random);
        this.gate = new Gate(limits, pauses);
        this.queryLog = QueryLog.open(stateDirectory, host, projectKey, this.clock.instant(), disk);
        gate.addEarlier(queryLog.startsAtOpening());
    }

    /**
     * Opens the query log of a project and reads back the last hour.
     *
     * @param stateDirectory held by this process, so that no other one writes the same log
     * @param projectKey tells projects apart; no secret, it becomes part of a file name
     * @param passing the time that passes, from any beginning: however {@code clock} is set, an
     *     hour lasts an hour
     * @throws LedgerException when the log cannot be created, read or written
     */
    public static ProjectLimit open(
            Path stateDirectory,
            String host,
            String projectKey,
            Limits limits,
            InstantSource clock,
            InstantSource passing,
            Sleeper sleeper,
            Disk disk)
            throws LedgerException {
        return new ProjectLimit(
                stateDirectory,
                host,
                projectKey,
                limits,
                clock,
                passing,
                sleeper,
                new Random(),
                disk);
    }

    /** The query log of a project in a state directory, whether or not it exists. */
    public static Path queryLog(Path stateDirectory, String host, String projectKey) {
        return QueryLog.file(stateDirectory, host, projectKey);
    }

    /**
     * To be called before {@link #open} on a log that exists, when another process has kept it: the
     * starts in it go along with the difference of the two clocks.
     *
     * @param by what is to be added to a time of that process
     */
    public static void clockDiffers(Path queryLog, Duration by, Disk disk) throws IOException {
        QueryLog.clockDiffers(queryLog, by, disk);
    }

    private void clockSet(Duration by) {
        gate.clockSet(by);
        queryLog.clockSet(by);
        LOG.info("The clock was set by {}: what {} has asked for lately goes along", by, project);
    }

    /**
     * Waits until a query may start, and has its start on disk on return. The query counts whatever
     * becomes of it, unless {@link Permit#unsent} is told; {@link Permit#sent} says from when on.
     *
     * @param kept so many of the hour's queries are left for others
     * @return null, without waiting, while the credentials are refused
     * @throws InterruptedException when the thread is asked to stop; no query is counted
     * @throws LedgerException when the start cannot be written or this is closed; do not send
     */
    public Permit admit(Window window, String export, int kept, WaitListener listener)
            throws InterruptedException, LedgerException {
        return admit(window, kept, listener, now -> start(now, new Query(export, window)));
    }

    /**
     * As {@link #admit}, for a query that somebody else sends within {@code startTimeout}, or
     * never: it counts as sent at the end of that time, so that no rolling hour or second that may
     * hold it is forgotten before.
     *
     * @param startTimeout at most a minute
     * @return to be closed when the query is over
     */
    public Permit admitTask(
            Window window, String export, int kept, WaitListener listener, Duration startTimeout)
            throws InterruptedException, LedgerException {
        return admit(
                window, kept, listener, now -> give(now, startTimeout, new Query(export, window)));
    }

    private interface Leave {
        Permit give(Instant now) throws LedgerException;
    }

    private Permit admit(Window window, int kept, WaitListener listener, Leave leave)
            throws InterruptedException, LedgerException {
        WaitReport patience = new WaitReport();
        while (true) {
            Optional<Wait> wait;
            Instant now;
            synchronized (monitor) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("Stopped before a query for " + window);
                }
                requireOpen(window);
                if (isRefused()) {
                    return null;
                }
                now = clock.instant();
                wait = gate.waitAt(now, kept);
                if (wait.isEmpty()) {
                    return leave.give(now);
                }
                Optional<Duration> sleep = patience.sleep(wait.get(), now);
                if (sleep.isPresent()) {
                    sleeper.sleep(monitor, sleep.get());
                    continue;
                }
            }
            patience.told();
            Instant until = wait.get().until();
            listener.waiting(until != null ? until : now, wait.get().reason());
        }
    }

    private Permit start(Instant now, Query query) throws LedgerException {
        queryLog.append(now, query.window(), query.export());
        // forcing takes its time, and the query is sent only now
        Instant startedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        gate.started(startedAt, query);
        return new Permit(query, now, startedAt);
    }

    private Permit give(Instant now, Duration startTimeout, Query query) throws LedgerException {
        Instant startBy = now.plus(startTimeout);
        Instant counts = startBy.plus(TaskSettings.CLOCKS_AGREE);
        queryLog.append(counts, query.window(), query.export());
        gate.givenAway(now, counts, query);
        Permit permit = new Permit(query, now, now.truncatedTo(ChronoUnit.MILLIS));
        permit.waits = false;
        return permit;
    }

    /** A download was proven complete: failures in a row are over, and so is their pause. */
    public void succeeded(Window window) {
        synchronized (monitor) {
            pauses.succeeded(clock.instant());
            monitor.notifyAll();
        }
        LOG.debug("Query of window {} succeeded: no failures in a row for {}", window, project);
    }

    /**
     * Mixpanel answered 429: the project pauses.
     *
     * @param retryAfter how long the server wants it to, followed from 1 s to 24 h; without it 60 s
     *     that double with each 429 in a row up to an hour, with jitter
     */
    public void rateLimited(Optional<Duration> retryAfter) {
        Optional<Pause> pause;
        synchronized (monitor) {
            pause = pauses.rateLimited(clock.instant(), retryAfter);
            monitor.notifyAll();
        }
        pause.ifPresent(this::log);
    }

    /**
     * A query failed otherwise. When three different windows have failed with no success in
     * between, the project pauses: one query every 5 minutes tries again, or every hour when none
     * of the last three failures was retryable.
     */
    public void failed(String export, Window window, boolean retryable) {
        Optional<Pause> pause;
        synchronized (monitor) {
            pause = pauses.failed(clock.instant(), new Query(export, window), retryable);
            monitor.notifyAll();
        }
        pause.ifPresent(this::log);
    }

    /** Mixpanel answered 401 or 403: no query for an hour. */
    public void refused() {
        Pause pause;
        synchronized (monitor) {
            pause = pauses.refused(clock.instant());
            monitor.notifyAll();
        }
        log(pause);
    }

    private void log(Pause pause) {
        LOG.warn(
                "{}: no query for {} until {}",
                pause.reason(),
                project,
                pause.until().truncatedTo(ChronoUnit.SECONDS));
    }

    /** The route was started again, perhaps with better credentials: one query may try at once. */
    public void forgetRefusal() {
        synchronized (monitor) {
            pauses.forgetRefusal();
            monitor.notifyAll();
        }
    }

    /** Whether the hour after refused credentials lasts. */
    public boolean isRefused() {
        synchronized (monitor) {
            return pauses.isRefusedAt(clock.instant());
        }
    }

    /** Why its query log cannot be written any more; empty when all is well. */
    public Optional<String> trouble() {
        return disk.trouble();
    }

    public int queriesPerHour() {
        return limits.queriesPerHour();
    }

    /** How many of the hour's queries are left now, whether or not a pause holds them back. */
    public int freeThisHour() {
        synchronized (monitor) {
            return gate.freeThisHour(clock.instant());
        }
    }

    /** That 429s keep the project still for more than an hour in all; empty when they do not. */
    public Optional<String> longRateLimited() {
        synchronized (monitor) {
            return pauses.longRateLimited(clock.instant())
                    .map(
                            it ->
                                    "%s: no query for %s from %s until %s"
                                            .formatted(
                                                    it.reason(),
                                                    project,
                                                    it.from().truncatedTo(ChronoUnit.SECONDS),
                                                    it.until().truncatedTo(ChronoUnit.SECONDS)));
        }
    }

    /** How much of the quota is left, and when there is more. */
    public QuotaStatus quota() {
        synchronized (monitor) {
            return gate.quota(clock.instant());
        }
    }

    /**
     * When the {@code nth} query from now can start at the earliest, if no other export asks.
     *
     * @param nth 1 for the next one
     */
    public Instant startOf(int nth) {
        synchronized (monitor) {
            return gate.startOf(nth, clock.instant());
        }
    }

    /** Closes the log; whoever waits in {@link #admit} gets a {@link LedgerException}. */
    @Override
    public void close() throws IOException {
        synchronized (monitor) {
            closed = true;
            monitor.notifyAll();
            queryLog.close();
        }
    }

    private void requireOpen(Window window) throws LedgerException {
        if (closed) {
            throw new LedgerException(
                    "The query log of "
                            + project
                            + " is closed: no query for window "
                            + window
                            + " can start until the route is started again");
        }
    }

    /** Leave to send one query, and a place among those under way until it is closed. */
    public final class Permit implements Closeable {

        private final Query query;
        private final Instant loggedAt;
        private final Instant startedAt;
        private boolean waits = true;
        private boolean over;

        private Permit(Query query, Instant loggedAt, Instant startedAt) {
            this.query = query;
            this.loggedAt = loggedAt;
            this.startedAt = startedAt;
        }

        /** When there was leave to send it, to the millisecond. */
        public Instant startedAt() {
            return startedAt;
        }

        /** The query is on its way: it counts as of now, and until this is told as of any time. */
        public void sent() {
            synchronized (monitor) {
                if (waits) {
                    waits = false;
                    Instant now = clock.instant();
                    gate.sent(now);
                    if (loggedAt.plus(SlidingLog.TOLERATED).isBefore(now)) {
                        queryLog.sentLater(loggedAt, now, query.window(), query.export());
                    }
                    monitor.notifyAll();
                }
            }
        }

        /**
         * Gives the query back to the hour, as nothing of it was sent; it still counts towards the
         * second. When that cannot be written down, the query counts.
         */
        public void unsent() {
            synchronized (monitor) {
                if (waits && queryLog.unsent(loggedAt, query.window(), query.export())) {
                    waits = false;
                    gate.givenBack(clock.instant());
                    monitor.notifyAll();
                }
            }
        }

        /**
         * Frees the place, and counts a query of which nothing was told as sent; closing again does
         * nothing.
         */
        @Override
        public void close() {
            synchronized (monitor) {
                if (!over) {
                    over = true;
                    sent();
                    gate.ended(query);
                    monitor.notifyAll();
                }
            }
        }
    }
}
