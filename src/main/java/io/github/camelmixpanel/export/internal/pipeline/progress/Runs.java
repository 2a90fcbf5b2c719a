package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.model.ExportCounts;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot.Run;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Remembers the last polls that had something to do. Thread-safe. */
public final class Runs {

    private static final int KEPT = 8; // with the one that goes on

    private final ExportCounters counters;
    private final InstantSource clock;
    private final Deque<Run> done = new ArrayDeque<>();
    private Instant begun; // null before the first poll
    private Instant ended; // null while one goes on
    private ExportCounts before = ExportCounts.NONE;

    public Runs(ExportCounters counters, InstantSource clock) {
        this.counters = counters;
        this.clock = clock;
    }

    ExportCounters counters() {
        return counters;
    }

    /** A poll begins. */
    public synchronized void begin() {
        last().ifPresent(done::addFirst);
        if (done.size() == KEPT) {
            done.removeLast();
        }
        begun = clock.instant();
        ended = null;
        before = counters.counts();
    }

    /** The poll is over, whatever ended it. */
    public synchronized void end() {
        ended = clock.instant();
    }

    /** What the route acknowledges after its end still belongs to a run. */
    private Optional<Run> last() {
        if (begun == null) {
            return Optional.empty();
        }
        ExportCounts counts = counters.counts().since(before);
        return counts.isEmpty()
                ? Optional.empty()
                : Optional.of(new Run(begun, Optional.ofNullable(ended), counts));
    }

    /** The latest first. */
    synchronized List<Run> list() {
        List<Run> all = new ArrayList<>(done);
        last().ifPresent(it -> all.add(0, it));
        return all;
    }
}
