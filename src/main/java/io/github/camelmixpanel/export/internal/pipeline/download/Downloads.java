package io.github.camelmixpanel.export.internal.pipeline.download;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.failure.UnreachableException;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.fetch.ExportRequest;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.pipeline.admission.Admissions;
import io.github.camelmixpanel.export.internal.pipeline.admission.WindowFailures;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ServerClock;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportCounters;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.spool.Spool;
import java.io.IOException;
import java.util.Optional;

/**
 * Windows that there is leave for are fetched, spooled and verified by the thread that waited for
 * it; what became of a window stands on the {@link Board} and, once verified, in the ledger.
 */
public final class Downloads implements Admissions.Work {

    private final ExportSettings settings;
    private final Board board;
    private final ProjectLimit limit;
    private final ExportClient client;
    private final Download download;
    private final Spool spool;
    private final Ledger ledger;
    private final ServerClock serverClock;
    private final WindowFailures failures;
    private final ExportLog progress;
    private final ExportCounters tally;
    private final EventSink sink;
    private final TimeZoneWatch timeZone;

    public Downloads(
            ExportSettings settings,
            Board board,
            ProjectLimit limit,
            ExportClient client,
            Download download,
            Spool spool,
            Ledger ledger,
            ServerClock serverClock,
            WindowFailures failures,
            ExportLog progress,
            ExportCounters tally,
            EventSink sink) {
        this.settings = settings;
        this.board = board;
        this.limit = limit;
        this.client = client;
        this.download = download;
        this.spool = spool;
        this.ledger = ledger;
        this.serverClock = serverClock;
        this.failures = failures;
        this.progress = progress;
        this.timeZone = new TimeZoneWatch(settings.timeZone(), progress);
        this.tally = tally;
        this.sink = sink;
    }

    @Override
    public ProjectLimit.Permit admit(WindowRun task, int kept, ProjectLimit.WaitListener listener)
            throws InterruptedException, LedgerException {
        return limit.admit(task.window, settings.name(), kept, listener);
    }

    @Override
    public void admitted(WindowRun task, ProjectLimit.Permit permit) {
        try (permit) {
            query(task, permit);
        }
    }

    /** What became of the query is told while the permit is held: another may start only then. */
    private void query(WindowRun task, ProjectLimit.Permit permit) {
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
            task.hasKeys(done.keys());
            task.hasPlaces(done.places());
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
            failures.succeeded();
            timeZone.verified(task.window, done.times());
            board.spooled(task, spooled);
        } catch (UnreachableException e) {
            permit.unsent();
            task.queries--;
            failures.failed(task, e);
        } catch (ExportException e) {
            failures.failed(task, e);
        }
    }

    private Download.Space space(WindowRun task) {
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

    private void makeRoom(WindowRun task) throws ExportException, IOException {
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

    /** Why {@code timeZone} seems wrong; empty when it does not. */
    public Optional<String> timeZoneMisfit() {
        return timeZone.misfit();
    }
}
