package io.github.camelmixpanel.export.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * One stored line read as an event: a JSON object with an object of {@code properties}. Confined to
 * the thread that parsed it.
 */
final class StoredEvent {

    // Mixpanel exports control characters in strings as they are (observed)
    static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private final byte[] line;
    private final ObjectNode json;
    private final ObjectNode properties;

    private StoredEvent(byte[] line, ObjectNode json, ObjectNode properties) {
        this.line = line;
        this.json = json;
        this.properties = properties;
    }

    /** The event in this line, or empty if the line is none. */
    static Optional<StoredEvent> parse(byte[] line) {
        try {
            return JSON.readTree(line) instanceof ObjectNode json
                            && json.get("properties") instanceof ObjectNode properties
                    ? Optional.of(new StoredEvent(line, json, properties))
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
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        int from = 0;
        try (JsonParser parser = JSON.createParser(line)) {
            while (parser.nextToken() != null) {
                if (isTime(parser)) {
                    int number = (int) parser.currentTokenLocation().getByteOffset();
                    changed.write(line, from, number - from);
                    BigDecimal millis = EventTime.milliseconds(parser.getDecimalValue());
                    changed.writeBytes(Long.toString(millis.longValue()).getBytes(US_ASCII));
                    from = number + parser.getTextLength();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("an event that was read cannot be read again", e);
        }
        changed.write(line, from, line.length - from);
        return changed.toByteArray();
    }

    /** Whether this is the number of a {@code time} right in {@code properties}. */
    private static boolean isTime(JsonParser parser) throws IOException {
        JsonStreamContext object = parser.getParsingContext();
        return parser.currentToken().isNumeric()
                && "time".equals(object.getCurrentName())
                && "properties".equals(object.getParent().getCurrentName())
                && object.getParent().getParent().inRoot();
    }
}
