package io.github.camelmixpanel.export.internal.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelmixpanel.export.internal.model.Arrivals;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Window;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * Reads the fields of a JSON object strictly: a field that is missing or of the wrong kind fails
 * with an {@link IllegalArgumentException} that names it; unknown fields are ignored.
 *
 * <p>Dates are {@code yyyy-mm-dd}, times ISO-8601 in UTC. Not changed by reading.
 */
public record JsonFields(JsonNode json) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /** An empty object to write into. */
    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /**
     * @throws IllegalArgumentException when the text is not one JSON value
     */
    public static JsonFields of(String text) {
        try {
            return new JsonFields(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    public boolean has(String field) {
        return json.has(field);
    }

    /** The fields of the object in this field; all of them are missing when there is none. */
    public JsonFields object(String field) {
        return new JsonFields(json.path(field));
    }

    /** The elements of the array in this field; none when it is missing. */
    List<JsonFields> elements(String field) {
        return StreamSupport.stream(json.path(field).spliterator(), false)
                .map(JsonFields::new)
                .toList();
    }

    public String text(String field) {
        return require(field, json.path(field).isTextual()).textValue();
    }

    boolean flag(String field) {
        return require(field, json.path(field).isBoolean()).booleanValue();
    }

    long number(String field) {
        return require(field, json.path(field).canConvertToExactIntegral()).longValue();
    }

    /** The numbers of the array in this field; none when it is missing. */
    List<Long> numbers(String field) {
        return elements(field).stream().map(JsonFields::number).toList();
    }

    /** What is no object but a number itself. */
    private long number() {
        return require("number", json.canConvertToExactIntegral(), json).longValue();
    }

    /** A number that is not negative. */
    public long count(String field) {
        return require(field, number(field) >= 0).longValue();
    }

    /** A count for each day of the window, which {@link #put} wrote; none where it is missing. */
    public List<Long> counts(String field, Window window) {
        List<Long> counts = numbers(field);
        boolean each = counts.size() == window.length() && counts.stream().allMatch(it -> it >= 0);
        require(field, each || !has(field));
        return counts;
    }

    /** A number that lines of earlier versions lack; 0 there. */
    long numberOrZero(String field) {
        return has(field) ? number(field) : 0;
    }

    /**
     * @throws ArithmeticException when the number does not fit an int
     */
    int integer(String field) {
        return Math.toIntExact(number(field));
    }

    LocalDate date(String field) {
        return parse(field, "date", LocalDate::parse);
    }

    public Instant instant(String field) {
        return parse(field, "time", Instant::parse);
    }

    private <T> T parse(String field, String kind, Function<String, T> parser) {
        try {
            return parser.apply(text(field));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(field + " is no " + kind, e);
        }
    }

    /** Null where the field is missing. */
    public Instant instantOrNull(String field) {
        return has(field) ? instant(field) : null;
    }

    /** The window that {@link #put} wrote. */
    public Window window() {
        Arrivals arrivals =
                has("processedFrom")
                        ? new Arrivals(instant("processedFrom"), instant("processedTo"))
                        : null;
        return new Window(date("from"), date("to"), arrivals);
    }

    public ExportTask task() {
        return new ExportTask(
                text("export"),
                text("id"),
                window(),
                Math.toIntExact(count("generation")),
                instant("issuedAt"),
                instant("startBy"),
                instant("deadline"));
    }

    /** Writes a window as {@code from}, {@code to} and its span of processing times, if any. */
    public static ObjectNode put(ObjectNode line, Window window) {
        line.put("from", window.fromDate().toString()).put("to", window.toDate().toString());
        if (window.isArrivals()) {
            line.put("processedFrom", window.arrivals().from().toString())
                    .put("processedTo", window.arrivals().to().toString());
        }
        return line;
    }

    /** Writes counts; nothing for none. */
    public static ObjectNode put(ObjectNode line, String field, List<Long> counts) {
        counts.forEach(it -> line.withArrayProperty(field).add(it));
        return line;
    }

    /** Writes a time; nothing for null. */
    public static ObjectNode put(ObjectNode line, String field, Instant time) {
        return time == null ? line : line.put(field, time.toString());
    }

    private JsonNode require(String field, boolean asExpected) {
        return require(field, asExpected, json.path(field));
    }

    private static JsonNode require(String field, boolean asExpected, JsonNode value) {
        if (!asExpected) {
            throw new IllegalArgumentException("field \"" + field + "\" is missing or wrong");
        }
        return value;
    }
}
