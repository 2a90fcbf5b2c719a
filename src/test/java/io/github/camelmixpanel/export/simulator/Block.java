package io.github.camelmixpanel.export.simulator;

import java.time.Instant;
import java.time.ZoneId;

/** Some lines of a day, as the project has them at a moment. Immutable. */
interface Block {

    /**
     * The lines, each ended; no bytes when there are none yet, or none any more.
     *
     * @param zone the project's
     * @param timeInMs whether the query asked for milliseconds
     */
    byte[] lines(Instant now, ZoneId zone, boolean timeInMs);
}
