package io.github.camelmixpanel.export.simulator;

import java.time.Duration;

/** One thing to do while a body is sent. */
sealed interface Step {

    /** Sends these bytes; if the answer is chunked, as one chunk. */
    record Send(byte[] bytes) implements Step {}

    /** Sends what is held back, then waits. */
    record Wait(Gate gate) implements Step {}

    /** Sends what is held back, then does nothing for this long. */
    record Pause(Duration duration) implements Step {}

    /** Ends the connection here, with a reset or in order; no step after it is done. */
    record Cut(boolean reset) implements Step {}
}
