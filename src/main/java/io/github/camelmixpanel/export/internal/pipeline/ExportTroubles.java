package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.CredentialsException;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.admission.WindowFailures;
import io.github.camelmixpanel.export.internal.pipeline.board.BoardStatus;
import io.github.camelmixpanel.export.internal.pipeline.download.TimeZoneWatch;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.spool.Spool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Says what keeps an export from going on, for people. Thread-safe. */
final class ExportTroubles {

    static final String NOT_FLUSHED = "What was acknowledged since the last second may be repeated";

    static final String NOT_WATCHED =
            "Exchanges that the route holds for too long are not reported";

    private final Disk disk;
    private final Spool spool;
    private final ProjectLimit limit;
    private final Ledger ledger;
    private final InFlight inFlight;
    private final WindowFailures failures;
    private final TimeZoneWatch timeZone;

    /** What ended the last poll, so that Camel polls no more; null when nothing did. */
    private volatile String broken;

    /** Why work in the background failed the last time, by what follows from that. */
    private final Map<String, String> failing = new ConcurrentHashMap<>();

    /** Of the polling thread: the rejected credentials were thrown, and are not good again. */
    private boolean rejectionThrown;

    ExportTroubles(
            Disk disk,
            Spool spool,
            ProjectLimit limit,
            Ledger ledger,
            InFlight inFlight,
            WindowFailures failures,
            TimeZoneWatch timeZone) {
        this.disk = disk;
        this.spool = spool;
        this.limit = limit;
        this.ledger = ledger;
        this.inFlight = inFlight;
        this.failures = failures;
        this.timeZone = timeZone;
    }

    /**
     * An error has ended the poll.
     *
     * @return it, for people
     */
    String pollBroken(Error e) {
        broken =
                """
                the poll ended in %s, after which Camel polls no more: no event is emitted. What \
                is acknowledged is on disk. Fix the cause (more heap with -Xmx after an \
                OutOfMemoryError). Start the route again, or the process: it goes on from there"""
                        .formatted(e);
        return broken;
    }

    /** Work that another thread repeats. */
    @FunctionalInterface
    interface BackgroundWork {
        void run() throws ExportException;
    }

    /**
     * Runs work that is repeated in the background: a failure does not end it, is logged once per
     * cause and listed until the work succeeds. Only an error of the JVM itself is thrown.
     *
     * @param consequence of a failure, as a sentence without its full stop
     */
    void inBackground(String consequence, BackgroundWork work, ExportLog log) {
        try {
            work.run();
            failing.remove(consequence);
        } catch (ExportException | RuntimeException | Error e) {
            String cause = e instanceof ExportException ? e.getMessage() : e.toString();
            if (!cause.equals(failing.put(consequence, cause))) {
                log.backgroundFailed(consequence, e);
            }
            if (e instanceof VirtualMachineError error) {
                throw error;
            }
        }
    }

    /** Throws what Mixpanel says of the credentials, once until they are good again. */
    void throwRejectionOnce() throws CredentialsException {
        CredentialsException rejection = failures.refusal();
        boolean thrown = rejectionThrown;
        rejectionThrown = rejection != null;
        if (rejection != null && !thrown) {
            throw rejection;
        }
    }

    /** Empty when all is well. */
    List<String> list(BoardStatus board) {
        CredentialsException rejection = failures.refusal();
        if (rejection != null) {
            return List.of(rejection.getMessage());
        }
        List<String> troubles = new ArrayList<>();
        if (broken != null) {
            troubles.add(broken);
        }
        disk.trouble().ifPresent(troubles::add);
        failing.forEach((consequence, cause) -> troubles.add(consequence + ": " + cause));
        limit.trouble().ifPresent(troubles::add);
        spool.trouble().ifPresent(troubles::add);
        troubles.addAll(board.troubles());
        limit.longPause().ifPresent(troubles::add);
        ledger.parked().stream().map(ParkedWindow::trouble).forEach(troubles::add);
        inFlight.stuck().stream().map(InFlight.Stuck::toString).forEach(troubles::add);
        timeZone.misfit().ifPresent(troubles::add);
        return troubles;
    }
}
