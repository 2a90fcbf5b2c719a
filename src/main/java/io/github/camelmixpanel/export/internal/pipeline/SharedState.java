package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.database.Databases;
import io.github.camelmixpanel.export.internal.database.LeasedState;
import io.github.camelmixpanel.export.internal.database.Scope;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.ledger.StateDirectory;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.limit.QueryLog;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.OnDemandFiles;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What consumers and producers of a CamelContext share: one holder of each state directory, one
 * limit for each host and project, each closed with its last user.
 *
 * <p>Thread-safe. Its monitor guards what is shared, and no thread waits for a database while it
 * holds that: one that hangs must hold up nobody who uses another.
 */
final class SharedState {

    private static final Logger LOG = LoggerFactory.getLogger(SharedState.class);

    /** By less than this they differ because asking takes time. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMillis(100);

    private final InstantSource clock;
    private final InstantSource passing;
    private final Sleeper sleeper;
    private final Disk disk;
    private final Databases databases;
    private final Map<Path, Directory> directories = new HashMap<>();
    private final Map<String, Project> projects = new HashMap<>();

    /** By project or export; held while its state is opened or closed, which may take its time. */
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    /** Whatever had a share in this process. */
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    SharedState(
            InstantSource clock,
            InstantSource passing,
            Sleeper sleeper,
            Disk disk,
            Databases databases) {
        this.clock = clock;
        this.passing = passing;
        this.sleeper = sleeper;
        this.disk = disk;
        this.databases = databases;
    }

    private record Directory(
            StateDirectory state, Map<String, OnDemandFiles> onDemand, List<Share> users) {

        boolean has(boolean consumer, String name) {
            return users.stream().anyMatch(it -> it.consumer == consumer && it.name().equals(name));
        }
    }

    /** A project is known from its first user on, and open a little later. */
    private static final class Project {

        private final List<Share> users = new ArrayList<>();
        private volatile LeasedState held;
        private volatile ProjectLimit limit;

        void close(String name) {
            if (limit != null) {
                SharedState.close(limit, "the query log of " + name);
                held.close();
            }
        }
    }

    /** What one consumer or producer has of what is shared. Each is itself alone. */
    final class Share {

        private final ExportSettings settings;
        private final boolean consumer;
        private final Path directory;
        private final String project;
        private final boolean restarted;
        private Project shared;

        private Share(ExportSettings settings, boolean consumer) {
            this.settings = settings;
            this.consumer = consumer;
            this.directory = settings.state().stateDirectory().toAbsolutePath().normalize();
            this.project = settings.baseUrl().getHost() + "/" + settings.credentials().projectId();
            this.restarted = !known.add(directory + "/" + name() + "/" + consumer);
        }

        String name() {
            return settings.name();
        }

        boolean sharesExportWith(Share other) {
            return name().equals(other.name()) && directory.equals(other.directory);
        }

        /** To be held by what opens, uses or closes the state of the export. */
        Object exportLock() {
            return lock(directory + "/" + name());
        }

        Path exportFolder() throws LedgerException {
            synchronized (SharedState.this) {
                return directories.get(directory).state().exportFolder(name());
            }
        }

        ProjectLimit limit() {
            return shared.limit;
        }

        /** One query may try at once after a restart, or unless these credentials were refused. */
        void forgetRefusal() {
            limit().forgetRefusal(restarted ? null : settings.credentials().fingerprint());
        }

        /** Takes the state of the export, to be closed by the caller. */
        LeasedState lease() throws LedgerException {
            Scope scope = Scope.ofExport(name(), exportFolder());
            return databases.hold(settings.state().dataSource(), scope, disk);
        }

        /** Whether another process has taken over the state of the project. */
        boolean isProjectLost() {
            return shared.held.isLost();
        }

        /** Those of all producers of the name. */
        OnDemandFiles onDemandFiles() throws ExportException {
            long size = settings.maxSpoolSize();
            synchronized (SharedState.this) {
                Map<String, OnDemandFiles> open = directories.get(directory).onDemand();
                OnDemandFiles files = open.get(name());
                if (files == null) {
                    files = OnDemandFiles.open(exportFolder(), size, disk);
                    open.put(name(), files);
                }
                long inUse = files.spool().maxBytes();
                if (inUse != size) {
                    throw new IllegalArgumentException(
                            """
                            The producers of mixpanel-export:%s share one spool, so their \
                            maxSpoolSize must be the same: found %d where %d is in use"""
                                    .formatted(name(), size, inUse));
                }
                return files;
            }
        }

        /** Closes what no other uses. */
        void release() {
            synchronized (lock(project)) {
                if (isLastOfProject()) {
                    shared.close(project);
                }
            }
            synchronized (SharedState.this) {
                leaveDirectory();
            }
        }

        private boolean isLastOfProject() {
            synchronized (SharedState.this) {
                shared.users.remove(this);
                return shared.users.isEmpty() && projects.remove(project, shared);
            }
        }

        private void leaveDirectory() {
            Directory state = directories.get(directory);
            state.users().remove(this);
            if (!state.has(false, name())) {
                // a route may still read a window of a producer that is gone
                state.onDemand()
                        .computeIfPresent(
                                name(),
                                (key, files) -> files.spool().usedBytes() == 0 ? null : files);
            }
            if (state.users().isEmpty()) {
                close(state.state(), "stateDirectory " + directory);
                directories.remove(directory);
            }
        }
    }

    /**
     * @throws IllegalArgumentException when another user contradicts these settings
     */
    Share share(ExportSettings settings, boolean consumer) throws LedgerException {
        Share share = new Share(settings, consumer);
        join(share);
        try {
            synchronized (lock(share.project)) {
                if (share.shared.limit == null) {
                    openProject(share);
                }
            }
            return share;
        } catch (Throwable e) {
            share.release();
            throw e;
        }
    }

    private synchronized void join(Share share) throws LedgerException {
        requireAgreement(share);
        Directory directory = directories.get(share.directory);
        if (directory == null) {
            StateDirectory state = StateDirectory.open(share.directory, clock);
            directory = new Directory(state, new HashMap<>(), new ArrayList<>());
            directories.put(share.directory, directory);
        }
        if (share.consumer && directory.has(true, share.name())) {
            throw new IllegalArgumentException(
                    """
                    mixpanel-export:%s is already running in this CamelContext: an export name \
                    belongs to one consumer. Give the other one another name, or share its \
                    events with multicast."""
                            .formatted(share.name()));
        }
        directory.users().add(share);
        share.shared = projects.computeIfAbsent(share.project, it -> new Project());
        share.shared.users.add(share);
    }

    private Object lock(String of) {
        return locks.computeIfAbsent(of, it -> new Object());
    }

    /** What is written is on disk already, so a failing close loses nothing. */
    static void close(Closeable resource, String what) {
        try {
            resource.close();
        } catch (IOException e) {
            LOG.warn("Cannot close {}: {}", what, e.toString());
        }
    }

    private void requireAgreement(Share share) {
        Project running = projects.get(share.project);
        if (running == null) {
            return;
        }
        Share other = running.users.get(0); // all of them agree
        ExportSettings mine = share.settings;
        ExportSettings theirs = other.settings;
        if (!other.directory.equals(share.directory)) {
            throw contradicts(
                    share,
                    running,
                    "stateDirectory must be the same: found %s and %s"
                            .formatted(share.directory, other.directory));
        }
        if (theirs.state().dataSource() != mine.state().dataSource()) {
            throw contradicts(
                    share,
                    running,
                    "dataSource must be the same: found %s where %s is in use"
                            .formatted(
                                    mine.state().dataSource() == null ? "none" : "one",
                                    theirs.state().dataSource() == null ? "none" : "another"));
        }
        if (!theirs.downloads().limits().equals(mine.downloads().limits())) {
            throw contradicts(
                    share,
                    running,
                    """
                    queriesPerHour, queriesPerSecond and maxConcurrentQueries must be the same: \
                    found %s where %s is in use"""
                            .formatted(mine.downloads().limits(), theirs.downloads().limits()));
        }
    }

    private static IllegalArgumentException contradicts(Share share, Project running, String how) {
        String others =
                running.users.stream()
                        .map(Share::name)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(","));
        return new IllegalArgumentException(
                """
                mixpanel-export:%s and mixpanel-export:%s export the same project and share its \
                quota, so their %s"""
                        .formatted(share.name(), others, how));
    }

    private void openProject(Share share) throws LedgerException {
        ExportSettings settings = share.settings;
        String host = settings.baseUrl().getHost();
        String key = settings.credentials().projectId();
        Path queryLog = QueryLog.file(share.directory, host, key);
        LeasedState held =
                databases.hold(settings.state().dataSource(), Scope.ofQueryLog(queryLog), disk);
        boolean done = false;
        try {
            if (held.clockDifference().abs().compareTo(CLOCKS_DIFFER) > 0
                    && Files.exists(queryLog)) {
                QueryLog.clockDiffers(queryLog, held.clockDifference(), held.disk());
            }
            ProjectLimit limit =
                    new ProjectLimit(
                            "project " + key + " on " + host,
                            queryLog,
                            settings.downloads().limits(),
                            clock,
                            passing,
                            sleeper,
                            new Random(),
                            held.disk());
            done = true;
            share.shared.held = held;
            share.shared.limit = limit;
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot open query log %s: %s. %s".formatted(queryLog, e, held.disk().remedy()),
                    e);
        } finally {
            if (!done) {
                held.close();
            }
        }
    }
}
