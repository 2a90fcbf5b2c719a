package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.model.Verdict;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Remembers since when a verdict and its troubles are the same. Thread-safe. */
public final class Since {

    private Map<Object, Instant> known = Map.of();

    /** The verdict with the times at which it, and each trouble, was first seen. */
    synchronized Verdict of(Verdict verdict) {
        Map<Object, Instant> seen = new HashMap<>();
        List<Verdict.Trouble> troubles =
                verdict.troubles().stream()
                        .map(it -> it.since(first(seen, List.of(it.kind(), it.cause()), verdict)))
                        .toList();
        Instant begun = first(seen, List.of(verdict.state(), verdict.waitsFor()), verdict);
        known = seen;
        return verdict.since(begun, troubles);
    }

    private Instant first(Map<Object, Instant> seen, Object what, Verdict verdict) {
        Instant since = known.getOrDefault(what, verdict.since());
        seen.put(what, since);
        return since;
    }
}
