package io.github.camelmixpanel.export.internal.model;

import java.time.Instant;
import java.util.Arrays;

/**
 * One line of an export that is an event, with the properties that become headers. They are null
 * where the line has no such property.
 *
 * <p>An event that stays right for ever is immutable. One that a reader shows where its line stands
 * is valid until the reader goes on; {@link #kept()} outlives it.
 */
public interface ExportEvent {

    /** The texts that identify an event. */
    enum Text {
        NAME,
        DISTINCT_ID,
        INSERT_ID
    }

    /** Is shown where each property stands in {@link #bytes()}. */
    interface PropertyVisitor {

        /**
         * @param name the first byte of the name
         * @param nameEnd its closing quote
         * @param valueEnd the byte behind the value
         */
        void property(int name, int nameEnd, int valueEnd);
    }

    /** Returned by {@link #copyAscii} for a text that it does not copy. */
    int NOT_COPIED = -1;

    /** The 1-based number of the line in this download, blank and bad lines included. */
    long line();

    /** An array that holds the line, from {@link #start} on; never changed by the caller. */
    byte[] bytes();

    int start();

    /** The number of bytes of the line, without its line end. */
    int size();

    /** The name as it stands, also of an event in a hot shard. */
    String name();

    /**
     * Of an event in a hot shard, the name it came with, if that is to be restored; null for any
     * other.
     */
    String originalName();

    String distinctId();

    String insertId();

    /** The {@code time} property; never null. */
    ReadTime readTime();

    /** When Mixpanel processed it: {@code mp_processing_time_ms}. */
    Instant processed();

    /** Shows each property as it stands; false, and none, where it is not known where they are. */
    default boolean visitProperties(PropertyVisitor visitor) {
        return false;
    }

    /** The same event, valid for ever. */
    ExportEvent kept();

    /** Whether it has an {@code $insert_id} that is not empty. */
    default boolean hasInsertId() {
        return insertId() != null && !insertId().isEmpty();
    }

    /**
     * Copies a text from the line, without a string, if it is there, in ASCII, and fits.
     *
     * @return its length, or {@link #NOT_COPIED}; the bytes from {@code at} on are then undefined
     */
    default int copyAscii(Text text, byte[] target, int at) {
        return NOT_COPIED;
    }

    default String text(Text text) {
        return switch (text) {
            case NAME -> name();
            case DISTINCT_ID -> distinctId();
            case INSERT_ID -> insertId();
        };
    }

    /**
     * The bytes as Mixpanel sent them, without the line end, in an array that holds nothing else;
     * never changed, owned by this event or by the caller.
     */
    default byte[] json() {
        byte[] bytes = bytes();
        return size() == bytes.length
                ? bytes
                : Arrays.copyOfRange(bytes, start(), start() + size());
    }

    /** The true instant of the event, or null. */
    default Instant time() {
        return readTime().instant();
    }

    /**
     * The {@code time} property before any conversion between time zones; null as {@link #time}.
     */
    default Long rawTimeSeconds() {
        return readTime().rawSeconds();
    }

    /** The name that the event came to Mixpanel with, as far as it is known and to be restored. */
    default String restoredName() {
        String original = originalName();
        return original == null ? name() : original;
    }

    /**
     * The meaning of a {@code time} property. Both fields are null when it has none.
     *
     * @param instant the true instant, whatever the time zone of the project
     * @param rawSeconds the value as it stands, before any conversion between time zones, in whole
     *     seconds since 1970-01-01T00:00, rounded down; of a text with an offset, its wall clock
     */
    record ReadTime(Instant instant, Long rawSeconds) {

        public static final ReadTime NONE = new ReadTime(null, null);
    }
}
