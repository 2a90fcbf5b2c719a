package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.CredentialsException;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Verdict.Kind;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.admission.WindowFailures;
import io.github.camelmixpanel.export.internal.pipeline.board.BoardStatus;
import io.github.camelmixpanel.export.internal.pipeline.download.TimeZoneWatch;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.pipeline.progress.FirstLook;
import io.github.camelmixpanel.export.internal.spool.Spool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final FirstLook firstLook;

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
            TimeZoneWatch timeZone,
            FirstLook firstLook) {
        this.disk = disk;
        this.spool = spool;
        this.limit = limit;
        this.ledger = ledger;
        this.inFlight = inFlight;
        this.failures = failures;
        this.timeZone = timeZone;
        this.firstLook = firstLook;
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
    List<Trouble> list(BoardStatus board) {
        CredentialsException rejection = failures.refusal();
        if (rejection != null) {
            return List.of(Trouble.of(Kind.CREDENTIALS, rejection.getMessage()));
        }
        List<Trouble> troubles = new ArrayList<>();
        add(troubles, Kind.POLL, Optional.ofNullable(broken));
        add(
                troubles,
                disk.isTakenOver() ? Kind.TAKEN_OVER : Kind.STATE,
                disk.trouble().or(limit::trouble));
        failing.forEach(
                (consequence, cause) ->
                        troubles.add(Trouble.of(Kind.STATE, consequence + ": " + cause)));
        add(troubles, Kind.DISK, spool.trouble());
        troubles.addAll(board.troubles());
        add(troubles, limit.isRefused() ? Kind.CREDENTIALS : Kind.RATE_LIMIT, limit.longPause());
        ledger.parked().stream().map(ExportTroubles::parked).forEach(troubles::add);
        inFlight.stuck().stream()
                .map(it -> Trouble.of(Kind.HELD, it.window(), it.toString()))
                .forEach(troubles::add);
        add(troubles, Kind.TIME_ZONE, timeZone.misfit());
        add(troubles, Kind.EMPTY, firstLook.empty());
        return troubles;
    }

    private static void add(List<Trouble> troubles, Kind kind, Optional<String> text) {
        text.ifPresent(it -> troubles.add(Trouble.of(kind, it)));
    }

    private static Trouble parked(ParkedWindow it) {
        Kind kind = it.whole() ? Kind.PARKED_WINDOW : Kind.PARKED_EVENTS;
        String cause =
                it.whole()
                        ? "more than 1 % of its events fail"
                        : it.events() == 1
                                ? "1 event is parked"
                                : it.events() + " events are parked";
        return Trouble.of(kind, it.window(), it.trouble(), cause);
    }
}
