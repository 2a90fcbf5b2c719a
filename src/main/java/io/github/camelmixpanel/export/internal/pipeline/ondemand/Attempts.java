package io.github.camelmixpanel.export.internal.pipeline.ondemand;

import io.github.camelmixpanel.export.internal.fetch.ExportRequest;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/** Ends every wait and every query of the producers of one export when it stops. Thread-safe. */
final class Attempts {

    private final String export;
    private final InstantSource clock;
    private final Sleeper sleeper;

    // guarded by this
    private final Set<Attempt> attempts = new HashSet<>();
    private boolean stopped;

    Attempts(String export, InstantSource clock, Sleeper sleeper) {
        this.export = export;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** One query, from the wait for its permit to the end of its download. */
    static final class Attempt {

        private final Thread thread = Thread.currentThread();

        /** Null as long as the thread waits. */
        private ExportRequest query;
    }

    synchronized Attempt begin(Window window) {
        requireRunning(window);
        Attempt attempt = new Attempt();
        attempts.add(attempt);
        return attempt;
    }

    /** The wait for the permit is over. */
    synchronized void querying(Window window, Attempt attempt, ExportRequest request) {
        requireRunning(window);
        attempt.query = request;
    }

    synchronized void end(Attempt attempt) {
        attempts.remove(attempt);
        if (stopped) {
            Thread.interrupted(); // meant a wait that is over, and not the caller
        }
    }

    synchronized void requireRunning(Window window) {
        if (stopped) {
            throw new RejectedExecutionException(
                    """
                    Window %s is not exported: mixpanel-export:%s is being stopped. Send the \
                    message again after the next start."""
                            .formatted(window, export));
        }
    }

    synchronized void sleep(Window window, Duration delay) throws InterruptedException {
        Instant until = clock.instant().plus(delay);
        while (clock.instant().isBefore(until)) {
            requireRunning(window);
            sleeper.sleep(this, Duration.between(clock.instant(), until));
        }
    }

    synchronized void stop() {
        stopped = true;
        for (Attempt attempt : attempts) {
            if (attempt.query == null) {
                attempt.thread.interrupt();
            } else {
                attempt.query.close();
            }
        }
        notifyAll();
    }
}
