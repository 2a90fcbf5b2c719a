package io.github.camelmixpanel.export.internal.pipeline.ondemand;

import io.github.camelmixpanel.export.failure.CredentialsException;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.RateLimitedException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.failure.TaskException;
import io.github.camelmixpanel.export.failure.UnreachableException;
import io.github.camelmixpanel.export.internal.dedupe.Duplicates;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.fetch.ExportRequest;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.DownloadSummary;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.Export;
import io.github.camelmixpanel.export.internal.pipeline.admission.QueryFailure;
import io.github.camelmixpanel.export.internal.pipeline.board.BodyKeys;
import io.github.camelmixpanel.export.internal.pipeline.board.RetryRule;
import io.github.camelmixpanel.export.internal.pipeline.download.Download;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.settings.TaskSettings;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.EventTime;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports windows on demand: whole and in project quota like those of an {@link Export}, and
 * without a trace in its ledger. The thread that asks waits, for the quota too.
 *
 * <p>Thread-safe; each caller has its own window.
 */
public final class OnDemand implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.camelmixpanel.export");

    private final ExportSettings settings;
    private final OnDemandFiles files;
    private final ProjectLimit limit;
    private final ExportClient client;
    private final InstantSource clock;
    private final Sleeper sleeper;
    private final EventScanner scanner;
    private final Download download;
    private final RetryRule retries;
    private final Object monitor = new Object();
    private final Set<Attempt> attempts = new HashSet<>(); // guarded by monitor
    private boolean stopped; // guarded by monitor

    public OnDemand(
            ExportSettings settings,
            OnDemandFiles files,
            ProjectLimit limit,
            ExportClient client,
            InstantSource clock,
            Sleeper sleeper) {
        this.settings = settings;
        this.files = files;
        this.limit = limit;
        this.client = client;
        this.clock = clock;
        this.sleeper = sleeper;
        this.scanner =
                new EventScanner(
                        new EventTime(settings.timeZone(), settings.query().timeInMs()),
                        settings.query());
        this.download =
                new Download(
                        settings,
                        files.spool(),
                        scanner,
                        settings.deduplicate()
                                ? Optional.of(() -> files.newKeys(settings.dedupeKey()))
                                : Optional.empty(),
                        () -> BodyOffsets.NONE,
                        files.quarantine(),
                        clock);
        this.retries =
                new RetryRule(
                        settings.maxRetries(), settings.retryDelay(), RandomGenerator.getDefault());
    }

    /** One query, from the wait for its permit to the end of its download. */
    private static final class Attempt {

        private final Thread thread = Thread.currentThread();

        /** Null as long as the thread waits. */
        private ExportRequest query;
    }

    /** The day that has not ended, in the project's time zone. */
    public LocalDate today() {
        return clock.instant().atZone(settings.timeZone()).toLocalDate();
    }

    /**
     * Asks for a window until its body is proven complete, with {@code maxRetries} and {@code
     * retryDelay}; a wait for the quota is no retry and has no end.
     *
     * @return to be closed by the caller
     * @throws ExportException when the retries are used up, or asking again would not help
     * @throws InterruptedException when the thread was interrupted
     * @throws RejectedExecutionException when {@link #stop} came first
     */
    public ExportedWindow export(Window window) throws ExportException, InterruptedException {
        int number = files.nextNumber();
        int failures = 0;
        for (int queries = 1; ; queries++) {
            try {
                return query(window, number, queries);
            } catch (RateLimitedException e) {
                LOG.warn("{}: {}", settings.name(), e.getMessage());
            } catch (ExportException e) {
                queries -= e instanceof UnreachableException ? 1 : 0;
                RetryRule.Decision decision = retries.after(e, ++failures, 0);
                if (decision.longWait()) {
                    throw e;
                }
                LOG.warn(
                        "{}: {} Download {} of {} on demand; asked again in {}.",
                        settings.name(),
                        e.getMessage(),
                        decision.attempt(),
                        decision.attempts(),
                        ExportLog.text(decision.delay()));
                sleep(window, decision.delay());
            }
        }
    }

    /**
     * Carries out a task: one query, made in time or not at all, without a retry and without a look
     * at the quota, which its planner keeps.
     *
     * @return to be closed by the caller
     * @throws ExportException when nothing of the window is to be had by this task
     * @throws RejectedExecutionException when {@link #stop} came first
     */
    public ExportedWindow export(ExportTask task) throws ExportException {
        Window window = task.window();
        Instant startedAt = clock.instant();
        requireInTime(task, startedAt);
        Attempt attempt = begin(window);
        AtomicBoolean late = new AtomicBoolean();
        try (ExportRequest request = client.request(window, () -> refuseLate(task, late))) {
            querying(window, attempt, request);
            Duration timeout = shorter(settings.windowTimeout(), untilDeadline(task));
            Download.Result done =
                    download.run(
                            window, files.nextNumber(), request, () -> noRoom(window), timeout);
            Instant serverStartedAt = request.serverStartedAt().orElse(null);
            return exported(window, 1, startedAt, serverStartedAt, done);
        } catch (ExportException e) {
            requireRunning(window);
            if (late.get()) {
                requireInTime(task, clock.instant());
            }
            throw e;
        } finally {
            end(attempt);
        }
    }

    /** The last moment to hold it back: its head is written and nothing has left yet. */
    private void refuseLate(ExportTask task, AtomicBoolean late) {
        if (clock.instant().isAfter(task.startBy())) {
            late.set(true);
            throw new IllegalStateException("connected too late");
        }
    }

    private static void requireInTime(ExportTask task, Instant now) throws TaskException {
        String given = "Window " + task.window() + ": its task was given out at " + task.issuedAt();
        if (now.isAfter(task.startBy())) {
            throw new TaskException(
                    given
                            + ", and here it is "
                            + now
                            + ": its query may not start later than "
                            + task.startBy()
                            + ", as the quota is counted so. Have more fetchers or a longer"
                            + " taskStartTimeout, and see that the clocks agree; it is given out again");
        }
        if (now.isBefore(task.issuedAt().minus(TaskSettings.CLOCKS_AGREE))) {
            throw new TaskException(
                    given
                            + ", and here it is only "
                            + now
                            + ": a clock is wrong, and with it the quota would be. Set the clocks of planner"
                            + " and fetchers by NTP");
        }
    }

    private Duration untilDeadline(ExportTask task) {
        return Duration.between(clock.instant(), task.deadline());
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private ExportedWindow query(Window window, int number, int queries)
            throws ExportException, InterruptedException {
        Attempt attempt = begin(window);
        try (ProjectLimit.Permit permit =
                limit.admit(
                        window, settings.name(), 0, (until, why) -> waits(window, until, why))) {
            if (permit == null) {
                throw new CredentialsException(
                        "Window "
                                + window
                                + ": not asked for, because Mixpanel refused the credentials of the"
                                + " project less than an hour ago. Mend them and restart the route.",
                        401);
            }
            return query(window, number, queries, permit, attempt);
        } catch (InterruptedException e) {
            requireRunning(window);
            throw e;
        } finally {
            end(attempt);
        }
    }

    /** The outcome is told while the permit is held: another query may start only then. */
    private ExportedWindow query(
            Window window, int number, int queries, ProjectLimit.Permit permit, Attempt attempt)
            throws ExportException {
        try (ExportRequest request = client.request(window, permit::sent)) {
            querying(window, attempt, request);
            Download.Result done = download.run(window, number, request, () -> noRoom(window));
            limit.succeeded(window);
            return exported(
                    window,
                    queries,
                    permit.startedAt(),
                    request.serverStartedAt().orElse(null),
                    done);
        } catch (ExportException e) {
            requireRunning(window);
            if (e instanceof UnreachableException) {
                permit.unsent();
            }
            QueryFailure.tell(e, limit, settings.name(), window);
            throw e;
        }
    }

    private ExportedWindow exported(
            Window window,
            int queries,
            Instant startedAt,
            Instant serverStartedAt,
            Download.Result done)
            throws ExportException {
        boolean whole = false;
        try (BodyKeys keys = done.keys()) {
            Duplicates duplicates = keys == null ? null : keys.index().duplicates();
            // what the route will read is what was verified
            files.spool().check(done.body());
            OnDemandSummary summary =
                    summary(window, queries, startedAt, serverStartedAt, done.body(), duplicates);
            LOG.info(
                    "{}: window {} on demand: {}; {} of {} queries left this hour",
                    settings.name(),
                    window,
                    summary.text(),
                    limit.freeThisHour(),
                    limit.queriesPerHour());
            whole = true;
            return new ExportedWindow(
                    summary,
                    files.spool(),
                    done.body(),
                    scanner,
                    settings.maxLineSize(),
                    duplicates,
                    settings.dedupeKey());
        } finally {
            if (!whole) {
                files.spool().delete(done.body().file());
            }
        }
    }

    private OnDemandSummary summary(
            Window window,
            int queries,
            Instant startedAt,
            Instant serverStartedAt,
            SpooledBody body,
            Duplicates duplicates) {
        long left = duplicates == null ? 0 : duplicates.repeatedInBody();
        return new OnDemandSummary(
                window,
                DownloadSummary.of(body, queries, startedAt, clock.instant()),
                left,
                serverStartedAt);
    }

    private void noRoom(Window window) throws SpoolException {
        throw new SpoolException(
                "Window "
                        + window
                        + ": no room left for its body: windows on demand whose exchanges are not done,"
                        + " and this one so far, take "
                        + files.spool().usedBytes()
                        + " bytes of maxSpoolSize="
                        + settings.maxSpoolSize()
                        + ". Set maxSpoolSize higher, ask for fewer days, or for one window after the"
                        + " other.");
    }

    private void waits(Window window, Instant until, String reason) {
        LOG.info(
                "{}: window {} on demand waits until {}: {}",
                settings.name(),
                window,
                until,
                reason);
    }

    // ---- stopping

    private Attempt begin(Window window) {
        synchronized (monitor) {
            requireRunning(window);
            Attempt attempt = new Attempt();
            attempts.add(attempt);
            return attempt;
        }
    }

    private void querying(Window window, Attempt attempt, ExportRequest request) {
        synchronized (monitor) {
            requireRunning(window);
            attempt.query = request;
        }
    }

    private void end(Attempt attempt) {
        synchronized (monitor) {
            attempts.remove(attempt);
            if (stopped) {
                Thread.interrupted(); // meant a wait that is over, and not the caller
            }
        }
    }

    private void requireRunning(Window window) {
        synchronized (monitor) {
            if (stopped) {
                throw new RejectedExecutionException(
                        "Window "
                                + window
                                + " is not exported: mixpanel-export:"
                                + settings.name()
                                + " is being stopped. Send the message again after the next start.");
            }
        }
    }

    private void sleep(Window window, Duration delay) throws InterruptedException {
        Instant until = clock.instant().plus(delay);
        synchronized (monitor) {
            while (clock.instant().isBefore(until)) {
                requireRunning(window);
                sleeper.sleep(monitor, Duration.between(clock.instant(), until));
            }
        }
    }

    /** Ends every wait and every query at once. Windows that were handed out can be read on. */
    public void stop() {
        synchronized (monitor) {
            stopped = true;
            for (Attempt attempt : attempts) {
                if (attempt.query == null) {
                    attempt.thread.interrupt();
                } else {
                    attempt.query.close();
                }
            }
            monitor.notifyAll();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
