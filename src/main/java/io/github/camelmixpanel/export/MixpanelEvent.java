package io.github.camelmixpanel.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.io.Serializable;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.Map;

/**
 * One event as the body of a message: the bytes that Mixpanel sent, never changed, which are also
 * an unmodifiable map of the JSON in them.
 *
 * <p>The JSON is parsed on the first access to the map, and only once. The bytes, the text and the
 * getters other than {@link #getProperties()} need no parsing. Equal to any map with the same
 * entries. Thread-safe. Only the component extends this class. Serialized by Java, it becomes its
 * text: a repository that serializes gives back a String with the JSON.
 *
 * <p>Not Iterable: camel-kafka, for one, sends each element of an iterable body without converting
 * it.
 */
public abstract class MixpanelEvent extends AbstractMap<String, Object> implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    protected MixpanelEvent() {}

    /** A class that every version and every deserialization filter knows. */
    @Serial
    protected final Object writeReplace() {
        return toString();
    }

    /** The name of the event, or null. */
    public abstract String getEvent();

    /** The unmodifiable properties; empty when the event has none. */
    @SuppressWarnings("unchecked") // a JSON object has string keys
    public Map<String, Object> getProperties() {
        return get("properties") instanceof Map<?, ?> properties
                ? (Map<String, Object>) properties
                : Map.of();
    }

    /**
     * When the event happened: the true instant, whatever the time zone of the project; or null.
     */
    public abstract Instant getTime();

    /** The {@code distinct_id}, or null. */
    public abstract String getDistinctId();

    /** The {@code $insert_id}, or null. */
    public abstract String getInsertId();

    /**
     * The key that identifies the event, as in the header {@code CamelMixpanelExportDedupeKey};
     * null with deduplicate=false.
     */
    public abstract String getDedupeKey();

    /** The bytes that Mixpanel sent, without the line end; not to be changed. */
    public abstract byte[] json();

    /** A copy of the bytes that Mixpanel sent, without the line end. */
    public abstract byte[] toBytes();

    /** The bytes that Mixpanel sent, without the line end. */
    public abstract InputStream toStream();

    /**
     * A tree that the caller owns.
     *
     * @throws IOException when Jackson refuses the JSON
     */
    public abstract JsonNode toTree() throws IOException;

    /** The JSON, as Mixpanel sent it; bytes that are not UTF-8 become U+FFFD. */
    @Override
    public abstract String toString();
}
