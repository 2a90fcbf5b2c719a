package io.github.camelmixpanel.export.internal.model;

import java.time.Instant;

/**
 * One line of an export that is an event, with the properties that become headers. The fields other
 * than {@code line}, {@code json} and {@code readTime} are null where the line has no such
 * property.
 *
 * @param line 1-based number of the line in this download, blank and bad lines included
 * @param json the bytes as Mixpanel sent them, without the line end; never changed, owned by this
 *     event
 * @param name as it stands, also of an event in a hot shard
 * @param originalName of an event in a hot shard, the name it came with, if that is to be restored;
 *     null for any other
 * @param processed when Mixpanel processed it: {@code mp_processing_time_ms}
 */
public record ExportEvent(
        long line,
        byte[] json,
        String name,
        String originalName,
        String distinctId,
        String insertId,
        ReadTime readTime,
        Instant processed) {

    /**
     * The meaning of a {@code time} property. Both fields are null when it has none.
     *
     * @param instant the true instant, whatever the time zone of the project
     * @param rawSeconds the value as it stands, before any conversion between time zones, in whole
     *     seconds since 1970-01-01T00:00, rounded down; of a text with an offset, its wall clock
     */
    public record ReadTime(Instant instant, Long rawSeconds) {

        public static final ReadTime NONE = new ReadTime(null, null);
    }

    /** The true instant of the event, or null. */
    public Instant time() {
        return readTime.instant();
    }

    /**
     * The {@code time} property before any conversion between time zones; null as {@link #time}.
     */
    public Long rawTimeSeconds() {
        return readTime.rawSeconds();
    }

    /** The name that the event came to Mixpanel with, as far as it is known and to be restored. */
    public String restoredName() {
        return originalName == null ? name : originalName;
    }
}
