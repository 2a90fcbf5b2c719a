package io.github.camelmixpanel.export.internal.pipeline.ondemand;

import io.github.camelmixpanel.export.internal.model.ExportTask;
import java.util.LinkedHashSet;
import java.util.Set;

/** Begins each task once, among the last 10,000. Thread-safe. */
public final class BegunTasks {

    private static final int MOST = 10_000;

    /** Oldest first. */
    private final Set<String> ids = new LinkedHashSet<>();

    synchronized boolean begins(ExportTask task) {
        if (!ids.add(task.id())) {
            return false;
        }
        if (ids.size() > MOST) {
            ids.remove(ids.iterator().next());
        }
        return true;
    }
}
