package io.github.camelmixpanel.export.internal.model;

import java.time.Instant;

/**
 * One line of an export that is an event, with the properties that become headers. The fields other
 * than {@code line} and {@code json} are null where the line has no such property.
 *
 * @param line 1-based number of the line in this download, blank and bad lines included
 * @param json the bytes as Mixpanel sent them, without the line end; never changed, owned by this
 *     event
 * @param name as it stands, also of an event in a hot shard
 * @param originalName of an event in a hot shard, the name it came with, if that is to be restored;
 *     null for any other
 * @param time the true instant, whatever the time zone of the project
 * @param rawTimeSeconds the {@code time} property as it stands, before any conversion between time
 *     zones, in whole seconds since 1970-01-01T00:00, rounded down; null exactly when {@code time}
 *     is
 * @param processed when Mixpanel processed it: {@code mp_processing_time_ms}
 */
public record ExportEvent(
        long line,
        byte[] json,
        String name,
        String originalName,
        String distinctId,
        String insertId,
        Instant time,
        Long rawTimeSeconds,
        Instant processed) {

    /** The name that the event came to Mixpanel with, as far as it is known and to be restored. */
    public String restoredName() {
        return originalName == null ? name : originalName;
    }
}
