package io.github.camelmixpanel.export.internal.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelmixpanel.export.MixpanelEvent;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** A {@link MixpanelEvent} over one line of a download, parsed on first use. Thread-safe. */
public final class EventBody extends MixpanelEvent {

    @Serial private static final long serialVersionUID = 1;

    private final transient ExportEvent event;
    private final transient DedupeKey dedupeKey;
    private transient volatile Map<String, Object> parsed;

    /**
     * @param dedupeKey null with deduplicate=false
     */
    public EventBody(ExportEvent event, DedupeKey dedupeKey) {
        this.event = event;
        this.dedupeKey = dedupeKey;
    }

    static EventBody of(EventBatch batch, int index) {
        return new EventBody(batch.events().get(index), batch.key(index));
    }

    @Override
    public String getEvent() {
        return event.name();
    }

    @Override
    public Instant getTime() {
        return event.time();
    }

    @Override
    public String getDistinctId() {
        return event.distinctId();
    }

    @Override
    public String getInsertId() {
        return event.insertId();
    }

    @Override
    public String getDedupeKey() {
        return dedupeKey == null ? null : dedupeKey.hex();
    }

    @Override
    public byte[] json() {
        return event.json();
    }

    @Override
    public byte[] toBytes() {
        return event.json().clone();
    }

    @Override
    public InputStream toStream() {
        return new ByteArrayInputStream(event.json());
    }

    @Override
    public JsonNode toTree() throws IOException {
        return EventJson.toTree(event.json());
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
                    ("Line %d of the download cannot be read as a JSON object; the message body as"
                                    + " String or byte[] still holds it")
                            .formatted(event.line()),
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

    @Override
    public String toString() {
        return new String(event.json(), StandardCharsets.UTF_8);
    }
}
