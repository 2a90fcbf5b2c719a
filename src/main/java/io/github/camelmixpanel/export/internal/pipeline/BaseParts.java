package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ArrivalCalendar;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ExportCalendar;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ServerClock;
import io.github.camelmixpanel.export.internal.pipeline.calendar.Volumes;
import io.github.camelmixpanel.export.internal.pipeline.download.SpooledBodies;
import io.github.camelmixpanel.export.internal.pipeline.download.TimeZoneWatch;
import io.github.camelmixpanel.export.internal.pipeline.emission.Deduplicator;
import io.github.camelmixpanel.export.internal.pipeline.emission.KeyDeduplicator;
import io.github.camelmixpanel.export.internal.pipeline.progress.Eta;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportCounters;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.pipeline.progress.Outlook;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.pipeline.route.WindowListener;
import io.github.camelmixpanel.export.internal.pipeline.route.WindowListeners;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.spool.InflatedBody;
import io.github.camelmixpanel.export.internal.spool.ParkedEvents;
import io.github.camelmixpanel.export.internal.spool.Spool;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The parts of an export that several others need: each is made once, when another part first needs
 * it. See {@link ExportParts}.
 */
abstract class BaseParts {

    private final ExportSettings settings;
    private final Path folder;
    private final Ledger ledger;
    private final ProjectLimit limit;
    private final EventSink sink;
    private final Machine machine;
    private final Map<Class<?>, Object> made = new HashMap<>();

    /**
     * What the export runs on.
     *
     * @param disk where ledger, dedupe keys and parked events are written
     * @param threads starts a thread that reads events ahead
     * @param memory that all exports share, for verified bodies
     */
    record Machine(
            InstantSource clock,
            Sleeper sleeper,
            Disk disk,
            Executor threads,
            InflatedBody.Memory memory) {}

    /**
     * @param folder of this export alone
     */
    BaseParts(
            ExportSettings settings,
            Path folder,
            Ledger ledger,
            ProjectLimit limit,
            EventSink sink,
            Machine machine) {
        this.settings = settings;
        this.folder = folder;
        this.ledger = ledger;
        this.limit = limit;
        this.sink = sink;
        this.machine = machine;
    }

    @FunctionalInterface
    interface Maker<T, E extends Exception> {
        T make() throws E;
    }

    final <T, E extends Exception> T once(Class<T> part, Maker<T, E> maker) throws E {
        Object known = made.get(part);
        if (known == null) {
            known = maker.make();
            made.put(part, known);
        }
        return part.cast(known);
    }

    // ---- given

    final ExportSettings settings() {
        return settings;
    }

    final Ledger ledger() {
        return ledger;
    }

    final ProjectLimit limit() {
        return limit;
    }

    final Disk disk() {
        return machine.disk();
    }

    final InstantSource clock() {
        return machine.clock();
    }

    final Path folder() {
        return folder;
    }

    final EventSink sink() {
        return sink;
    }

    final Machine machine() {
        return machine;
    }

    // ---- the calendar and the board

    ServerClock serverClock() {
        return once(ServerClock.class, () -> new ServerClock(clock()));
    }

    ArrivalCalendar arrivals() {
        return once(
                ArrivalCalendar.class,
                () -> new ArrivalCalendar(settings, ledger, clock(), serverClock()));
    }

    ExportCalendar calendar() {
        return once(
                ExportCalendar.class,
                () -> new ExportCalendar(settings, ledger, arrivals(), clock()));
    }

    Volumes volumes() {
        return once(Volumes.class, () -> new Volumes(settings, ledger, clock()));
    }

    Board board() {
        return once(
                Board.class,
                () ->
                        new Board(
                                clock(),
                                machine.sleeper(),
                                settings.downloads().maxConcurrentWindows(),
                                settings.dedupe().deduplicate(),
                                calendar().order(),
                                settings.sizesWindows() ? volumes()::next : null,
                                this::mayNotQuery));
    }

    /** Because the credentials are rejected, or the disk takes no body. */
    private boolean mayNotQuery() {
        Spool spool = (Spool) made.get(Spool.class); // made after the board
        return limit.isRefused() || spool != null && spool.trouble().isPresent();
    }

    // ---- what is on disk

    Spool spool() throws SpoolException {
        return once(
                Spool.class, () -> Spool.open(folder.resolve("spool"), settings.maxSpoolSize()));
    }

    SpooledBodies bodies() throws SpoolException {
        return once(SpooledBodies.class, () -> SpooledBodies.of(spool(), settings));
    }

    ParkedEvents parkedEvents() {
        return once(ParkedEvents.class, () -> new ParkedEvents(folder.resolve("parked"), disk()));
    }

    Deduplicator deduplicator() throws LedgerException {
        return once(Deduplicator.class, this::openDeduplicator);
    }

    private Deduplicator openDeduplicator() throws LedgerException {
        return !settings.dedupe().deduplicate() || settings.tasks().emitsWindows()
                ? Deduplicator.OFF
                : KeyDeduplicator.open(
                        folder,
                        settings.dedupe().dedupeKey(),
                        settings.query().limit() != null,
                        settings.downloads().maxConcurrentWindows(),
                        ledger.openWindows(),
                        disk());
    }

    // ---- what the route has, and who hears of it

    InFlight inFlight() {
        return once(
                InFlight.class,
                () ->
                        new InFlight(
                                settings.emission().maxInFlight(),
                                machine.sleeper(),
                                clock(),
                                log()::beat));
    }

    /** Counts before the route hears of it, and the log comes last. */
    WindowListener listener() {
        return once(
                WindowListener.class,
                () -> new WindowListeners(log()::listenerFailed, counters(), sink, log()));
    }

    ExportCounters counters() {
        return once(ExportCounters.class, () -> new ExportCounters(clock()));
    }

    Eta eta() {
        return once(Eta.class, () -> new Eta(limit, volumes()::forecast, clock().instant()));
    }

    ExportLog log() {
        return once(
                ExportLog.class,
                () ->
                        new ExportLog(
                                settings,
                                board(),
                                limit,
                                counters(),
                                new Outlook(eta(), calendar(), settings.sizesWindows()),
                                clock()));
    }

    TimeZoneWatch timeZoneWatch() {
        return once(TimeZoneWatch.class, () -> new TimeZoneWatch(settings.timeZone(), log()));
    }
}
