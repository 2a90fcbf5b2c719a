package io.github.camelmixpanel.export.internal.split.scan;

import java.time.Instant;

/**
 * What a {@code time} property says. Both fields are null when it says nothing.
 *
 * @param instant the true instant
 * @param rawSeconds the value as it stands, before any conversion between time zones, in whole
 *     seconds since 1970-01-01T00:00, rounded down; of a text with an offset, its wall clock
 */
record ReadTime(Instant instant, Long rawSeconds) {

    static final ReadTime NONE = new ReadTime(null, null);
}
