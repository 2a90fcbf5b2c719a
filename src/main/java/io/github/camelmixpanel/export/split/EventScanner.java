package io.github.camelmixpanel.export.split;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.ExportQuery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Tells for every line whether it is an event, by reading its JSON from end to end, and takes from
 * it what becomes a header.
 *
 * <p>An event is one JSON object, with nothing after it, that has {@code event} and an object
 * {@code properties}. Only {@code event}, and directly in {@code properties} {@code time}, {@code
 * distinct_id}, {@code $insert_id}, {@code mp_original_event_name} and {@code
 * mp_processing_time_ms}, are taken; of a name that occurs twice, the last counts, as it does where
 * the whole line is parsed. A number or boolean is taken as its text; null, arrays and objects as
 * if they were missing.
 *
 * <p>Bytes that are no UTF-8 occur in exports (observed) and do not make an event bad: they are
 * read as U+FFFD. A byte order mark before the first line belongs to the body and not to the event.
 *
 * <p>Thread-safe.
 */
public final class EventScanner {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    // An export is UTF-8 (RFC 8259); a guess could only take garbage for another encoding.
    // Interned names would be a price per new name; no name here is compared by identity.
    private final JsonFactory json =
            JsonFactory.builder()
                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                    .build();

    private final EventTime eventTime;
    private final ExportQuery query;

    /**
     * @param eventTime how this export's {@code time} is to be read
     * @param query what the lines are an answer to
     */
    public EventScanner(EventTime eventTime, ExportQuery query) {
        this.eventTime = eventTime;
        this.query = query;
    }

    /** Whether the query asked for this event; false only for some in hot shards. */
    boolean wants(ExportEvent event) {
        return query.wants(event);
    }

    /**
     * @param line 1-based number of the line in its download
     * @param bytes the line without its line end; the event keeps this array
     * @throws NotAnEvent when it is none, with the reason
     */
    public ExportEvent scan(long line, byte[] bytes) throws NotAnEvent {
        byte[] event = line == 1 ? withoutByteOrderMark(bytes) : bytes;
        try (JsonParser parser = json.createParser(event)) {
            return scan(line, event, parser);
        } catch (JsonProcessingException e) {
            return scanText(line, event, e);
        } catch (IOException e) {
            throw new IllegalStateException("An array cannot fail to be read", e);
        }
    }

    /** Decides about a line that the UTF-8 parser refused: perhaps only for its encoding. */
    private ExportEvent scanText(long line, byte[] event, JsonProcessingException refused)
            throws NotAnEvent {
        String text = new String(event, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') < 0) {
            throw new NotAnEvent(reason(refused));
        }
        try (JsonParser parser = json.createParser(text)) {
            return scan(line, event, parser);
        } catch (JsonProcessingException e) {
            throw new NotAnEvent(reason(e));
        } catch (IOException e) {
            throw new IllegalStateException("A string cannot fail to be read", e);
        }
    }

    private ExportEvent scan(long line, byte[] event, JsonParser parser)
            throws IOException, NotAnEvent {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new NotAnEvent("no JSON object");
        }
        boolean hasName = false;
        String name = null;
        boolean hasProperties = false;
        Properties properties = null;
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
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw new NotAnEvent("something follows the JSON object, " + column(parser));
        }
        if (!hasName || !hasProperties) {
            throw new NotAnEvent(
                    "a JSON object without \"" + (hasName ? "properties" : "event") + "\"");
        }
        if (properties == null) {
            throw new NotAnEvent("\"properties\" is no JSON object");
        }
        return new ExportEvent(
                line,
                event,
                name,
                query.restoreHotShards() && ExportQuery.HOT_SHARD.equals(name)
                        ? properties.originalName
                        : null,
                properties.distinctId,
                properties.insertId,
                properties.time.instant(),
                properties.time.rawSeconds(),
                properties.processed);
    }

    private record Properties(
            String distinctId,
            String insertId,
            String originalName,
            ReadTime time,
            Instant processed) {}

    /** Reads an object to its end; null for any other value. */
    private Properties properties(JsonParser parser, JsonToken start) throws IOException {
        if (start != JsonToken.START_OBJECT) {
            parser.skipChildren();
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
                default -> parser.skipChildren();
            }
        }
        return new Properties(distinctId, insertId, originalName, time, processed);
    }

    private static String text(JsonParser parser, JsonToken value) throws IOException {
        if (value.isScalarValue()) {
            return value == JsonToken.VALUE_NULL ? null : parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    /** Null for anything but a whole number; Mixpanel writes nothing else there (observed). */
    private static Instant millis(JsonParser parser, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return Instant.ofEpochMilli(parser.getLongValue());
        }
        parser.skipChildren();
        return null;
    }

    private ReadTime time(JsonParser parser, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return eventTime.of(parser.getLongValue());
        }
        String text = text(parser, value);
        return text == null ? ReadTime.NONE : eventTime.of(text);
    }

    private static byte[] withoutByteOrderMark(byte[] bytes) {
        int length = BYTE_ORDER_MARK.length;
        return bytes.length >= length && Arrays.equals(bytes, 0, length, BYTE_ORDER_MARK, 0, length)
                ? Arrays.copyOfRange(bytes, length, bytes.length)
                : bytes;
    }

    /** Jackson's own message would quote the line. */
    private static String reason(JsonProcessingException e) {
        String at = e.getLocation() == null ? "" : " at column " + e.getLocation().getColumnNr();
        if (e instanceof JsonEOFException) {
            return "JSON ends early" + at;
        }
        if (e instanceof StreamConstraintsException) {
            return "JSON with too deep a nesting (above 1000), too long a number or too long a name"
                    + at;
        }
        return "no valid JSON" + at;
    }

    private static String column(JsonParser parser) {
        return "at column " + parser.currentTokenLocation().getColumnNr();
    }
}
