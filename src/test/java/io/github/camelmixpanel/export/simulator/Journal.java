package io.github.camelmixpanel.export.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Every query since the start or the last reset, and what they add up to. Thread-safe. */
final class Journal {

    private final ProjectLimits limits;
    private final List<Query> queries = new ArrayList<>();
    private final List<Instant> starts = new ArrayList<>();
    private int underWay;
    private int mostUnderWay;
    private int refused;

    Journal(ProjectLimits limits) {
        this.limits = limits;
    }

    /** Notes a query that has just been received. */
    synchronized Entry receive(Query query) {
        queries.add(query);
        starts.add(query.at());
        underWay++;
        mostUnderWay = Math.max(mostUnderWay, underWay);
        String project = query.parameters().getOrDefault("project_id", "unknown");
        Reply refusal = limits.refusal(starts, underWay, query.at(), project);
        refused += refusal == null ? 0 : 1;
        return new Entry(queries.size() - 1, refusal);
    }

    synchronized List<Query> queries() {
        return List.copyOf(queries);
    }

    synchronized List<Instant> starts() {
        return List.copyOf(starts);
    }

    synchronized int mostUnderWay() {
        return mostUnderWay;
    }

    synchronized int refused() {
        return refused;
    }

    synchronized List<String> broken() {
        return limits.broken(starts, mostUnderWay);
    }

    /** One query from its receipt to the end of its answer. */
    final class Entry {

        private final int index;
        private final Reply refusal;
        private boolean finished;

        private Entry(int index, Reply refusal) {
            this.index = index;
            this.refusal = refusal;
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
                underWay -= finished ? 0 : 1;
                finished = true;
            }
        }
    }
}
