package io.github.camelmixpanel.export.internal.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON of an event without loss: whole numbers of any size, decimals with their trailing
 * zeros, explicit nulls, the order of properties, control characters in strings. Bytes that are not
 * UTF-8 become U+FFFD. Stateless and thread-safe.
 */
public final class EventJson {

    // The length of a line is bounded by maxLineSize; Jackson's own bounds on depth and digits
    // stay.
    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(Integer.MAX_VALUE)
                                                    .maxNameLength(Integer.MAX_VALUE)
                                                    .build())
                                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();
    private static final ObjectReader TO_MAP =
            JSON.readerFor(new TypeReference<Map<String, Object>>() {});
    private static final ObjectReader TO_TREE = JSON.readerFor(JsonNode.class);

    private EventJson() {}

    /** An unmodifiable map, whose maps and lists are unmodifiable too. */
    public static Map<String, Object> toMap(byte[] json) throws IOException {
        return freeze(EventJson.<Map<String, Object>>read(TO_MAP, json));
    }

    /** A tree of its own for each caller, since trees can be changed. */
    public static JsonNode toTree(byte[] json) throws IOException {
        return read(TO_TREE, json);
    }

    private static <T> T read(ObjectReader reader, byte[] json) throws IOException {
        try {
            return reader.readValue(json);
        } catch (IOException e) {
            // Jackson rejects bytes that are not UTF-8; as text they are replaced, as everywhere
            // else in Java
            return reader.readValue(new String(json, StandardCharsets.UTF_8));
        }
    }

    private static Map<String, Object> freeze(Map<String, Object> map) {
        map.replaceAll((name, value) -> freezeValue(value));
        return Collections.unmodifiableMap(map);
    }

    @SuppressWarnings(
            "unchecked") // Jackson makes maps of strings and lists of objects, nothing else
    private static Object freezeValue(Object value) {
        if (value instanceof Map<?, ?> map) {
            return freeze((Map<String, Object>) map);
        }
        if (value instanceof List<?> list) {
            ((List<Object>) list).replaceAll(EventJson::freezeValue);
            return Collections.unmodifiableList(list);
        }
        return value;
    }
}
