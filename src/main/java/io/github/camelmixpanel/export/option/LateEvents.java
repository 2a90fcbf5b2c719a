package io.github.camelmixpanel.export.option;

/**
 * How events are brought that reach Mixpanel after their day was exported: up to 5 days late from
 * Mixpanel's SDKs, of any age by import (documented).
 */
public enum LateEvents {
    /**
     * Today is exported again and again, a past day once a revisit interval, and once more when its
     * lookback days are over.
     */
    LOOKBACK,
    /**
     * A day is exported at first and when its lookback days are over; in between each poll asks
     * once for what Mixpanel has processed since the last.
     */
    ARRIVAL,
    /** A day is exported once, an hour after its end; what comes later is not exported. */
    NONE
}
