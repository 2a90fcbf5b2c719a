package io.github.camelmixpanel.export;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.exchange.EventJson;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;

/**
 * One event as the body of a message: the bytes that Mixpanel sent, never changed, which are also
 * an unmodifiable map of the JSON in them.
 *
 * <p>The JSON is parsed when the map is first asked for something, and only once. The bytes, the
 * text and the getters other than {@link #getProperties()} need no parsing. Equal to any map with
 * the same entries. Thread-safe.
 *
 * <p>Not Iterable: camel-kafka, for one, sends each element of a body that is, without converting
 * it.
 */
public final class MixpanelEvent extends AbstractMap<String, Object> {

    private final ExportEvent event;
    private final DedupeKey dedupeKey;
    private volatile Map<String, Object> parsed;

    /** An event without a dedupe key. */
    public MixpanelEvent(ExportEvent event) {
        this(event, null);
    }

    /**
     * @param dedupeKey null with deduplicate=false
     */
    public MixpanelEvent(ExportEvent event, DedupeKey dedupeKey) {
        this.event = event;
        this.dedupeKey = dedupeKey;
    }

    public static MixpanelEvent of(EventBatch handout, int place) {
        return new MixpanelEvent(handout.events().get(place), handout.key(place));
    }

    /** The name of the event, or null. */
    public String getEvent() {
        return event.name();
    }

    /** The unmodifiable properties; empty when the event has none. */
    @SuppressWarnings("unchecked") // a JSON object has string keys
    public Map<String, Object> getProperties() {
        return parsed().get("properties") instanceof Map<?, ?> properties
                ? (Map<String, Object>) properties
                : Map.of();
    }

    /**
     * When the event happened: the true instant, whatever the time zone of the project; or null.
     */
    public Instant getTime() {
        return event.time();
    }

    /** The {@code distinct_id}, or null. */
    public String getDistinctId() {
        return event.distinctId();
    }

    /** The {@code $insert_id}, or null. */
    public String getInsertId() {
        return event.insertId();
    }

    /**
     * What tells the event from others, as in the header {@code CamelMixpanelExportDedupeKey}; null
     * with deduplicate=false.
     */
    public String getDedupeKey() {
        return dedupeKey == null ? null : dedupeKey.hex();
    }

    /** The bytes that Mixpanel sent, not to be changed. */
    public byte[] json() {
        return event.json();
    }

    /** A copy of the bytes that Mixpanel sent, without the line end. */
    public byte[] toBytes() {
        return event.json().clone();
    }

    /** The bytes that Mixpanel sent, without the line end. */
    public InputStream toStream() {
        return new ByteArrayInputStream(event.json());
    }

    public JsonNode toTree() throws IOException {
        return EventJson.toTree(event.json());
    }

    boolean isParsed() {
        return parsed != null;
    }

    private Map<String, Object> parsed() {
        if (parsed == null) {
            synchronized (event) {
                if (parsed == null) {
                    parsed = parse();
                }
            }
        }
        return parsed;
    }

    private Map<String, Object> parse() {
        try {
            return EventJson.toMap(event.json());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Line "
                            + event.line()
                            + " of the download cannot be read as a JSON object; the message body as"
                            + " String or byte[] still holds it",
                    e);
        }
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return parsed().entrySet();
    }

    @Override
    public Object get(Object key) {
        return parsed().get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return parsed().containsKey(key);
    }

    /** The JSON, as Mixpanel sent it; bytes that are no UTF-8 become U+FFFD. */
    @Override
    public String toString() {
        return new String(event.json(), StandardCharsets.UTF_8);
    }
}
