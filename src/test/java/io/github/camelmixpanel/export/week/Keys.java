package io.github.camelmixpanel.export.week;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * What tells one event from another, read from its line anew: the promise to users, not the code
 * that keeps it.
 */
record Keys(boolean insertIdAlone) {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build();
    private static final BigDecimal MILLIS_FROM = new BigDecimal("1e11");

    String of(ExportEvent event) {
        JsonNode json = json(event);
        JsonNode properties = json.get("properties");
        if (!properties.has("$insert_id")) {
            return sorted(json);
        }
        String key =
                json.get("event").asText()
                        + " at "
                        + seconds(properties.get("time"))
                        + " $insert_id "
                        + properties.get("$insert_id").asText();
        return insertIdAlone ? key : key + " of " + properties.path("distinct_id").asText();
    }

    /** The event whatever the order of its members. */
    private static String sorted(JsonNode json) {
        try {
            return JSON.writeValueAsString(JSON.convertValue(json, Map.class));
        } catch (IOException e) {
            throw new UncheckedIOException("what was read cannot be written", e);
        }
    }

    /** The number that the event has in its week. */
    static int numberOf(ExportEvent event) {
        return json(event).at("/properties/n").asInt(-1);
    }

    /** The text in which control characters may stand; null if it has none. */
    static String noteOf(ExportEvent event) {
        return json(event).at("/properties/note").textValue();
    }

    private static JsonNode json(ExportEvent event) {
        try {
            return JSON.readTree(event.json());
        } catch (IOException e) {
            throw new UncheckedIOException("not an event: line " + event.line(), e);
        }
    }

    private static long seconds(JsonNode time) {
        String text = time.asText();
        if (text.indexOf('T') > 0) {
            return LocalDateTime.parse(text.replace("Z", "")).toEpochSecond(ZoneOffset.UTC);
        }
        BigDecimal number = new BigDecimal(text);
        return (number.compareTo(MILLIS_FROM) < 0 ? number : number.movePointLeft(3))
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
    }
}
