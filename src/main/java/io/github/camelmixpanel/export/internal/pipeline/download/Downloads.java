package io.github.camelmixpanel.export.internal.pipeline.download;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.fetch.ExportRequest;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.limit.WaitListener;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.admission.Admissions;
import io.github.camelmixpanel.export.internal.pipeline.admission.WindowFailures;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ServerClock;
import io.github.camelmixpanel.export.internal.pipeline.progress.WindowListeners;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import java.io.IOException;

/**
 * Windows that there is leave for are fetched, spooled and verified by the thread that waited for
 * it; what became of a window stands on the {@link Board} and, once verified, in the ledger.
 */
public record Downloads(
        ExportSettings settings,
        Mixpanel mixpanel,
        Board board,
        Download download,
        Ledger ledger,
        WindowFailures failures,
        WindowListeners listeners,
        TimeZoneWatch timeZone)
        implements Admissions.Work {

    /**
     * The server, its quota, and its clock.
     *
     * @param limit of the project
     */
    public record Mixpanel(ExportClient client, ProjectLimit limit, ServerClock clock) {}

    @Override
    public ProjectLimit.Permit admit(WindowRun run, int kept, WaitListener listener)
            throws InterruptedException, LedgerException {
        return mixpanel.limit.admit(run.window, settings.name(), kept, listener);
    }

    @Override
    public void begin() {
        download.bodies().spool().look();
    }

    @Override
    public void admitted(WindowRun run, ProjectLimit.Permit permit) {
        try (permit) {
            query(run, permit);
        }
    }

    /** Reports what became of the query while the permit is held: another may start only then. */
    private void query(WindowRun run, ProjectLimit.Permit permit) {
        try (ExportRequest request = mixpanel.client.request(run.window, () -> sent(run, permit))) {
            if (!board.querying(run, request)) {
                board.putBack(run);
                return;
            }
            download.bodies().spool().requireWritable(run.window, run.generation);
            int lastRequest = ledger.lastRequest(run.window);
            listeners.each(it -> it.windowStarted(run.window, run.generation));
            Download.Result verified = fetchSpoolVerify(run, request);
            mixpanel.limit.succeeded(run.window);
            OpenWindow spooled =
                    new OpenWindow(
                            run.window,
                            run.generation,
                            permit.startedAt(),
                            request.serverStartedAt().orElse(null),
                            verified.body());
            if (!keep(spooled, verified, lastRequest)) {
                board.putBack(run); // an operator wants the days as of a later query
                return;
            }
            failures.succeeded();
            timeZone.verified(run.window, verified.times());
            board.spooled(run, spooled, verified.keys(), verified.findings());
        } catch (ExportException e) {
            failed(run, e);
        }
    }

    /** Not the window's fault when the disk fails: it waits until the disk takes a body. */
    private void failed(WindowRun run, ExportException failure) {
        if (failure instanceof SpoolException
                && !run.isCancelled()
                && download.bodies().spool().trouble().isPresent()) {
            listeners.counters().downloadFailed();
            board.putBack(run);
        } else {
            failures.failed(run, failure);
        }
    }

    private static void sent(WindowRun run, ProjectLimit.Permit permit) {
        permit.sent();
        run.querySent();
    }

    private Download.Result fetchSpoolVerify(WindowRun run, ExportRequest request)
            throws ExportException {
        try {
            return download.run(run.window, run.generation, request, guard(run));
        } finally {
            request.serverAhead().ifPresent(mixpanel.clock::isAhead);
        }
    }

    /**
     * @param lastRequest to export a day of the window again, before its query left
     * @return false when there was another one since; then nothing of the body is left
     */
    private boolean keep(OpenWindow spooled, Download.Result verified, int lastRequest)
            throws LedgerException {
        boolean kept = false;
        try {
            synchronized (ledger) { // no request comes in between
                if (ledger.lastRequest(spooled.window()) == lastRequest) {
                    ledger.spooled(spooled);
                    kept = true;
                }
            }
            return kept;
        } finally {
            if (!kept) {
                download.bodies().delete(verified.body());
                verified.close();
            }
        }
    }

    private DownloadGuard guard(WindowRun run) {
        return new DownloadGuard() {
            @Override
            public void makeRoom() throws ExportException, IOException {
                Downloads.this.makeRoom(run);
            }

            @Override
            public void received(int bytes) throws SpoolException {
                listeners.counters().received(bytes);
                if (run.received(bytes) > settings.largestDownload(run.window)) {
                    throw tooLarge(run.window, settings);
                }
            }
        };
    }

    private void makeRoom(WindowRun run) throws ExportException, IOException {
        boolean mayHelp;
        try {
            mayHelp = board.makeRoom(run);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for room in the spool", e);
        }
        if (!mayHelp) {
            String why = noRoom(run, board.status().parkedBytes());
            throw run.window.length() > 1 ? SpoolException.tooLarge(why) : new SpoolException(why);
        }
        if (run.isCancelled()) {
            throw new IOException("ended to make room in the spool for an older window");
        }
    }

    /** Ends the download of a window of several days that brings far more than it was to bring. */
    public static SpoolException tooLarge(Window window, ExportSettings settings) {
        return SpoolException.tooLarge(
                """
                Window %s: its download brought more than four times windowSize=%d bytes, and was \
                ended."""
                        .formatted(window, settings.windowSize()));
    }

    private String noRoom(WindowRun run, long parked) {
        return parked > 0
                ? """
                Window %s: no room for its body in maxSpoolSize=%d bytes, of which parked \
                windows take %d. Resume or drop what is parked, or set maxSpoolSize \
                higher."""
                        .formatted(run.window, settings.maxSpoolSize(), parked)
                : """
                Window %s: its body alone is larger than maxSpoolSize=%d bytes. Set \
                maxSpoolSize higher, or choose %s."""
                        .formatted(run.window, settings.maxSpoolSize(), run.window.less());
    }
}
