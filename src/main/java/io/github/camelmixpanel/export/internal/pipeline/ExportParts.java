package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.admission.Admissions;
import io.github.camelmixpanel.export.internal.pipeline.admission.WindowFailures;
import io.github.camelmixpanel.export.internal.pipeline.board.Findings;
import io.github.camelmixpanel.export.internal.pipeline.board.RetryRule;
import io.github.camelmixpanel.export.internal.pipeline.download.Download;
import io.github.camelmixpanel.export.internal.pipeline.download.Downloads;
import io.github.camelmixpanel.export.internal.pipeline.emission.CompletionNotices;
import io.github.camelmixpanel.export.internal.pipeline.emission.Emission;
import io.github.camelmixpanel.export.internal.pipeline.emission.FailedExchanges;
import io.github.camelmixpanel.export.internal.pipeline.emission.Flusher;
import io.github.camelmixpanel.export.internal.pipeline.emission.ParkedReader;
import io.github.camelmixpanel.export.internal.pipeline.emission.WindowCompletion;
import io.github.camelmixpanel.export.internal.pipeline.emission.WindowPreparation;
import io.github.camelmixpanel.export.internal.pipeline.parking.OperatorCommands;
import io.github.camelmixpanel.export.internal.pipeline.parking.ParkedResume;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.pipeline.progress.FirstLook;
import io.github.camelmixpanel.export.internal.pipeline.progress.Runs;
import io.github.camelmixpanel.export.internal.pipeline.progress.Since;
import io.github.camelmixpanel.export.internal.pipeline.progress.Status;
import io.github.camelmixpanel.export.internal.pipeline.progress.StuckExchangeWatch;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.pipeline.tasks.Tasks;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.spool.InflatedBody;
import io.github.camelmixpanel.export.internal.spool.Quarantine;
import io.github.camelmixpanel.export.internal.spool.Spool;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;

/**
 * The wiring of one export: each part is made once, when another part or the {@link Export} first
 * needs it. A test replaces a part by overriding its method. Used by the thread that opens the
 * export.
 */
class ExportParts extends BaseParts {

    private final ExportClient client;
    private final ExecutorService pool;

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
        super(settings, folder, ledger, limit, sink, machine);
        this.client = client;
        this.pool = pool;
    }

    // ---- plan

    FirstLook firstLook() {
        return once(
                FirstLook.class, () -> new FirstLook(settings(), ledger(), counters(), clock()));
    }

    Recovery recovery() throws ExportException {
        return new Recovery(ledger(), spool(), calendar(), board(), log(), listener());
    }

    // ---- admit

    RetryRule retries() {
        return once(
                RetryRule.class,
                () ->
                        new RetryRule(
                                settings().downloads().maxRetries(),
                                settings().downloads().retryDelay(),
                                new Random()));
    }

    WindowFailures windowFailures() {
        return once(
                WindowFailures.class,
                () ->
                        new WindowFailures(
                                settings(),
                                ledger(),
                                board(),
                                limit(),
                                arrivals(),
                                retries(),
                                listener(),
                                clock()));
    }

    Admissions admissions() throws ExportException {
        return once(
                Admissions.class,
                () ->
                        new Admissions(
                                settings(),
                                board(),
                                limit(),
                                work(),
                                windowFailures(),
                                log(),
                                clock(),
                                pool));
    }

    /** What is done with a window that there is leave for. */
    Admissions.Work work() throws ExportException {
        return settings().tasks().emitsWindows() ? tasks() : downloads();
    }

    Tasks tasks() {
        return once(
                Tasks.class,
                () ->
                        new Tasks(
                                settings(),
                                board(),
                                limit(),
                                ledger(),
                                windowFailures(),
                                listener(),
                                sink(),
                                pollCount()::task));
    }

    /** Exchanges and tasks of the poll that runs. */
    PollCount pollCount() {
        return once(
                PollCount.class,
                () -> new PollCount(settings().emission().maxMessagesPerPoll(), board()));
    }

    // ---- fetch, spool, verify

    Download download() throws ExportException {
        Spool spool = spool();
        ExportLog log = log();
        return once(
                Download.class,
                () ->
                        new Download(
                                settings(),
                                bodies(),
                                deduplicator()::newKeys,
                                () ->
                                        new Findings(
                                                new BodyOffsets(spool.newSpillFile(log::notesEnd)),
                                                new InflatedBody(
                                                        machine().memory(),
                                                        settings().maxInMemorySize())),
                                new Quarantine(
                                        folder().resolve("quarantine"),
                                        settings().maxSpoolSize(),
                                        disk()),
                                clock()));
    }

    Downloads downloads() throws ExportException {
        return once(
                Downloads.class,
                () ->
                        new Downloads(
                                settings(),
                                new Downloads.Mixpanel(client, limit(), serverClock()),
                                board(),
                                download(),
                                bodies(),
                                ledger(),
                                windowFailures(),
                                new Downloads.Observers(listener(), counters(), timeZoneWatch())));
    }

    // ---- split, dedupe, emit

    WindowPreparation preparation() throws ExportException {
        return once(
                WindowPreparation.class,
                () ->
                        new WindowPreparation(
                                ledger(),
                                bodies(),
                                deduplicator(),
                                parkedReader(),
                                inFlight(),
                                settings().emission().batchSize()));
    }

    Emission emission() throws ExportException {
        return once(
                Emission.class,
                () ->
                        new Emission(
                                settings().emission().batchSize(),
                                bodies(),
                                deduplicator(),
                                failedExchanges(),
                                flusher(),
                                sink(),
                                log()::beat,
                                machine().threads()));
    }

    FailedExchanges failedExchanges() {
        return once(
                FailedExchanges.class,
                () ->
                        new FailedExchanges(
                                settings(),
                                ledger(),
                                board(),
                                inFlight(),
                                parkedEvents(),
                                sink(),
                                listener(),
                                clock()));
    }

    ParkedReader parkedReader() throws SpoolException {
        return once(ParkedReader.class, () -> new ParkedReader(parkedEvents(), bodies().scanner()));
    }

    // ---- acknowledge, commit

    Flusher flusher() throws ExportException {
        return once(
                Flusher.class, () -> new Flusher(ledger(), deduplicator(), listener(), clock()));
    }

    WindowCompletion completion() throws ExportException {
        return once(
                WindowCompletion.class,
                () ->
                        new WindowCompletion(
                                ledger(),
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
                () -> new CompletionNotices(ledger(), inFlight(), sink(), listener()));
    }

    // ---- operators and observers

    OperatorCommands operatorCommands() throws ExportException {
        return once(
                OperatorCommands.class,
                () ->
                        new OperatorCommands(
                                settings(),
                                ledger(),
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
                                ledger(),
                                parkedReader(),
                                deduplicator(),
                                inFlight(),
                                sink(),
                                listener(),
                                settings().emission().batchSize(),
                                flusher()));
    }

    Status status() throws ExportException {
        InFlight inFlight = inFlight();
        Spool spool = spool();
        return new Status(
                settings(),
                ledger(),
                calendar(),
                () ->
                        new ExportSnapshot.Usage(
                                inFlight.count(),
                                settings().emission().maxInFlight(),
                                spool.usedBytes(),
                                spool.maxBytes()),
                limit(),
                new Runs(counters(), clock()),
                eta(),
                new Since());
    }

    StuckExchangeWatch stuckWatch() {
        return once(
                StuckExchangeWatch.class, () -> new StuckExchangeWatch(inFlight(), log(), clock()));
    }

    ExportTroubles troubles() throws SpoolException {
        return once(
                ExportTroubles.class,
                () ->
                        new ExportTroubles(
                                disk(),
                                spool(),
                                limit(),
                                ledger(),
                                inFlight(),
                                windowFailures(),
                                timeZoneWatch(),
                                firstLook()));
    }
}
