package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.StateInUseException;
import io.github.camelmixpanel.export.internal.database.Databases;
import io.github.camelmixpanel.export.internal.database.LeasedState;
import io.github.camelmixpanel.export.internal.database.Scope;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.ledger.StateDirectory;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ReexportRequest;
import io.github.camelmixpanel.export.internal.pipeline.emission.Deduplicator;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.OnDemand;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.OnDemandFiles;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.settings.Limits;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import io.github.camelmixpanel.export.option.Reexport;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exports that share a CamelContext: one holder of each state directory, one limit for each
 * host and project, one running export of each name. Thread-safe.
 */
public final class ExportRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(ExportRegistry.class);

    /** By less than this they differ because asking takes time. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMillis(100);

    private final InstantSource clock;
    private final InstantSource passing;
    private final Sleeper sleeper;
    private final Disk disk;
    private final Databases databases;
    private final Executor threads;
    private final Map<Path, Directory> directories = new HashMap<>();
    private final Map<String, Project> projects = new HashMap<>();
    private final Map<Export, Opened> opened = new HashMap<>();
    private final Map<OnDemand, Share> onDemands = new HashMap<>();

    /**
     * @param passing the time that passes, from any beginning: a clock that nobody sets
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
        this.passing = passing;
        this.sleeper = sleeper;
        this.disk = disk;
        this.databases = databases;
        this.threads = threads;
    }

    private record Directory(
            StateDirectory state, Map<String, OnDemandFiles> onDemand, List<Share> users) {

        boolean hasConsumer(String name) {
            return users.stream().anyMatch(it -> it.consumer && it.name.equals(name));
        }

        boolean hasProducer(String name) {
            return users.stream().anyMatch(it -> !it.consumer && it.name.equals(name));
        }
    }

    private record Project(
            ProjectLimit limit,
            Limits limits,
            Path directory,
            DataSource dataSource,
            LeasedState held,
            List<Share> users) {}

    private record Opened(Share share, LeasedState held, Ledger ledger) {}

    /** What one consumer or producer has of what is shared. Each is itself alone. */
    private static final class Share {

        private final String name;
        private final boolean consumer;
        private final Path directory;
        private final String project;
        private final DataSource dataSource;

        Share(ExportSettings settings, boolean consumer) {
            this.name = settings.name();
            this.consumer = consumer;
            this.directory = settings.stateDirectory().toAbsolutePath().normalize();
            this.project = settings.baseUrl().getHost() + "/" + settings.credentials().projectKey();
            this.dataSource = settings.dataSource();
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
    public synchronized Export open(
            ExportSettings settings, ExportClient client, EventSink sink, ExecutorService pool)
            throws ExportException {
        Share share = share(settings, true);
        LeasedState held = null;
        Ledger ledger = null;
        try {
            Path folder = directories.get(share.directory).state().exportFolder(settings.name());
            held = databases.hold(share.dataSource, Scope.ofExport(share.name, folder), disk);
            ledger =
                    Ledger.open(
                            folder,
                            settings.name(),
                            fingerprint(settings),
                            settings.onQueryChange(),
                            clock,
                            held.disk());
            ProjectLimit limit = projects.get(share.project).limit();
            Export export =
                    new Export(
                            settings,
                            folder,
                            ledger,
                            limit,
                            client,
                            sink,
                            pool,
                            threads,
                            clock,
                            sleeper,
                            held.disk());
            limit.forgetRefusal();
            opened.put(export, new Opened(share, held, ledger));
            return export;
        } catch (ExportException | RuntimeException e) {
            if (ledger != null) {
                close(ledger, "the ledger of " + settings.name());
            }
            if (held != null) {
                held.close();
            }
            release(share);
            throw e;
        }
    }

    /**
     * For a producer: windows on demand, beside the consumer of that name if one runs.
     *
     * @param client closed by the caller, after this
     * @throws ExportException when the state cannot be used
     * @throws IllegalArgumentException when a running export contradicts these settings
     */
    public synchronized OnDemand openOnDemand(ExportSettings settings, ExportClient client)
            throws ExportException {
        Share share = share(settings, false);
        boolean done = false;
        try {
            ProjectLimit limit = projects.get(share.project).limit();
            OnDemand onDemand =
                    new OnDemand(
                            settings,
                            onDemandFiles(share, settings),
                            limit,
                            client,
                            clock,
                            sleeper);
            limit.forgetRefusal();
            onDemands.put(onDemand, share);
            done = true;
            return onDemand;
        } finally {
            if (!done) {
                release(share);
            }
        }
    }

    private OnDemandFiles onDemandFiles(Share share, ExportSettings settings)
            throws ExportException {
        Directory directory = directories.get(share.directory);
        OnDemandFiles files = directory.onDemand().get(share.name);
        if (files == null) {
            Path folder = directory.state().exportFolder(share.name);
            files = OnDemandFiles.open(folder, settings.maxSpoolSize(), disk);
            directory.onDemand().put(share.name, files);
        }
        if (files.spool().maxBytes() != settings.maxSpoolSize()) {
            throw new IllegalArgumentException(
                    "The producers of mixpanel-export:"
                            + share.name
                            + " share one spool, so their maxSpoolSize must be the same: found "
                            + settings.maxSpoolSize()
                            + " where "
                            + files.spool().maxBytes()
                            + " is in use");
        }
        return files;
    }

    private Share share(ExportSettings settings, boolean consumer) throws LedgerException {
        Share share = new Share(settings, consumer);
        agree(settings, share.directory, projects.get(share.project));
        boolean done = false;
        try {
            Directory directory = directory(share.directory);
            if (consumer && directory.hasConsumer(share.name)) {
                throw new IllegalArgumentException(
                        "mixpanel-export:"
                                + share.name
                                + " is already running in this CamelContext: an export"
                                + " name belongs to one consumer. Give the other one another name, or share its"
                                + " events with multicast.");
            }
            directory.users().add(share);
            project(settings, share).users().add(share);
            done = true;
            return share;
        } finally {
            if (!done) {
                release(share);
            }
        }
    }

    /** What is written is on disk already, so a failing close loses nothing. */
    private static void close(Closeable resource, String what) {
        try {
            resource.close();
        } catch (IOException e) {
            LOG.warn("Cannot close {}: {}", what, e.toString());
        }
    }

    private static void agree(ExportSettings settings, Path path, Project running) {
        if (running == null) {
            return;
        }
        String who =
                "mixpanel-export:"
                        + settings.name()
                        + " and mixpanel-export:"
                        + running.users().stream()
                                .map(it -> it.name)
                                .distinct()
                                .sorted()
                                .collect(Collectors.joining(","))
                        + " export the same project and share its quota";
        if (!running.directory().equals(path)) {
            throw new IllegalArgumentException(
                    who
                            + ", so their stateDirectory must be the same: found "
                            + path
                            + " and "
                            + running.directory());
        }
        if (running.dataSource() != settings.dataSource()) {
            throw new IllegalArgumentException(
                    who
                            + ", so their dataSource must be the same: found "
                            + (settings.dataSource() == null ? "none" : "one")
                            + " where "
                            + (running.dataSource() == null ? "none" : "another")
                            + " is in use");
        }
        if (!running.limits().equals(settings.limits())) {
            throw new IllegalArgumentException(
                    who
                            + ", so their queriesPerHour, queriesPerSecond and maxConcurrentQueries must be the same:"
                            + " found "
                            + settings.limits()
                            + " where "
                            + running.limits()
                            + " is in use");
        }
    }

    private Directory directory(Path path) throws LedgerException {
        Directory directory = directories.get(path);
        if (directory == null) {
            directory =
                    new Directory(
                            StateDirectory.open(path, clock), new HashMap<>(), new ArrayList<>());
            directories.put(path, directory);
        }
        return directory;
    }

    private Project project(ExportSettings settings, Share share) throws LedgerException {
        Project project = projects.get(share.project);
        if (project == null) {
            project = openProject(settings, share);
            projects.put(share.project, project);
        }
        return project;
    }

    private Project openProject(ExportSettings settings, Share share) throws LedgerException {
        String host = settings.baseUrl().getHost();
        String key = settings.credentials().projectKey();
        Path queryLog = ProjectLimit.queryLog(share.directory, host, key);
        LeasedState held = databases.hold(share.dataSource, Scope.ofQueryLog(queryLog), disk);
        boolean done = false;
        try {
            if (held.clockDifference().abs().compareTo(CLOCKS_DIFFER) > 0
                    && Files.exists(queryLog)) {
                ProjectLimit.clockDiffers(queryLog, held.clockDifference(), held.disk());
            }
            ProjectLimit limit =
                    ProjectLimit.open(
                            share.directory,
                            host,
                            key,
                            settings.limits(),
                            clock,
                            passing,
                            sleeper,
                            held.disk());
            done = true;
            return new Project(
                    limit,
                    settings.limits(),
                    share.directory,
                    share.dataSource,
                    held,
                    new ArrayList<>());
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot open query log " + queryLog + ": " + e + ". " + held.disk().remedy(),
                    e);
        } finally {
            if (!done) {
                held.close();
            }
        }
    }

    /** What must not change under a ledger without somebody's word. */
    private static Map<String, String> fingerprint(ExportSettings settings) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("host", settings.baseUrl().getHost());
        parts.put("project", settings.credentials().projectKey());
        parts.put("events", String.join(",", new TreeSet<>(settings.query().events())));
        if (!settings.query().events().isEmpty()) {
            // without names it changes what events are called, not which ones come
            parts.put("restoreHotShards", String.valueOf(settings.query().restoreHotShards()));
        }
        parts.put("where", String.valueOf(settings.query().where()));
        parts.put("limit", String.valueOf(settings.query().limit()));
        parts.put("timeZone", settings.timeZone().getId());
        parts.put("dedupeKey", settings.dedupeKey().name());
        return parts;
    }

    /**
     * Records the last acknowledged positions and lets others have the name, the project and the
     * directory.
     */
    public synchronized void close(Export export) {
        Opened state = opened.remove(export);
        if (state == null) {
            return;
        }
        export.close();
        close(state.ledger(), "the ledger of " + state.share().name);
        state.held().close();
        release(state.share());
    }

    /** Whether another process has taken over the state of an export, or of its project. */
    public synchronized boolean isLost(Export export) {
        Opened state = opened.get(export);
        return state != null
                && (state.held().isLost() || projects.get(state.share().project).held().isLost());
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
    public synchronized List<LocalDate> reexport(OnDemand onDemand, Window days, Reexport mode)
            throws LedgerException {
        Share share = onDemands.get(onDemand);
        if (share == null) {
            throw new IllegalStateException("The producer of " + days + " is stopped");
        }
        Optional<Export> running = running(share);
        if (running.isPresent()) {
            return running.get().reexport(days, mode);
        }
        Path folder = directories.get(share.directory).state().exportFolder(share.name);
        Scope scope = Scope.ofExport(share.name, folder);
        try (LeasedState held = databases.hold(share.dataSource, scope, disk)) {
            Ledger ledger = Ledger.openExisting(folder, share.name, clock, held.disk());
            try {
                DedupeRecipe recipe = DedupeRecipe.valueOf(ledger.fingerprint().get("dedupeKey"));
                return ReexportRequest.ask(
                        share.name,
                        ledger,
                        null,
                        Deduplicator.daysWithKeys(folder, recipe),
                        days,
                        mode);
            } finally {
                close(ledger, "the ledger of " + share.name);
            }
        }
    }

    /** The export that runs in this CamelContext under the name of this producer. */
    public synchronized Optional<Export> consumerOf(OnDemand onDemand) {
        return Optional.ofNullable(onDemands.get(onDemand)).flatMap(this::running);
    }

    private Optional<Export> running(Share producer) {
        return opened.entrySet().stream()
                .filter(it -> it.getValue().share().name.equals(producer.name))
                .filter(it -> it.getValue().share().directory.equals(producer.directory))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Ends what it waits for and asks for. What it handed out can be read on. */
    public synchronized void close(OnDemand onDemand) {
        Share share = onDemands.remove(onDemand);
        if (share != null) {
            onDemand.close();
            release(share);
        }
    }

    /**
     * The CamelContext is about to stop: no caller of a producer waits for the quota any longer.
     */
    public synchronized void stopOnDemand() {
        onDemands.keySet().forEach(OnDemand::stop);
    }

    private void release(Share share) {
        Project project = projects.get(share.project);
        if (project != null && project.users().remove(share) && project.users().isEmpty()) {
            close(project.limit(), "the query log of " + share.project);
            project.held().close();
            projects.remove(share.project);
        }
        Directory directory = directories.get(share.directory);
        if (directory == null) {
            return;
        }
        directory.users().remove(share);
        if (!directory.hasProducer(share.name)) {
            // a route may still read what a producer handed out that is gone
            directory
                    .onDemand()
                    .computeIfPresent(
                            share.name,
                            (name, files) -> files.spool().usedBytes() == 0 ? null : files);
        }
        if (directory.users().isEmpty()) {
            close(directory.state(), "stateDirectory " + share.directory);
            directories.remove(share.directory);
        }
    }
}
