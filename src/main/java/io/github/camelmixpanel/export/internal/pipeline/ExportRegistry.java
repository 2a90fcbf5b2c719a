package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.StateInUseException;
import io.github.camelmixpanel.export.internal.database.Databases;
import io.github.camelmixpanel.export.internal.database.LeasedState;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.SharedState.Share;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ReexportRequest;
import io.github.camelmixpanel.export.internal.pipeline.emission.KeyDeduplicator;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.BegunTasks;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.OnDemand;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.OnDemandFiles;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.spool.InflatedBody;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import io.github.camelmixpanel.export.option.Reexport;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/**
 * At most one running export per name in a CamelContext; exports of one project share its quota.
 * Thread-safe: what opens or closes an export waits only for others that do so with the same one.
 */
public final class ExportRegistry {

    private final InstantSource clock;
    private final Sleeper sleeper;
    private final Executor threads;
    private final SharedState shared;
    private final InflatedBody.Memory memory = new InflatedBody.Memory();
    private final Map<Export, Opened> opened = new ConcurrentHashMap<>();
    private final Map<OnDemand, Share> onDemands = new ConcurrentHashMap<>();
    private final BegunTasks begun = new BegunTasks();

    /**
     * @param passing the time that passes, from any beginning: a clock that is never set
     * @param disk where ledgers, query logs and dedupe keys are written
     * @param databases where they are kept as well, for those that say so
     * @param threads starts a thread for what is done beside another; never makes it wait, never
     *     drops it
     */
    public ExportRegistry(
            InstantSource clock,
            InstantSource passing,
            Sleeper sleeper,
            Disk disk,
            Databases databases,
            Executor threads) {
        this.clock = clock;
        this.sleeper = sleeper;
        this.threads = threads;
        this.shared = new SharedState(clock, passing, sleeper, disk, databases);
    }

    /** Bytes of verified bodies that all exports keep in memory. */
    public long bytesInMemory() {
        return memory.used();
    }

    /** What it holds; null what it does not hold yet. */
    private record Opened(Share share, LeasedState held, Ledger ledger) {

        void close() {
            if (ledger != null) {
                SharedState.close(ledger, "the ledger of " + share.name());
            }
            if (held != null) {
                held.close();
            }
            share.release();
        }
    }

    /**
     * The export of a consumer.
     *
     * @param client closed by the caller, after the export
     * @param pool of {@code maxConcurrentWindows} threads, which download
     * @throws StateInUseException when another process has the state
     * @throws ExportException when the state cannot be used, or was kept for another query
     * @throws IllegalArgumentException when another running export contradicts these settings
     */
    public Export open(
            ExportSettings settings, ExportClient client, EventSink sink, ExecutorService pool)
            throws ExportException {
        Share share = shared.share(settings, true);
        synchronized (share.exportLock()) {
            LeasedState held = null;
            Ledger ledger = null;
            try {
                Path folder = share.exportFolder();
                held = share.lease();
                ledger =
                        Ledger.open(
                                folder,
                                settings.name(),
                                fingerprint(settings),
                                settings.state().onQueryChange(),
                                clock,
                                held.disk());
                BaseParts.Machine machine =
                        new BaseParts.Machine(clock, sleeper, held.disk(), threads, memory);
                Export export =
                        new Export(
                                new BaseParts.Given(
                                        settings,
                                        folder,
                                        ledger,
                                        share.limit(),
                                        client,
                                        sink,
                                        pool,
                                        machine));
                share.forgetRefusal();
                opened.put(export, new Opened(share, held, ledger));
                return export;
            } catch (ExportException | RuntimeException e) {
                new Opened(share, held, ledger).close();
                throw e;
            }
        }
    }

    /** What must not change under a ledger unless the user says so. */
    private static Map<String, String> fingerprint(ExportSettings settings) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("host", settings.baseUrl().getHost());
        parts.put("project", settings.credentials().projectId());
        parts.put("events", String.join(",", new TreeSet<>(settings.query().events())));
        if (!settings.query().events().isEmpty()) {
            // without names it changes what events are called, not which ones come
            parts.put("restoreHotShards", String.valueOf(settings.query().restoreHotShards()));
        }
        parts.put("where", String.valueOf(settings.query().where()));
        parts.put("limit", String.valueOf(settings.query().limit()));
        parts.put("timeZone", settings.timeZone().getId());
        parts.put("dedupeKey", settings.dedupe().dedupeKey().name());
        return parts;
    }

    /**
     * For a producer: windows on demand, beside the consumer of that name if one runs.
     *
     * @param client closed by the caller, after this
     * @throws ExportException when the state cannot be used
     * @throws IllegalArgumentException when a running export contradicts these settings
     */
    public OnDemand openOnDemand(ExportSettings settings, ExportClient client)
            throws ExportException {
        Share share = shared.share(settings, false);
        try {
            OnDemandFiles files = share.onDemandFiles();
            ProjectLimit limit = share.limit();
            OnDemand onDemand = new OnDemand(settings, files, limit, client, begun, clock, sleeper);
            share.forgetRefusal();
            onDemands.put(onDemand, share);
            return onDemand;
        } catch (Throwable e) {
            share.release();
            throw e;
        }
    }

    /**
     * Records the last acknowledged lines and frees the name, the project and the directory for
     * others.
     */
    public void close(Export export) {
        Opened state = opened.get(export);
        if (state == null) {
            return;
        }
        synchronized (state.share().exportLock()) {
            if (opened.remove(export, state)) {
                export.close();
                state.close();
            }
        }
    }

    /** Whether another process has taken over the state of an export, or of its project. */
    public boolean isLost(Export export) {
        Opened state = opened.get(export);
        return state != null && (state.held().isLost() || state.share().isProjectLost());
    }

    /**
     * Makes days due again that the export of this producer's name has exported: through its
     * consumer where one runs in this CamelContext, and otherwise in its ledger.
     *
     * @return those days
     * @throws StateInUseException when its consumer runs in another process
     * @throws LedgerException when that export has never run, or its ledger cannot be written
     * @throws IllegalArgumentException when none of the days was exported
     * @throws IllegalStateException when a repair cannot tell what the route has had
     */
    public List<LocalDate> reexport(OnDemand onDemand, Window days, Reexport mode)
            throws LedgerException {
        Share share = onDemands.get(onDemand);
        if (share == null) {
            throw new IllegalStateException("The producer of " + days + " is stopped");
        }
        synchronized (share.exportLock()) {
            Optional<Export> running = running(share);
            return running.isPresent()
                    ? running.get().reexport(days, mode)
                    : reexport(share, days, mode);
        }
    }

    private List<LocalDate> reexport(Share share, Window days, Reexport mode)
            throws LedgerException {
        Path folder = share.exportFolder();
        try (LeasedState held = share.lease()) {
            Ledger ledger = Ledger.openExisting(folder, share.name(), clock, held.disk());
            try {
                DedupeRecipe recipe = DedupeRecipe.valueOf(ledger.fingerprint().get("dedupeKey"));
                return ReexportRequest.ask(
                        share.name(),
                        ledger,
                        null,
                        KeyDeduplicator.daysWithKeys(folder, recipe),
                        days,
                        mode);
            } finally {
                SharedState.close(ledger, "the ledger of " + share.name());
            }
        }
    }

    /** The export that runs in this CamelContext under the name of this producer. */
    public Optional<Export> consumerOf(OnDemand onDemand) {
        return Optional.ofNullable(onDemands.get(onDemand)).flatMap(this::running);
    }

    private Optional<Export> running(Share producer) {
        return opened.entrySet().stream()
                .filter(it -> it.getValue().share().sharesExportWith(producer))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Ends its waits and queries. The windows that it exported can be read on. */
    public void close(OnDemand onDemand) {
        Share share = onDemands.remove(onDemand);
        if (share != null) {
            onDemand.close();
            share.release();
        }
    }

    /**
     * The CamelContext is about to stop: no caller of a producer waits for the quota any longer.
     */
    public void stopOnDemand() {
        onDemands.keySet().forEach(OnDemand::close);
    }
}
