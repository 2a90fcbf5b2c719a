package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Logs once a minute what has changed: that an operator is needed, and exchanges that the route
 * holds for more than 10 minutes, each once. Thread-safe.
 */
public final class StuckExchangeWatch {

    private final InFlight inFlight;
    private final ExportLog log;
    private final InstantSource clock;
    private final Set<InFlight.Stuck> logged = new HashSet<>();
    private Instant nextLook = Instant.MIN;

    public StuckExchangeWatch(InFlight inFlight, ExportLog log, InstantSource clock) {
        this.inFlight = inFlight;
        this.log = log;
        this.clock = clock;
    }

    /**
     * Called now and then, by another thread than the polling thread, which the route may hold too.
     *
     * @return whether it is time to look for abandoned exchanges: at once, and then no sooner than
     *     10 minutes later
     */
    public synchronized boolean look(Supplier<ExportSnapshot> snapshot) {
        log.verdict(snapshot.get().verdict());
        List<InFlight.Stuck> stuck = inFlight.stuck();
        logged.retainAll(stuck);
        stuck.stream().filter(logged::add).forEach(log::stuck);
        Instant now = clock.instant();
        if (stuck.isEmpty() || now.isBefore(nextLook)) {
            return false;
        }
        nextLook = now.plus(InFlight.STUCK);
        return true;
    }
}
