package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.fetch.ExportClient;
import io.github.camelmixpanel.export.ledger.Ledger;
import io.github.camelmixpanel.export.ledger.StateDirectory;
import io.github.camelmixpanel.export.limit.ProjectLimit;
import io.github.camelmixpanel.export.model.DedupeRecipe;
import io.github.camelmixpanel.export.model.Disk;
import io.github.camelmixpanel.export.model.ExportException;
import io.github.camelmixpanel.export.model.ExportSettings;
import io.github.camelmixpanel.export.model.LedgerException;
import io.github.camelmixpanel.export.model.Limits;
import io.github.camelmixpanel.export.model.Reexport;
import io.github.camelmixpanel.export.model.Sleeper;
import io.github.camelmixpanel.export.model.Window;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exports that share a CamelContext: one holder of each state directory, one limit for each
 * host and project, one running export of each name. Thread-safe.
 */
public final class Exports {

    private static final Logger LOG = LoggerFactory.getLogger(Exports.class);

    private final InstantSource clock;
    private final InstantSource passing;
    private final Sleeper sleeper;
    private final Disk disk;
    private final Map<Path, Directory> directories = new HashMap<>();
    private final Map<String, Project> projects = new HashMap<>();
    private final Map<Export, Opened> opened = new HashMap<>();
    private final Map<OnDemand, Lease> onDemands = new HashMap<>();

    /**
     * @param passing the time that passes, from any beginning: a clock that nobody sets
     * @param disk where ledgers, query logs and dedupe keys are written
     */
    public Exports(InstantSource clock, InstantSource passing, Sleeper sleeper, Disk disk) {
        this.clock = clock;
        this.passing = passing;
        this.sleeper = sleeper;
        this.disk = disk;
    }

    private record Directory(
            StateDirectory state, Map<String, OnDemandFiles> onDemand, List<Lease> users) {

        boolean hasConsumer(String name) {
            return users.stream().anyMatch(it -> it.consumer && it.name.equals(name));
        }

        boolean hasProducer(String name) {
            return users.stream().anyMatch(it -> !it.consumer && it.name.equals(name));
        }
    }

    private record Project(ProjectLimit limit, Limits limits, Path directory, List<Lease> users) {}

    private record Opened(Lease lease, Ledger ledger) {}

    /** What one consumer or producer has of what is shared. Each is itself alone. */
    private static final class Lease {

        private final String name;
        private final boolean consumer;
        private final Path directory;
        private final String project;

        Lease(ExportSettings settings, boolean consumer) {
            this.name = settings.name();
            this.consumer = consumer;
            this.directory = settings.stateDirectory().toAbsolutePath().normalize();
            this.project = settings.baseUrl().getHost() + "/" + settings.credentials().projectKey();
        }
    }

    /**
     * The export of a consumer.
     *
     * @param client closed by the caller, after the export
     * @throws ExportException when the state cannot be used, or was kept for another query
     * @throws IllegalArgumentException when another running export contradicts these settings
     */
    public synchronized Export open(
            ExportSettings settings, ExportClient client, EventSink sink, ExecutorService pool)
            throws ExportException {
        Lease lease = lease(settings, true);
        Ledger ledger = null;
        try {
            Path folder = directories.get(lease.directory).state().exportFolder(settings.name());
            ledger =
                    Ledger.open(
                            folder,
                            settings.name(),
                            fingerprint(settings),
                            settings.onQueryChange(),
                            clock,
                            disk);
            ProjectLimit limit = projects.get(lease.project).limit();
            Export export =
                    new Export(
                            settings, folder, ledger, limit, client, sink, pool, clock, sleeper,
                            disk);
            limit.forgetRefusal();
            opened.put(export, new Opened(lease, ledger));
            return export;
        } catch (ExportException | RuntimeException e) {
            if (ledger != null) {
                close(ledger, "the ledger of " + settings.name());
            }
            release(lease);
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
        Lease lease = lease(settings, false);
        boolean done = false;
        try {
            ProjectLimit limit = projects.get(lease.project).limit();
            OnDemand onDemand =
                    new OnDemand(
                            settings,
                            onDemandFiles(lease, settings),
                            limit,
                            client,
                            clock,
                            sleeper);
            limit.forgetRefusal();
            onDemands.put(onDemand, lease);
            done = true;
            return onDemand;
        } finally {
            if (!done) {
                release(lease);
            }
        }
    }

    private OnDemandFiles onDemandFiles(Lease lease, ExportSettings settings)
            throws ExportException {
        Directory directory = directories.get(lease.directory);
        OnDemandFiles files = directory.onDemand().get(lease.name);
        if (files == null) {
            Path folder = directory.state().exportFolder(lease.name);
            files = OnDemandFiles.open(folder, settings.maxSpoolSize(), disk);
            directory.onDemand().put(lease.name, files);
        }
        if (files.spool().maxBytes() != settings.maxSpoolSize()) {
            throw new IllegalArgumentException(
                    "The producers of mixpanel-export:"
                            + lease.name
                            + " share one spool, so their maxSpoolSize must be the same: found "
                            + settings.maxSpoolSize()
                            + " where "
                            + files.spool().maxBytes()
                            + " is in use");
        }
        return files;
    }

    private Lease lease(ExportSettings settings, boolean consumer) throws LedgerException {
        Lease lease = new Lease(settings, consumer);
        agree(settings, lease.directory, projects.get(lease.project));
        boolean done = false;
        try {
            Directory directory = directory(lease.directory);
            if (consumer && directory.hasConsumer(lease.name)) {
                throw new IllegalArgumentException(
                        "mixpanel-export:"
                                + lease.name
                                + " is already running in this CamelContext: an export"
                                + " name belongs to one consumer. Give the other one another name, or share its"
                                + " events with multicast.");
            }
            directory.users().add(lease);
            project(settings, lease).users().add(lease);
            done = true;
            return lease;
        } finally {
            if (!done) {
                release(lease);
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

    private Project project(ExportSettings settings, Lease lease) throws LedgerException {
        Project project = projects.get(lease.project);
        if (project == null) {
            ProjectLimit limit =
                    ProjectLimit.open(
                            lease.directory,
                            settings.baseUrl().getHost(),
                            settings.credentials().projectKey(),
                            settings.limits(),
                            clock,
                            passing,
                            sleeper,
                            disk);
            project = new Project(limit, settings.limits(), lease.directory, new ArrayList<>());
            projects.put(lease.project, project);
        }
        return project;
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
        close(state.ledger(), "the ledger of " + state.lease().name);
        release(state.lease());
    }

    /**
     * Makes days due again that the export of this producer's name has exported: through its
     * consumer where one runs in this CamelContext, and otherwise in its ledger.
     *
     * @return those days
     * @throws LedgerException when that export has never run, or its ledger cannot be written
     * @throws IllegalArgumentException when none of the days was exported
     * @throws IllegalStateException when a repair cannot tell what the route has had
     */
    public synchronized List<LocalDate> reexport(OnDemand onDemand, Window days, Reexport mode)
            throws LedgerException {
        Lease lease = onDemands.get(onDemand);
        if (lease == null) {
            throw new IllegalStateException("The producer of " + days + " is stopped");
        }
        Optional<Export> running = running(lease);
        if (running.isPresent()) {
            return running.get().reexport(days, mode);
        }
        Path folder = directories.get(lease.directory).state().exportFolder(lease.name);
        Ledger ledger = Ledger.openExisting(folder, lease.name, clock, disk);
        try {
            DedupeRecipe recipe = DedupeRecipe.valueOf(ledger.fingerprint().get("dedupeKey"));
            return AskedAgain.ask(
                    lease.name, ledger, null, Seen.daysWithKeys(folder, recipe), days, mode);
        } finally {
            close(ledger, "the ledger of " + lease.name);
        }
    }

    /** The export that runs in this CamelContext under the name of this producer. */
    public synchronized Optional<Export> consumerOf(OnDemand onDemand) {
        return Optional.ofNullable(onDemands.get(onDemand)).flatMap(this::running);
    }

    private Optional<Export> running(Lease producer) {
        return opened.entrySet().stream()
                .filter(it -> it.getValue().lease().name.equals(producer.name))
                .filter(it -> it.getValue().lease().directory.equals(producer.directory))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Ends what it waits for and asks for. What it handed out can be read on. */
    public synchronized void close(OnDemand onDemand) {
        Lease lease = onDemands.remove(onDemand);
        if (lease != null) {
            onDemand.close();
            release(lease);
        }
    }

    /**
     * The CamelContext is about to stop: no caller of a producer waits for the quota any longer.
     */
    public synchronized void stopOnDemand() {
        onDemands.keySet().forEach(OnDemand::stop);
    }

    private void release(Lease lease) {
        Project project = projects.get(lease.project);
        if (project != null && project.users().remove(lease) && project.users().isEmpty()) {
            close(project.limit(), "the query log of " + lease.project);
            projects.remove(lease.project);
        }
        Directory directory = directories.get(lease.directory);
        if (directory == null) {
            return;
        }
        directory.users().remove(lease);
        if (!directory.hasProducer(lease.name)) {
            // a route may still read what a producer handed out that is gone
            directory
                    .onDemand()
                    .computeIfPresent(
                            lease.name,
                            (name, files) -> files.spool().usedBytes() == 0 ? null : files);
        }
        if (directory.users().isEmpty()) {
            close(directory.state(), "stateDirectory " + lease.directory);
            directories.remove(lease.directory);
        }
    }
}
