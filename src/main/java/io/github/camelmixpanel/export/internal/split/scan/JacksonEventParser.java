package io.github.camelmixpanel.export.internal.split.scan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.github.camelmixpanel.export.internal.model.ExportEvent.ReadTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Reads any line with Jackson's parser, which defines what JSON is, but for control characters:
 * Mixpanel exports them in strings as they are (observed). Thread-safe.
 */
final class JacksonEventParser {

    // An export is UTF-8 (RFC 8259); a guess could only mistake garbage for another encoding.
    // Interning would cost time per new name; no name here is compared by identity.
    private final JsonFactory json =
            JsonFactory.builder()
                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                    .build();

    private final EventTime eventTime;

    JacksonEventParser(EventTime eventTime) {
        this.eventTime = eventTime;
    }

    /**
     * @throws NotAnEvent when the line is not an event, with the reason
     */
    EventFields read(byte[] line) throws NotAnEvent {
        if (hasFiller(line)) {
            return readText(new String(line, StandardCharsets.UTF_8));
        }
        try (JsonParser parser = json.createParser(line)) {
            return read(parser);
        } catch (JsonProcessingException e) {
            // perhaps only because of its encoding
            String text = new String(line, StandardCharsets.UTF_8);
            if (text.indexOf('\ufffd') < 0) {
                throw new NotAnEvent(reason(e));
            }
            return readText(text);
        } catch (IOException e) {
            throw new IllegalStateException("An array cannot fail to be read", e);
        }
    }

    /**
     * Whether it has the byte, never found in UTF-8, with which Jackson pads the names that it
     * caches: it may mistake a name with that byte for one without it (observed, 2.19).
     */
    private static boolean hasFiller(byte[] line) {
        for (byte b : line) {
            if (b == (byte) 0xff) {
                return true;
            }
        }
        return false;
    }

    private EventFields readText(String text) throws NotAnEvent {
        try (JsonParser parser = json.createParser(text)) {
            return read(parser);
        } catch (JsonProcessingException e) {
            throw new NotAnEvent(reason(e));
        } catch (IOException e) {
            throw new IllegalStateException("A string cannot fail to be read", e);
        }
    }

    private EventFields read(JsonParser parser) throws IOException, NotAnEvent {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new NotAnEvent("not a JSON object");
        }
        boolean hasName = false;
        String name = null;
        boolean hasProperties = false;
        EventFields properties = null;
        for (String field; (field = parser.nextFieldName()) != null; ) {
            JsonToken value = parser.nextToken();
            switch (field) {
                case "event" -> {
                    hasName = true;
                    name = text(parser, value);
                }
                case "properties" -> {
                    hasProperties = true;
                    properties = properties(parser, value);
                }
                default -> skip(parser, value);
            }
        }
        if (parser.nextToken() != null) {
            throw new NotAnEvent("data after the JSON object, " + column(parser));
        }
        if (!hasName || !hasProperties) {
            throw new NotAnEvent(
                    "a JSON object without \"" + (hasName ? "properties" : "event") + "\"");
        }
        if (properties == null) {
            throw new NotAnEvent("\"properties\" is not a JSON object");
        }
        return properties.withName(name);
    }

    /** Reads an object to its end, without a name; null for any other value. */
    private EventFields properties(JsonParser parser, JsonToken start)
            throws IOException, NotAnEvent {
        if (start != JsonToken.START_OBJECT) {
            skip(parser, start);
            return null;
        }
        String distinctId = null;
        String insertId = null;
        String originalName = null;
        ReadTime time = ReadTime.NONE;
        Instant processed = null;
        for (String field; (field = parser.nextFieldName()) != null; ) {
            JsonToken value = parser.nextToken();
            switch (field) {
                case "distinct_id" -> distinctId = text(parser, value);
                case "$insert_id" -> insertId = text(parser, value);
                case "mp_original_event_name" -> originalName = text(parser, value);
                case "mp_processing_time_ms" -> processed = millis(parser, value);
                case "time" -> time = time(parser, value);
                default -> skip(parser, value);
            }
        }
        return new EventFields(null, distinctId, insertId, originalName, time, processed);
    }

    private static String text(JsonParser parser, JsonToken value) throws IOException, NotAnEvent {
        skip(parser, value);
        return value.isScalarValue() && value != JsonToken.VALUE_NULL ? parser.getText() : null;
    }

    /**
     * Goes to the end of a value; at each decimal on the way, requires that readers can read it.
     */
    private static void skip(JsonParser parser, JsonToken first) throws IOException, NotAnEvent {
        JsonToken token = first;
        int open = 0;
        while (true) {
            if (token == JsonToken.VALUE_NUMBER_FLOAT) {
                requireReadable(parser);
            }
            open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (open == 0) {
                return;
            }
            token = parser.nextToken();
        }
    }

    private static void requireReadable(JsonParser parser) throws IOException, NotAnEvent {
        try {
            parser.getDecimalValue();
        } catch (NumberFormatException e) {
            throw new NotAnEvent("a number with an exponent beyond 2147483647, " + column(parser));
        }
    }

    /** Null for anything but a whole number; Mixpanel writes nothing else there (observed). */
    private static Instant millis(JsonParser parser, JsonToken value)
            throws IOException, NotAnEvent {
        if (value == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return Instant.ofEpochMilli(parser.getLongValue());
        }
        skip(parser, value);
        return null;
    }

    private ReadTime time(JsonParser parser, JsonToken value) throws IOException, NotAnEvent {
        if (value == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return eventTime.of(parser.getLongValue());
        }
        String text = text(parser, value);
        return text == null ? ReadTime.NONE : eventTime.of(text);
    }

    /** Does not quote the line, as Jackson's own message does. */
    private static String reason(JsonProcessingException e) {
        String at = e.getLocation() == null ? "" : " at column " + e.getLocation().getColumnNr();
        if (e instanceof JsonEOFException) {
            return "JSON ends early" + at;
        }
        if (e instanceof StreamConstraintsException) {
            return "JSON nested deeper than 1000, or with too long a number or name" + at;
        }
        return "invalid JSON" + at;
    }

    private static String column(JsonParser parser) {
        return "at column " + parser.currentTokenLocation().getColumnNr();
    }
}
