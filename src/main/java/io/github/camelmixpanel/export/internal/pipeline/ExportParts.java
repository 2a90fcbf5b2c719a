package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.admission.Admissions;
import io.github.camelmixpanel.export.internal.pipeline.admission.WindowFailures;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.Findings;
import io.github.camelmixpanel.export.internal.pipeline.board.RetryRule;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ArrivalCalendar;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ExportCalendar;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ServerClock;
import io.github.camelmixpanel.export.internal.pipeline.calendar.Volumes;
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
import io.github.camelmixpanel.export.internal.pipeline.progress.FirstLook;
import io.github.camelmixpanel.export.internal.pipeline.progress.Outlook;
import io.github.camelmixpanel.export.internal.pipeline.progress.Runs;
import io.github.camelmixpanel.export.internal.pipeline.progress.Since;
import io.github.camelmixpanel.export.internal.pipeline.progress.Status;
import io.github.camelmixpanel.export.internal.pipeline.progress.StuckExchangeWatch;
import io.github.camelmixpanel.export.internal.pipeline.progress.WindowListeners;
import io.github.camelmixpanel.export.internal.pipeline.tasks.Tasks;
import io.github.camelmixpanel.export.internal.plan.DayRule;
import io.github.camelmixpanel.export.internal.plan.Planner;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.spool.InflatedBody;
import io.github.camelmixpanel.export.internal.spool.ParkedEvents;
import io.github.camelmixpanel.export.internal.spool.Quarantine;
import io.github.camelmixpanel.export.internal.spool.Spool;
import java.util.Random;

/** The wiring of an {@link Export}: its parts, each made of those above it. */
abstract class ExportParts extends BaseParts {

    // ---- the calendar

    private final ServerClock serverClock = new ServerClock(clock);
    private final ArrivalCalendar arrivals =
            new ArrivalCalendar(settings, ledger, clock, serverClock);
    private final DayRule rule = new DayRule(settings.timeZone(), settings.late());
    private final Planner planner =
            new Planner(rule, settings.windowDays(), settings.windows().backfillOrder());
    final ExportCalendar calendar =
            new ExportCalendar(settings, ledger, clock, rule, planner, arrivals);
    private final Volumes volumes = new Volumes(settings, ledger, clock, rule);

    // ---- what is on disk

    final Spool spool = Spool.open(folder.resolve("spool"), settings.maxSpoolSize());
    final SpooledBodies bodies = SpooledBodies.of(spool, settings);
    private final ParkedEvents parkedEvents = new ParkedEvents(folder.resolve("parked"), disk);
    private final ParkedReader parkedReader = new ParkedReader(parkedEvents, bodies.scanner());
    final Deduplicator deduplicator =
            !settings.dedupe().deduplicate() || settings.tasks().emitsWindows()
                    ? Deduplicator.OFF
                    : KeyDeduplicator.open(
                            folder,
                            settings.dedupe().dedupeKey(),
                            settings.query().limit() != null,
                            settings.downloads().maxConcurrentWindows(),
                            ledger.openWindows(),
                            disk);

    // ---- the board, what the route has, and who hears of it

    /** No window may be queried when the credentials are rejected, or the disk takes no body. */
    final Board board =
            new Board(
                    clock,
                    machine.sleeper(),
                    settings.downloads().maxConcurrentWindows(),
                    settings.dedupe().deduplicate(),
                    planner.order(),
                    settings.sizesWindows() ? volumes::next : null,
                    () -> limit.isRefused() || spool.trouble().isPresent());

    private final ExportCounters counters = new ExportCounters(clock);
    final Eta eta = new Eta(limit, volumes, clock.instant());
    final ExportLog log =
            new ExportLog(
                    settings,
                    board,
                    limit,
                    counters,
                    new Outlook(eta, calendar, settings.sizesWindows()),
                    clock);

    private final WindowListeners listeners = new WindowListeners(counters, sink, log);

    final InFlight inFlight =
            new InFlight(settings.emission().maxInFlight(), machine.sleeper(), clock, log::beat);
    private final TimeZoneWatch timeZone = new TimeZoneWatch(settings.timeZone(), log);
    final FirstLook firstLook = new FirstLook(settings, ledger, counters, clock);
    final Recovery recovery = new Recovery(ledger, spool, calendar, board, log);

    /** Exchanges and tasks of the poll that runs. */
    final PollCount count = new PollCount(settings.emission().maxMessagesPerPoll(), board);

    // ---- admit, fetch, spool, verify

    private final RetryRule retries =
            new RetryRule(
                    settings.downloads().maxRetries(),
                    settings.downloads().retryDelay(),
                    new Random());
    private final WindowFailures windowFailures =
            new WindowFailures(settings, ledger, board, limit, arrivals, retries, listeners, clock);
    final Tasks tasks =
            new Tasks(settings, board, limit, ledger, windowFailures, listeners, sink, count::task);
    final Admissions admissions =
            new Admissions(settings, board, limit, work(), windowFailures, log, clock, pool);

    // ---- split, dedupe, emit, acknowledge, commit

    final Flusher flusher = new Flusher(ledger, deduplicator, listeners, clock);
    final WindowPreparation preparation =
            new WindowPreparation(
                    ledger,
                    bodies,
                    deduplicator,
                    parkedReader,
                    inFlight,
                    settings.emission().batchSize());
    final FailedExchanges failures =
            new FailedExchanges(
                    settings, ledger, board, inFlight, parkedEvents, sink, listeners, clock);
    final Emission emission =
            new Emission(
                    settings.emission().batchSize(),
                    bodies,
                    deduplicator,
                    failures,
                    flusher,
                    sink,
                    log::beat,
                    machine.threads());
    final WindowCompletion completion =
            new WindowCompletion(
                    ledger, calendar, board, preparation, failures, flusher, listeners, clock);
    final CompletionNotices notices = new CompletionNotices(ledger, inFlight, sink, listeners);

    // ---- operators and observers

    private final ParkedResume parkedResume =
            new ParkedResume(
                    ledger,
                    parkedReader,
                    deduplicator,
                    inFlight,
                    sink,
                    listeners,
                    settings.emission().batchSize(),
                    flusher);
    final OperatorCommands operator =
            new OperatorCommands(
                    settings,
                    ledger,
                    board,
                    admissions,
                    completion,
                    parkedEvents,
                    parkedResume,
                    listeners);
    final Status status =
            new Status(
                    settings,
                    ledger,
                    calendar,
                    () ->
                            new ExportSnapshot.Usage(
                                    inFlight.count(),
                                    settings.emission().maxInFlight(),
                                    spool.usedBytes(),
                                    spool.maxBytes()),
                    limit,
                    new Runs(counters, clock),
                    eta,
                    new Since());
    final StuckExchangeWatch stuckWatch = new StuckExchangeWatch(inFlight, log, clock);
    final ExportTroubles troubles =
            new ExportTroubles(
                    disk, spool, limit, ledger, inFlight, windowFailures, timeZone, firstLook);

    ExportParts(Given given) throws ExportException {
        super(given);
    }

    /** What is done with a window that there is leave for; a test may replace it. */
    Admissions.Work work() {
        return settings.tasks().emitsWindows() ? tasks : downloads();
    }

    private Downloads downloads() {
        Download download =
                new Download(
                        settings,
                        bodies,
                        deduplicator::newKeys,
                        () ->
                                new Findings(
                                        new BodyOffsets(spool.newSpillFile(log::notesEnd)),
                                        new InflatedBody(
                                                machine.memory(), settings.maxInMemorySize())),
                        new Quarantine(folder.resolve("quarantine"), settings.maxSpoolSize(), disk),
                        clock);
        return new Downloads(
                settings,
                new Downloads.Mixpanel(client, limit, serverClock),
                board,
                download,
                ledger,
                windowFailures,
                listeners,
                timeZone);
    }
}
