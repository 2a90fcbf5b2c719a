package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.pipeline.Export;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells once of each exchange that the route holds for more than 10 minutes. Thread-safe. */
public final class StuckExchangeWatch {

    private final InFlight inFlight;
    private final ExportLog progress;
    private final InstantSource clock;
    private final Set<InFlight.Stuck> told = new HashSet<>();
    private Instant nextLook = Instant.MIN;

    public StuckExchangeWatch(InFlight inFlight, ExportLog progress, InstantSource clock) {
        this.inFlight = inFlight;
        this.progress = progress;
        this.clock = clock;
    }

    /** As {@link Export#watch}. */
    public synchronized boolean look() {
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
