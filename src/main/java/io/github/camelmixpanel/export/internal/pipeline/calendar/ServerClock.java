package io.github.camelmixpanel.export.internal.pipeline.calendar;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Gives the time at Mixpanel, as of its last answer: this machine's time before the first answer,
 * and wrong when this machine's clock was set since then. Callers must not lose an event by that.
 * Thread-safe.
 */
public final class ServerClock {

    private final InstantSource clock;
    private volatile Duration ahead = Duration.ZERO;

    public ServerClock(InstantSource clock) {
        this.clock = clock;
    }

    /** An answer showed by how much the server's clock is ahead of this machine's. */
    public void isAhead(Duration ahead) {
        this.ahead = ahead;
    }

    Instant now() {
        return clock.instant().plus(ahead);
    }
}
