package io.github.camelmixpanel.export.option;

/**
 * How the export finds events that reach Mixpanel after their day was exported: up to 5 days late
 * from Mixpanel's SDKs, of any age by import (documented).
 */
public enum LateEvents {
    /**
     * Today is exported again and again, a past day once per revisit interval, and once more when
     * its lookback days are over.
     */
    LOOKBACK,
    /**
     * A day is exported once after it ends and once when its lookback days are over; in between,
     * each poll makes one query for the events that Mixpanel has processed since the last poll.
     */
    ARRIVAL,
    /** A day is exported once, an hour after its end; later events are not exported. */
    NONE
}
