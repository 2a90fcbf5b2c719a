package io.github.camelmixpanel.export.internal.pipeline.board;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a window waits.
 *
 * @param isLong whether no poll waits for it
 */
record Wait(Instant until, boolean isLong) {

    boolean lasts(Instant now) {
        return until.isAfter(now);
    }

    /** The clock was set: it lasts as long as before. */
    static Wait shifted(Wait wait, Duration by) {
        return wait == null ? null : new Wait(wait.until.plus(by), wait.isLong);
    }

    /** It ends now. */
    static Wait ended(Wait wait, Instant now) {
        return wait == null ? null : new Wait(now, wait.isLong);
    }
}
