package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.fetch.ExportClient;
import io.github.camelmixpanel.export.ledger.Ledger;
import io.github.camelmixpanel.export.ledger.StateDirectory;
import io.github.camelmixpanel.export.limit.ProjectLimit;
import io.github.camelmixpanel.export.model.Disk;
import io.github.camelmixpanel.export.model.ExportException;
import io.github.camelmixpanel.export.model.ExportSettings;
import io.github.camelmixpanel.export.model.LedgerException;
import io.github.camelmixpanel.export.model.Limits;
import io.github.camelmixpanel.export.model.Sleeper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exports that share a CamelContext: one holder of each state directory, one limit for each
 * host and project, one running export of each name. Thread-safe.
 */
public final class Exports {

    private static final Logger LOG = LoggerFactory.getLogger(Exports.class);

    private final InstantSource clock;
    private final Sleeper sleeper;
    private final Disk disk;
    private final Map<Path, Directory> directories = new HashMap<>();
    private final Map<String, Project> projects = new HashMap<>();
    private final Map<Export, Opened> opened = new HashMap<>();

    /**
     * @param disk where ledgers, query logs and dedupe keys are written
     */
    public Exports(InstantSource clock, Sleeper sleeper, Disk disk) {
        this.clock = clock;
        this.sleeper = sleeper;
        this.disk = disk;
    }

    private record Directory(StateDirectory state, Set<String> names) {}

    private record Project(ProjectLimit limit, Limits limits, Path directory, Set<String> names) {}

    private record Opened(String name, Path directory, String project, Ledger ledger) {}

    /**
     * @param client closed by the caller, after the export
     * @throws ExportException when the state cannot be used, or was kept for another query
     * @throws IllegalArgumentException when another running export contradicts these settings
     */
    public synchronized Export open(
            ExportSettings settings, ExportClient client, EventSink sink, ExecutorService pool)
            throws ExportException {
        Path path = settings.stateDirectory().toAbsolutePath().normalize();
        String projectKey =
                settings.baseUrl().getHost() + "/" + settings.credentials().projectKey();
        agree(settings, path, projects.get(projectKey));
        Ledger ledger = null;
        try {
            Directory directory = directory(path);
            if (!directory.names().add(settings.name())) {
                throw new IllegalArgumentException(
                        "mixpanel-export:"
                                + settings.name()
                                + " is already running in this CamelContext: an export"
                                + " name belongs to one consumer. Give the other one another name, or share its"
                                + " events with multicast.");
            }
            Project project = project(settings, projectKey, path);
            project.names().add(settings.name());
            Path folder = directory.state().exportFolder(settings.name());
            ledger =
                    Ledger.open(
                            folder,
                            settings.name(),
                            fingerprint(settings),
                            settings.onQueryChange(),
                            clock,
                            disk);
            Export export =
                    new Export(
                            settings,
                            folder,
                            ledger,
                            project.limit(),
                            client,
                            sink,
                            pool,
                            clock,
                            sleeper,
                            disk);
            project.limit().forgetRefusal();
            opened.put(export, new Opened(settings.name(), path, projectKey, ledger));
            return export;
        } catch (ExportException | RuntimeException e) {
            if (ledger != null) {
                close(ledger, "the ledger of " + settings.name());
            }
            // an export of the same name that runs keeps what it has
            boolean running =
                    opened.values().stream()
                            .anyMatch(
                                    o ->
                                            o.name().equals(settings.name())
                                                    && o.directory().equals(path));
            if (!running) {
                release(settings.name(), path, projectKey);
            }
            throw e;
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
                        + String.join(",", running.names())
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
            directory = new Directory(StateDirectory.open(path, clock), new HashSet<>());
            directories.put(path, directory);
        }
        return directory;
    }

    private Project project(ExportSettings settings, String key, Path path) throws LedgerException {
        Project project = projects.get(key);
        if (project == null) {
            ProjectLimit limit =
                    ProjectLimit.open(
                            path,
                            settings.baseUrl().getHost(),
                            settings.credentials().projectKey(),
                            settings.limits(),
                            clock,
                            sleeper,
                            disk);
            project = new Project(limit, settings.limits(), path, new TreeSet<>());
            projects.put(key, project);
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
        close(state.ledger(), "the ledger of " + state.name());
        release(state.name(), state.directory(), state.project());
    }

    private void release(String name, Path path, String projectKey) {
        Project project = projects.get(projectKey);
        if (project != null && project.names().remove(name) && project.names().isEmpty()) {
            close(project.limit(), "the query log of " + projectKey);
            projects.remove(projectKey);
        }
        Directory directory = directories.get(path);
        if (directory != null) {
            directory.names().remove(name);
            if (directory.names().isEmpty()) {
                close(directory.state(), "stateDirectory " + path);
                directories.remove(path);
            }
        }
    }
}
