package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.admission.Admissions;
import io.github.camelmixpanel.export.internal.pipeline.admission.WindowFailures;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.RetryRule;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ArrivalCalendar;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ExportCalendar;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ServerClock;
import io.github.camelmixpanel.export.internal.pipeline.download.Download;
import io.github.camelmixpanel.export.internal.pipeline.download.Downloads;
import io.github.camelmixpanel.export.internal.pipeline.download.SpooledBodies;
import io.github.camelmixpanel.export.internal.pipeline.download.TimeZoneWatch;
import io.github.camelmixpanel.export.internal.pipeline.emission.CompletionNotices;
import io.github.camelmixpanel.export.internal.pipeline.emission.Deduplicator;
import io.github.camelmixpanel.export.internal.pipeline.emission.Emission;
import io.github.camelmixpanel.export.internal.pipeline.emission.FailedExchanges;
import io.github.camelmixpanel.export.internal.pipeline.emission.Flusher;
import io.github.camelmixpanel.export.internal.pipeline.emission.KeyDeduplicator;
import io.github.camelmixpanel.export.internal.pipeline.emission.ParkedReader;
import io.github.camelmixpanel.export.internal.pipeline.emission.WindowCompletion;
import io.github.camelmixpanel.export.internal.pipeline.emission.WindowPreparation;
import io.github.camelmixpanel.export.internal.pipeline.parking.OperatorCommands;
import io.github.camelmixpanel.export.internal.pipeline.parking.ParkedResume;
import io.github.camelmixpanel.export.internal.pipeline.progress.Eta;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportCounters;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.pipeline.progress.Status;
import io.github.camelmixpanel.export.internal.pipeline.progress.StuckExchangeWatch;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.pipeline.route.WindowListener;
import io.github.camelmixpanel.export.internal.pipeline.route.WindowListeners;
import io.github.camelmixpanel.export.internal.pipeline.tasks.Tasks;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.EventTime;
import io.github.camelmixpanel.export.internal.spool.ParkedEvents;
import io.github.camelmixpanel.export.internal.spool.Quarantine;
import io.github.camelmixpanel.export.internal.spool.Spool;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;

/**
 * The wiring of one export: each part is made once, when another part or the {@link Export} first
 * needs it. A test replaces a part by overriding its method. Used by the thread that opens the
 * export.
 */
class ExportParts {

    private final ExportSettings settings;
    private final Path folder;
    private final Ledger ledger;
    private final ProjectLimit limit;
    private final ExportClient client;
    private final EventSink sink;
    private final ExecutorService pool;
    private final Machine machine;
    private final Map<Class<?>, Object> made = new HashMap<>();

    /**
     * What the export runs on.
     *
     * @param disk where ledger, dedupe keys and parked events are written
     * @param threads starts a thread that reads events ahead
     */
    record Machine(InstantSource clock, Sleeper sleeper, Disk disk, Executor threads) {}

    /**
     * @param folder of this export alone
     * @param pool of {@code maxConcurrentWindows} threads, which download
     */
    ExportParts(
            ExportSettings settings,
            Path folder,
            Ledger ledger,
            ProjectLimit limit,
            ExportClient client,
            EventSink sink,
            ExecutorService pool,
            Machine machine) {
        this.settings = settings;
        this.folder = folder;
        this.ledger = ledger;
        this.limit = limit;
        this.client = client;
        this.sink = sink;
        this.pool = pool;
        this.machine = machine;
    }

    @FunctionalInterface
    private interface Maker<T, E extends Exception> {
        T make() throws E;
    }

    private <T, E extends Exception> T once(Class<T> part, Maker<T, E> maker) throws E {
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

    // ---- plan

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

    Board board() {
        return once(
                Board.class,
                () ->
                        new Board(
                                clock(),
                                machine.sleeper(),
                                settings.maxConcurrentWindows(),
                                settings.deduplicate(),
                                calendar().order(),
                                limit::isRefused));
    }

    Recovery recovery() throws ExportException {
        return new Recovery(ledger, spool(), calendar(), board(), log(), listener());
    }

    // ---- admit

    RetryRule retries() {
        return once(
                RetryRule.class,
                () ->
                        new RetryRule(
                                settings.maxRetries(),
                                settings.retryDelay(),
                                RandomGenerator.getDefault()));
    }

    WindowFailures windowFailures() {
        return once(
                WindowFailures.class,
                () ->
                        new WindowFailures(
                                settings, board(), limit, arrivals(), retries(), listener(),
                                clock()));
    }

    Admissions admissions() throws ExportException {
        return once(
                Admissions.class,
                () ->
                        new Admissions(
                                settings,
                                board(),
                                limit,
                                work(),
                                windowFailures(),
                                log(),
                                clock(),
                                pool));
    }

    /** What is done with a window that there is leave for. */
    Admissions.Work work() throws ExportException {
        return settings.tasks().emitsWindows() ? tasks() : downloads();
    }

    Tasks tasks() {
        return once(
                Tasks.class,
                () ->
                        new Tasks(
                                settings,
                                board(),
                                limit,
                                ledger,
                                windowFailures(),
                                listener(),
                                sink,
                                pollCount()::task));
    }

    /** Exchanges and tasks of the poll that runs. */
    PollCount pollCount() {
        return once(PollCount.class, () -> new PollCount(settings.maxMessagesPerPoll(), board()));
    }

    // ---- fetch, spool, verify

    Spool spool() throws SpoolException {
        return once(
                Spool.class, () -> Spool.open(folder.resolve("spool"), settings.maxSpoolSize()));
    }

    EventScanner scanner() {
        return once(
                EventScanner.class,
                () ->
                        new EventScanner(
                                new EventTime(settings.timeZone(), settings.query().timeInMs()),
                                settings.query()));
    }

    SpooledBodies bodies() throws SpoolException {
        return once(
                SpooledBodies.class,
                () -> new SpooledBodies(spool(), scanner(), settings.maxLineSize()));
    }

    Download download() throws ExportException {
        Spool spool = spool();
        ExportLog log = log();
        return once(
                Download.class,
                () ->
                        new Download(
                                settings,
                                bodies(),
                                deduplicator()::newKeys,
                                () -> new BodyOffsets(spool.newSpillFile(log::notesEnd)),
                                new Quarantine(
                                        folder.resolve("quarantine"), settings.maxSpoolSize()),
                                clock()));
    }

    Downloads downloads() throws ExportException {
        return once(
                Downloads.class,
                () ->
                        new Downloads(
                                settings,
                                new Downloads.Mixpanel(client, limit, serverClock()),
                                board(),
                                download(),
                                bodies(),
                                ledger,
                                windowFailures(),
                                new Downloads.Observers(listener(), counters(), timeZoneWatch())));
    }

    TimeZoneWatch timeZoneWatch() {
        return once(TimeZoneWatch.class, () -> new TimeZoneWatch(settings.timeZone(), log()));
    }

    // ---- split, dedupe, emit

    Deduplicator deduplicator() throws LedgerException {
        return once(Deduplicator.class, this::openDeduplicator);
    }

    private Deduplicator openDeduplicator() throws LedgerException {
        return !settings.deduplicate() || settings.tasks().emitsWindows()
                ? Deduplicator.OFF
                : KeyDeduplicator.open(
                        folder,
                        settings.dedupeKey(),
                        settings.query().limit() != null,
                        settings.maxConcurrentWindows(),
                        ledger.openWindows(),
                        disk());
    }

    WindowPreparation preparation() throws ExportException {
        return once(
                WindowPreparation.class,
                () ->
                        new WindowPreparation(
                                ledger,
                                bodies(),
                                deduplicator(),
                                parkedReader(),
                                inFlight(),
                                settings.batchSize()));
    }

    Emission emission() throws ExportException {
        return once(
                Emission.class,
                () ->
                        new Emission(
                                settings.batchSize(),
                                bodies(),
                                deduplicator(),
                                failedExchanges(),
                                flusher(),
                                sink,
                                log()::beat,
                                machine.threads()));
    }

    FailedExchanges failedExchanges() {
        return once(
                FailedExchanges.class,
                () ->
                        new FailedExchanges(
                                settings,
                                ledger,
                                board(),
                                inFlight(),
                                parkedEvents(),
                                sink,
                                listener(),
                                clock()));
    }

    ParkedEvents parkedEvents() {
        return once(
                ParkedEvents.class, () -> new ParkedEvents(folder.resolve("parked"), disk()));
    }

    ParkedReader parkedReader() {
        return once(ParkedReader.class, () -> new ParkedReader(parkedEvents(), scanner()));
    }

    // ---- acknowledge, commit

    InFlight inFlight() {
        return once(
                InFlight.class,
                () ->
                        new InFlight(
                                settings.maxInFlight(),
                                machine.sleeper(),
                                clock(),
                                log()::beat));
    }

    Flusher flusher() throws ExportException {
        return once(
                Flusher.class,
                () -> new Flusher(ledger, deduplicator(), listener(), clock()));
    }

    WindowCompletion completion() throws ExportException {
        return once(
                WindowCompletion.class,
                () ->
                        new WindowCompletion(
                                ledger,
                                calendar(),
                                board(),
                                preparation(),
                                failedExchanges(),
                                flusher(),
                                listener(),
                                clock()));
    }

    CompletionNotices notices() {
        return once(
                CompletionNotices.class,
                () -> new CompletionNotices(ledger, inFlight(), sink, listener()));
    }

    // ---- operators and observers

    OperatorCommands operatorCommands() throws ExportException {
        return once(
                OperatorCommands.class,
                () ->
                        new OperatorCommands(
                                settings,
                                ledger,
                                board(),
                                admissions(),
                                completion(),
                                parkedEvents(),
                                parkedResume(),
                                listener()));
    }

    ParkedResume parkedResume() throws ExportException {
        return once(
                ParkedResume.class,
                () ->
                        new ParkedResume(
                                ledger,
                                parkedReader(),
                                deduplicator(),
                                inFlight(),
                                sink,
                                listener(),
                                settings.batchSize(),
                                clock()));
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
        return once(Eta.class, () -> new Eta(limit, clock().instant()));
    }

    ExportLog log() {
        return once(
                ExportLog.class,
                () ->
                        new ExportLog(
                                settings.name(), board(), limit, counters(), eta(), clock()));
    }

    Status status() throws ExportException {
        return new Status(
                settings, ledger, calendar(), inFlight(), spool(), limit, counters(), eta());
    }

    StuckExchangeWatch stuckWatch() {
        return once(
                StuckExchangeWatch.class,
                () -> new StuckExchangeWatch(inFlight(), log(), clock()));
    }

    ExportTroubles troubles() {
        return once(
                ExportTroubles.class,
                () ->
                        new ExportTroubles(
                                disk(),
                                limit,
                                ledger,
                                inFlight(),
                                windowFailures(),
                                timeZoneWatch()));
    }
}
