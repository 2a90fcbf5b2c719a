package io.github.camelmixpanel.export.internal.pipeline.ondemand;

import io.github.camelmixpanel.export.failure.CredentialsException;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.InvalidExportRequestException;
import io.github.camelmixpanel.export.failure.QuotaExhaustedException;
import io.github.camelmixpanel.export.failure.RateLimitedException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.failure.TaskException;
import io.github.camelmixpanel.export.failure.UnreachableException;
import io.github.camelmixpanel.export.internal.dedupe.Duplicates;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.fetch.ExportRequest;
import io.github.camelmixpanel.export.internal.limit.Patience;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary.DayCounts;
import io.github.camelmixpanel.export.internal.pipeline.admission.WindowFailures;
import io.github.camelmixpanel.export.internal.pipeline.board.BodyKeys;
import io.github.camelmixpanel.export.internal.pipeline.board.DayTally;
import io.github.camelmixpanel.export.internal.pipeline.board.Findings;
import io.github.camelmixpanel.export.internal.pipeline.board.RetryRule;
import io.github.camelmixpanel.export.internal.pipeline.download.Download;
import io.github.camelmixpanel.export.internal.pipeline.download.DownloadGuard;
import io.github.camelmixpanel.export.internal.pipeline.download.Downloads;
import io.github.camelmixpanel.export.internal.pipeline.download.SpooledBodies;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.Attempts.Attempt;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.settings.TaskSettings;
import io.github.camelmixpanel.export.internal.split.EventTaker;
import io.github.camelmixpanel.export.internal.text.Spans;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports windows on demand: whole and in project quota like those of a consumer, and without a
 * trace in its ledger. The calling thread waits, for the quota no longer than {@code
 * onDemandTimeout}.
 *
 * <p>Thread-safe; each caller has its own window.
 */
public final class OnDemand implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.camelmixpanel.export");

    private final ExportSettings settings;
    private final OnDemandFiles files;
    private final ProjectLimit limit;
    private final ExportClient client;
    private final BegunTasks begun;
    private final InstantSource clock;
    private final SpooledBodies bodies;
    private final Download download;
    private final RetryRule retries;
    private final Attempts attempts;

    public OnDemand(
            ExportSettings settings,
            OnDemandFiles files,
            ProjectLimit limit,
            ExportClient client,
            BegunTasks begun,
            InstantSource clock,
            Sleeper sleeper) {
        this.settings = settings;
        this.files = files;
        this.limit = limit;
        this.client = client;
        this.begun = begun;
        this.clock = clock;
        this.attempts = new Attempts(settings.name(), clock, sleeper);
        this.bodies = SpooledBodies.of(files.spool(), settings);
        this.download =
                new Download(
                        settings,
                        bodies,
                        () ->
                                settings.dedupe().deduplicate()
                                        ? files.newKeys(settings.dedupe().dedupeKey())
                                        : null,
                        () -> Findings.NONE,
                        files.quarantine(),
                        clock);
        this.retries =
                new RetryRule(
                        settings.downloads().maxRetries(),
                        settings.downloads().retryDelay(),
                        new Random());
    }

    /** The day that has not ended, in the project's time zone. */
    public LocalDate today() {
        return clock.instant().atZone(settings.timeZone()).toLocalDate();
    }

    /**
     * Queries a window until its body is proven complete, with {@code maxRetries} and {@code
     * retryDelay}; a wait for the quota is no retry.
     *
     * @return to be closed by the caller
     * @throws QuotaExhaustedException when its waits for the quota would exceed {@code
     *     onDemandTimeout}, or {@code maxConcurrentQueries} callers wait already
     * @throws ExportException when the retries are used up, or another query would not help
     * @throws InterruptedException when the thread was interrupted
     * @throws RejectedExecutionException when {@link #close} came first
     */
    public ExportedWindow export(Window window) throws ExportException, InterruptedException {
        int number = files.nextNumber();
        int failures = 0;
        Patience patience = limit.patience(settings.downloads().onDemandTimeout());
        for (int queries = 1; ; queries++) {
            try {
                return query(window, number, queries, patience);
            } catch (QuotaExhaustedException e) {
                throw e;
            } catch (RateLimitedException e) {
                LOG.warn("{}: {}", settings.name(), e.getMessage());
            } catch (ExportException e) {
                queries -= e instanceof UnreachableException ? 1 : 0;
                RetryRule.Decision decision = retries.after(e, ++failures, 0);
                if (decision.longWait()) {
                    throw e;
                }
                LOG.warn(
                        "{}: {} Download {} of {} on demand; next query in {}.",
                        settings.name(),
                        e.getMessage(),
                        decision.attempt(),
                        decision.attempts(),
                        Spans.of(decision.delay()));
                attempts.sleep(window, decision.delay());
            }
        }
    }

    /** Whether this process has not begun a task yet; from now on it has. */
    public boolean begins(ExportTask task) {
        return begun.begins(task);
    }

    /**
     * Carries out a task: one query, made in time or not at all, without a retry and without a look
     * at the quota, which its planner keeps.
     *
     * @return to be closed by the caller
     * @throws ExportException when nothing of the window is to be had by this task
     * @throws RejectedExecutionException when {@link #close} came first
     */
    public ExportedWindow export(ExportTask task) throws ExportException {
        Window window = task.window();
        Instant startedAt = clock.instant();
        requireInTime(task, startedAt);
        Attempt attempt = attempts.begin(window);
        AtomicBoolean late = new AtomicBoolean();
        try (ExportRequest request = client.request(window, () -> rejectLate(task, late))) {
            attempts.querying(window, attempt, request);
            files.spool().requireWritable(window, 1);
            Duration untilDeadline = Duration.between(clock.instant(), task.deadline());
            Duration timeout =
                    Collections.min(List.of(settings.downloads().windowTimeout(), untilDeadline));
            DayTally days = window.length() > 1 ? new DayTally(window) : null;
            EventTaker tally = days == null ? null : event -> days.take(event, true);
            Download.Result done =
                    download.run(
                            window, files.nextNumber(), request, sized(window), timeout, tally);
            Instant serverStartedAt = request.serverStartedAt().orElse(null);
            return exported(window, 1, startedAt, serverStartedAt, done, days);
        } catch (ExportException e) {
            attempts.requireRunning(window);
            if (late.get()) {
                requireInTime(task, clock.instant());
            }
            throw e;
        } finally {
            attempts.end(attempt);
        }
    }

    /** The last moment to hold it back: its head is written and nothing has left yet. */
    private void rejectLate(ExportTask task, AtomicBoolean late) {
        if (clock.instant().isAfter(task.startBy())) {
            late.set(true);
            throw new IllegalStateException("connected too late");
        }
    }

    private static void requireInTime(ExportTask task, Instant now) throws TaskException {
        if (now.isAfter(task.startBy())) {
            throw new TaskException(
                    """
                    Window %s: its task was issued at %s, and here it is %s: its query may not \
                    start later than %s, as the quota is counted so. Run more fetchers or set \
                    taskStartTimeout higher, and check that the clocks agree; the task is issued \
                    again"""
                            .formatted(task.window(), task.issuedAt(), now, task.startBy()));
        }
        if (now.isBefore(task.issuedAt().minus(TaskSettings.CLOCKS_AGREE))) {
            throw new TaskException(
                    """
                    Window %s: its task was issued at %s, and here it is only %s: a clock is \
                    wrong, and with it the quota would be. Set the clocks of planner and fetchers \
                    by NTP"""
                            .formatted(task.window(), task.issuedAt(), now));
        }
    }

    private ExportedWindow query(Window window, int number, int queries, Patience patience)
            throws ExportException, InterruptedException {
        Attempt attempt = attempts.begin(window);
        try (ProjectLimit.Permit permit =
                limit.admit(
                        window,
                        settings.name(),
                        (until, why) -> waits(window, until, why),
                        patience)) {
            Optional<QuotaExhaustedException> noQuota =
                    patience.failure(window, Spans.of(settings.downloads().onDemandTimeout()));
            if (noQuota.isPresent()) {
                throw noQuota.get();
            }
            if (permit == null) {
                throw new CredentialsException(
                        """
                        Window %s: not queried, because Mixpanel refused the credentials of the \
                        project less than an hour ago. Fix them and restart the route."""
                                .formatted(window),
                        401);
            }
            return query(window, number, queries, permit, attempt);
        } catch (InterruptedException e) {
            attempts.requireRunning(window);
            throw e;
        } finally {
            attempts.end(attempt);
        }
    }

    /** Reports the result while the permit is held: another query may start only then. */
    private ExportedWindow query(
            Window window, int number, int queries, ProjectLimit.Permit permit, Attempt attempt)
            throws ExportException {
        try (ExportRequest request = client.request(window, permit::sent)) {
            attempts.querying(window, attempt, request);
            files.spool().requireWritable(window, number);
            Download.Result done = download.run(window, number, request, () -> noRoom(window));
            limit.succeeded(window);
            return exported(
                    window,
                    queries,
                    permit.startedAt(),
                    request.serverStartedAt().orElse(null),
                    done,
                    null);
        } catch (ExportException e) {
            attempts.requireRunning(window);
            // a query that a message got wrong says nothing about those of others
            if (!(e instanceof InvalidExportRequestException)) {
                WindowFailures.report(e, limit, settings, window);
            }
            throw e;
        }
    }

    private ExportedWindow exported(
            Window window,
            int queries,
            Instant startedAt,
            Instant serverStartedAt,
            Download.Result done,
            DayTally days)
            throws ExportException {
        try (BodyKeys keys = done.keys()) {
            Duplicates duplicates = keys == null ? null : keys.index().duplicates();
            bodies.spool().check(done.body()); // what the route will read is what was verified
            OnDemandSummary summary =
                    new OnDemandSummary(
                            window,
                            done.body(),
                            duplicates == null ? 0 : duplicates.repeatedInBody(),
                            queries,
                            startedAt,
                            serverStartedAt,
                            Duration.between(startedAt, clock.instant()),
                            counts(window, done.body(), days, duplicates));
            LOG.info(
                    "{}: window {} on demand: {}; {} of {} queries left this hour",
                    settings.name(),
                    window,
                    summary.text(),
                    limit.quota().free(),
                    limit.quota().perHour());
            return new ExportedWindow(summary, bodies, duplicates, settings.dedupe().dedupeKey());
        } catch (Throwable e) {
            bodies.delete(done.body());
            throw e;
        }
    }

    /**
     * @param read of the body, as if the route got all of it; null where nothing is counted
     */
    private DayCounts counts(Window window, SpooledBody body, DayTally read, Duplicates duplicates)
            throws ExportException {
        if (read == null || duplicates == null || duplicates.repeatedInBody() == 0) {
            return read == null ? DayCounts.UNKNOWN : read.counts();
        }
        DayTally days = new DayTally(window);
        bodies.read(
                window, body, event -> days.take(event, duplicates.lines().emits(event.line())));
        return days.counts();
    }

    /** The planner may issue it again in smaller windows. */
    private DownloadGuard sized(Window window) {
        AtomicLong received = new AtomicLong();
        return new DownloadGuard() {
            @Override
            public void makeRoom() throws SpoolException {
                noRoom(window);
            }

            @Override
            public void received(int bytes) throws SpoolException {
                if (received.addAndGet(bytes) > settings.largestDownload(window)) {
                    throw Downloads.tooLarge(window, settings);
                }
            }
        };
    }

    private void noRoom(Window window) throws SpoolException {
        throw new SpoolException(
                """
                Window %s: no room left for its body: windows on demand whose exchanges are not \
                done, and this one so far, take %d bytes of maxSpoolSize=%d. Set maxSpoolSize \
                higher, export fewer days, or one window after the other."""
                        .formatted(window, files.spool().usedBytes(), settings.maxSpoolSize()));
    }

    private void waits(Window window, Instant until, String reason) {
        LOG.info(
                "{}: window {} on demand waits until {}: {}",
                settings.name(),
                window,
                until,
                reason);
    }

    /** Ends every wait and every query at once. Windows that were exported can be read on. */
    @Override
    public void close() {
        attempts.stop();
    }
}
