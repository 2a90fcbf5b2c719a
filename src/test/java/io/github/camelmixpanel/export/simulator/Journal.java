package io.github.camelmixpanel.export.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * Every query since the start or the last reset, and what they add up to, project by project.
 * Thread-safe.
 */
final class Journal {

    private final ProjectLimits limits;
    private final boolean countsRefused;
    private final List<Query> queries = new ArrayList<>();
    private final Map<String, Project> projects = new TreeMap<>();
    private int refused;

    /**
     * @param countsRefused whether a query that a limit refused counts towards it
     */
    Journal(ProjectLimits limits, boolean countsRefused) {
        this.limits = limits;
        this.countsRefused = countsRefused;
    }

    private static final class Project {

        private final List<Instant> received = new ArrayList<>();
        private final List<Instant> counted = new ArrayList<>();
        private int underWay;
        private int mostUnderWay;
    }

    /** Notes a query that has just been received. */
    synchronized Entry receive(Query query) {
        queries.add(query);
        String name = query.parameters().getOrDefault("project_id", "unknown");
        Project project = projects.computeIfAbsent(name, it -> new Project());
        project.received.add(query.at());
        project.counted.add(query.at());
        project.underWay++;
        project.mostUnderWay = Math.max(project.mostUnderWay, project.underWay);
        Reply refusal = limits.refusal(project.counted, project.underWay, query.at(), name);
        if (refusal != null) {
            refused++;
            if (!countsRefused) {
                project.counted.remove(project.counted.size() - 1);
            }
        }
        return new Entry(queries.size() - 1, refusal, project);
    }

    synchronized List<Query> queries() {
        return List.copyOf(queries);
    }

    /** The largest number received of any one project, refused ones included. */
    synchronized int mostWithin(Duration span) {
        return most(it -> ProjectLimits.mostWithin(span, it.received));
    }

    synchronized int mostUnderWay() {
        return most(it -> it.mostUnderWay);
    }

    private int most(ToIntFunction<Project> figure) {
        return projects.values().stream().mapToInt(figure).max().orElse(0);
    }

    synchronized int refused() {
        return refused;
    }

    synchronized List<String> broken() {
        return projects.values().stream()
                .flatMap(it -> limits.broken(it.received, it.mostUnderWay).stream())
                .toList();
    }

    /** One query from its receipt to the end of its answer. */
    final class Entry {

        private final int index;
        private final Reply refusal;
        private final Project project;
        private boolean finished;

        private Entry(int index, Reply refusal, Project project) {
            this.index = index;
            this.refusal = refusal;
            this.project = project;
        }

        /** The 429 that the limits demand, or null. */
        Reply refusal() {
            return refusal;
        }

        void answered(Response response) {
            synchronized (Journal.this) {
                queries.set(index, queries.get(index).answered(response));
            }
        }

        /** The query is no longer under way; calls after the first do nothing. */
        void finish() {
            synchronized (Journal.this) {
                project.underWay -= finished ? 0 : 1;
                finished = true;
            }
        }
    }
}
