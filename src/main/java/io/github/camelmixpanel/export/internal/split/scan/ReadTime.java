package io.github.camelmixpanel.export.internal.split.scan;

import java.time.Instant;

/**
 * Holds the value of a {@code time} property. Both fields are null if it is missing or unreadable.
 *
 * @param instant the true instant
 * @param rawSeconds the value as sent, before any conversion between time zones, in whole seconds
 *     since 1970-01-01T00:00, rounded down; for a text with an offset, its wall clock
 */
record ReadTime(Instant instant, Long rawSeconds) {

    static final ReadTime NONE = new ReadTime(null, null);
}
