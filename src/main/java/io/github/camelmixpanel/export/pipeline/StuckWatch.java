package io.github.camelmixpanel.export.pipeline;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells once of each exchange that the route holds for more than 10 minutes. Thread-safe. */
final class StuckWatch {

    private final InFlight inFlight;
    private final Progress progress;
    private final InstantSource clock;
    private final Set<InFlight.Stuck> told = new HashSet<>();
    private Instant nextLook = Instant.MIN;

    StuckWatch(InFlight inFlight, Progress progress, InstantSource clock) {
        this.inFlight = inFlight;
        this.progress = progress;
        this.clock = clock;
    }

    /** As {@link Export#watch}. */
    synchronized boolean look() {
        List<InFlight.Stuck> stuck = inFlight.stuck();
        told.retainAll(stuck);
        stuck.stream().filter(told::add).forEach(progress::stuck);
        Instant now = clock.instant();
        if (stuck.isEmpty() || now.isBefore(nextLook)) {
            return false;
        }
        nextLook = now.plus(InFlight.STUCK);
        return true;
    }
}
