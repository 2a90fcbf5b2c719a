package io.github.camelmixpanel.export.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of an export query, read as far as they can be: a value that is not understood is
 * absent, and the first such is the {@link #problem()}. Documented, except for the texts of
 * problems, which are assumed. Confined to one thread.
 */
final class ExportParameters {

    private static final int LARGEST_LIMIT = 100_000;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT);

    private final Map<String, String> all;
    private final LocalDate fromDate;
    private final LocalDate toDate;
    private final List<String> events;
    private final Integer limit;
    private final boolean timeInMs;
    private String problem;

    ExportParameters(Map<String, String> all) {
        this.all = all;
        fromDate = date("from_date");
        toDate = date("to_date");
        if (fromDate != null && toDate != null && fromDate.isAfter(toDate)) {
            problem("from_date cannot be later than to_date");
        }
        events = readEvents();
        limit = readLimit();
        timeInMs = readTimeInMs();
    }

    LocalDate fromDate() {
        return fromDate;
    }

    LocalDate toDate() {
        return toDate;
    }

    List<String> events() {
        return events;
    }

    String where() {
        return all.get("where");
    }

    Integer limit() {
        return limit;
    }

    boolean timeInMs() {
        return timeInMs;
    }

    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    private LocalDate date(String name) {
        String text = all.get(name);
        if (text == null) {
            problem(name + " is required");
            return null;
        }
        try {
            return LocalDate.parse(text, DATE);
        } catch (DateTimeParseException e) {
            problem(name + " must be yyyy-mm-dd, found " + text);
            return null;
        }
    }

    /** An empty list stands for all events (assumed). */
    private List<String> readEvents() {
        String text = all.get("event");
        if (text == null) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try {
            var json = StoredEvent.JSON.readTree(text);
            json.forEach(name -> names.add(name.textValue()));
            if (json.isArray() && !names.contains(null)) {
                return names;
            }
        } catch (JsonProcessingException e) {
            // answered below, like any other text that is no array of strings
        }
        problem("event must be a JSON array of event names, found " + text);
        return List.of();
    }

    private Integer readLimit() {
        String text = all.get("limit");
        if (text == null) {
            return null;
        }
        try {
            int number = Integer.parseInt(text);
            if (number < 1 || number > LARGEST_LIMIT) {
                problem("limit must be 1 to " + LARGEST_LIMIT + ", found " + text);
            }
            return number;
        } catch (NumberFormatException e) {
            problem("limit must be 1 to " + LARGEST_LIMIT + ", found " + text);
            return null;
        }
    }

    private boolean readTimeInMs() {
        String text = all.getOrDefault("time_in_ms", "false");
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            problem("time_in_ms must be true or false, found " + text);
        }
        return text.equalsIgnoreCase("true");
    }

    private void problem(String text) {
        problem = problem == null ? text : problem;
    }
}
