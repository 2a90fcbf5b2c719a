package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.fetch.ExportClient;
import io.github.camelmixpanel.export.fetch.ExportRequest;
import io.github.camelmixpanel.export.ledger.Ledger;
import io.github.camelmixpanel.export.ledger.OpenWindow;
import io.github.camelmixpanel.export.limit.ProjectLimit;
import io.github.camelmixpanel.export.model.CredentialsException;
import io.github.camelmixpanel.export.model.DayNotBegunException;
import io.github.camelmixpanel.export.model.ExportException;
import io.github.camelmixpanel.export.model.ExportSettings;
import io.github.camelmixpanel.export.model.LateEvents;
import io.github.camelmixpanel.export.model.LedgerException;
import io.github.camelmixpanel.export.model.RateLimitedException;
import io.github.camelmixpanel.export.model.SpoolException;
import io.github.camelmixpanel.export.model.UnreachableException;
import io.github.camelmixpanel.export.plan.DueWindow;
import io.github.camelmixpanel.export.spool.Spool;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * At most {@code maxConcurrentWindows} windows are admitted, fetched, spooled and verified at a
 * time, each by one thread of the pool; what became of a window stands on the {@link Board} and,
 * once verified, in the ledger.
 */
final class Downloads {

    private static final int KEPT_FOR_TODAY = 6;

    private final ExportSettings settings;
    private final Board board;
    private final ProjectLimit limit;
    private final ExportClient client;
    private final Download download;
    private final Spool spool;
    private final Ledger ledger;
    private final ArrivalCalendar arrivals;
    private final ServerClock serverClock;
    private final RetryRule retries;
    private final Progress progress;
    private final Tally tally;
    private final EventSink sink;
    private final InstantSource clock;
    private final ExecutorService pool;
    private final AtomicInteger workers = new AtomicInteger();
    private final TimeZoneWatch timeZone;
    private volatile CredentialsException refusal;

    Downloads(
            ExportSettings settings,
            Board board,
            ProjectLimit limit,
            ExportClient client,
            Download download,
            Spool spool,
            Ledger ledger,
            ArrivalCalendar arrivals,
            ServerClock serverClock,
            RetryRule retries,
            Progress progress,
            Tally tally,
            EventSink sink,
            InstantSource clock,
            ExecutorService pool) {
        this.settings = settings;
        this.board = board;
        this.limit = limit;
        this.client = client;
        this.download = download;
        this.spool = spool;
        this.ledger = ledger;
        this.arrivals = arrivals;
        this.serverClock = serverClock;
        this.retries = retries;
        this.progress = progress;
        this.timeZone = new TimeZoneWatch(settings.timeZone(), progress);
        this.tally = tally;
        this.sink = sink;
        this.clock = clock;
        this.pool = pool;
    }

    /** Sees to it that threads are at work while windows are left to ask for. */
    void start() {
        while (workers.incrementAndGet() <= settings.maxConcurrentWindows()) {
            try {
                pool.execute(this::work);
            } catch (RejectedExecutionException e) {
                break; // the pool is going down with the consumer
            }
        }
        workers.decrementAndGet();
    }

    private void work() {
        try {
            WindowTask task;
            while ((task = board.takeToFetch()) != null) {
                fetch(task);
                // an interrupt meant the wait for a permit that is over now
                Thread.interrupted();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            workers.decrementAndGet();
            if (board.wantsDownload()) {
                start(); // planned while this thread found nothing and was still counted
            }
        }
    }

    private void fetch(WindowTask task) {
        try (ProjectLimit.Permit permit =
                limit.admit(task.window, settings.name(), kept(task), progress::waiting)) {
            if (permit == null) {
                board.putBack(task);
            } else {
                query(task, permit);
            }
        } catch (InterruptedException e) {
            board.putBack(task);
        } catch (ExportException e) {
            failed(task, e);
        } catch (RuntimeException | Error e) {
            // a defect must not leave the window in FETCHING for ever
            board.retryLater(task, clock.instant().plus(RetryRule.EXHAUSTED), true, e.toString());
            throw e;
        }
    }

    /** A long back-fill leaves today's export its share of the hour. */
    private int kept(WindowTask task) {
        boolean todayToo =
                settings.late().mode() != LateEvents.NONE && settings.range().toDate() == null;
        return todayToo && task.due.kind() == DueWindow.Kind.BACKFILL
                ? Math.min(KEPT_FOR_TODAY, limit.queriesPerHour() / 10)
                : 0;
    }

    /** What became of the query is told while the permit is held: another may start only then. */
    private void query(WindowTask task, ProjectLimit.Permit permit) {
        try (ExportRequest request = client.request(task.window, permit::sent)) {
            if (!board.querying(task, request)) {
                board.putBack(task);
                return;
            }
            task.queries++;
            tally.query();
            progress.fetching(task.window, task.generation);
            sink.windowStarted(task.window, task.generation);
            Download.Result done;
            try {
                done = download.run(task.window, task.generation, request, space(task));
            } finally {
                request.serverAhead().ifPresent(serverClock::isAhead);
            }
            task.keys = done.keys();
            limit.succeeded(task.window);
            OpenWindow spooled =
                    new OpenWindow(
                            task.window,
                            task.generation,
                            permit.startedAt(),
                            request.serverStartedAt().orElse(null),
                            done.body());
            try {
                ledger.spooled(spooled);
            } catch (LedgerException e) {
                spool.delete(done.body().file());
                task.forgetBody();
                throw e;
            }
            refusal = null;
            timeZone.verified(task.window, done.times());
            board.spooled(task, spooled);
        } catch (UnreachableException e) {
            permit.unsent();
            task.queries--;
            failed(task, e);
        } catch (ExportException e) {
            failed(task, e);
        }
    }

    private Download.Space space(WindowTask task) {
        task.received = 0;
        return new Download.Space() {
            @Override
            public void make() throws ExportException, IOException {
                makeRoom(task);
            }

            @Override
            public void received(int bytes) {
                task.received += bytes;
                tally.received(bytes);
            }
        };
    }

    private void makeRoom(WindowTask task) throws ExportException, IOException {
        boolean mayHelp;
        try {
            mayHelp = board.makeRoom(task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for room in the spool", e);
        }
        long parked = mayHelp ? 0 : board.parkedBytes();
        if (parked > 0) {
            throw new SpoolException(
                    "Window "
                            + task.window
                            + ": no room for its body in maxSpoolSize="
                            + settings.maxSpoolSize()
                            + " bytes, of which parked windows take "
                            + parked
                            + ". Resume or drop what is parked, or set maxSpoolSize higher.");
        }
        if (!mayHelp) {
            throw new SpoolException(
                    "Window "
                            + task.window
                            + ": its body alone is larger than maxSpoolSize="
                            + settings.maxSpoolSize()
                            + " bytes. Set maxSpoolSize above the largest window, or windowDays lower.");
        }
        if (task.cancelled) {
            throw new IOException("ended to make room in the spool for an older window");
        }
    }

    private void failed(WindowTask task, ExportException failure) {
        if (task.cancelled) {
            board.putBack(task);
            return;
        }
        QueryFailure.tell(failure, limit, settings.name(), task.window);
        if (failure instanceof RateLimitedException limited) {
            tally.rateLimited();
            progress.rateLimited(limited);
            board.putBack(task);
            return;
        }
        tally.failedDownload();
        if (failure instanceof CredentialsException credentials) {
            refusal = credentials;
            board.retryLater(task, clock.instant(), true, credentials.getMessage());
        } else if (failure instanceof DayNotBegunException) {
            progress.dayNotBegun(failure);
            if (task.window.isArrivals()) {
                arrivals.dayNotBegun(task.window.toDate());
                board.withdraw(task); // planned again without that day
            } else {
                board.retryLater(
                        task,
                        clock.instant().plus(settings.late().todayInterval()),
                        true,
                        failure.getMessage());
            }
        } else {
            RetryRule.Decision decision = retries.after(failure, task.failures + 1, task.exhausted);
            task.failures = decision.longWait() ? 0 : task.failures + 1;
            task.exhausted += decision.longWait() ? 1 : 0;
            // told before the board settles, which may end the poll
            progress.failed(failure, decision);
            if (decision.longWait()) {
                tally.failedWindow();
                tell(task, failure);
            }
            board.retryLater(
                    task,
                    clock.instant().plus(decision.delay()),
                    decision.longWait(),
                    failure.getMessage());
        }
    }

    private void tell(WindowTask task, ExportException failure) {
        try {
            sink.windowFailed(task.window, task.generation, failure);
        } catch (RuntimeException e) {
            progress.handlerFailed(failure, e);
        }
    }

    /** Why {@code timeZone} seems wrong; empty when it does not. */
    Optional<String> timeZoneMisfit() {
        return timeZone.misfit();
    }

    /** Why no window may be asked for: the server's last word on the credentials, or null. */
    CredentialsException refusal() {
        return refusal;
    }
}
