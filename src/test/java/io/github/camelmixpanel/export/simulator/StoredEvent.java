package io.github.camelmixpanel.export.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * One stored line read as an event: a JSON object with an object of {@code properties}. Confined to
 * the thread that parsed it.
 */
final class StoredEvent {

    // numbers keep every digit, so that a line written anew differs in its time alone
    static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private final ObjectNode json;
    private final ObjectNode properties;

    private StoredEvent(ObjectNode json, ObjectNode properties) {
        this.json = json;
        this.properties = properties;
    }

    /** The event in this line, or empty if the line is none. */
    static Optional<StoredEvent> parse(byte[] line) {
        try {
            return JSON.readTree(line) instanceof ObjectNode json
                            && json.get("properties") instanceof ObjectNode properties
                    ? Optional.of(new StoredEvent(json, properties))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    JsonNode name() {
        return json.path("event");
    }

    /** The property's value; a missing node if the event has none of that name. */
    JsonNode property(String name) {
        return properties.path(name);
    }

    /** Epoch seconds of {@code time}, or empty if it is missing or in no known form. */
    Optional<BigDecimal> seconds() {
        return EventTime.seconds(properties.path("time"));
    }

    /** {@code time} in seconds as a number; a missing node if the event has none. */
    JsonNode secondsNode() {
        return seconds().<JsonNode>map(DecimalNode::valueOf).orElse(MissingNode.getInstance());
    }

    /** When Mixpanel had processed the event, in epoch milliseconds; 0 if it does not say. */
    long processedMillis() {
        return properties.path("mp_processing_time_ms").asLong(0);
    }

    /** The line with a numeric {@code time} in milliseconds; nothing else changes. */
    byte[] lineInMilliseconds() {
        JsonNode time = properties.path("time");
        if (time.isNumber()) {
            long millis = EventTime.milliseconds(time.decimalValue()).longValue();
            properties.set("time", LongNode.valueOf(millis));
        }
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event that was read cannot be written", e);
        }
    }
}
