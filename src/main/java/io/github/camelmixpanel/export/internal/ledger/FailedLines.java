package io.github.camelmixpanel.export.internal.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Exchanges of an open window that the route left failed, and what their tries have shown.
 *
 * @param lines the first line of each, in order
 * @param tries how often each failed while the route was up
 * @param since when they first failed; null when the route has taken another event since
 */
public record FailedLines(List<Long> lines, int tries, Instant since) {

    public FailedLines {
        lines = List.copyOf(lines);
    }

    /** The same of other lines. */
    public FailedLines with(List<Long> others) {
        return new FailedLines(others, tries, since);
    }

    /** The same with as few elements as possible. */
    public static List<FailedLines> merged(Stream<FailedLines> all) {
        Map<FailedLines, List<Long>> alike = new LinkedHashMap<>();
        all.forEach(
                it ->
                        alike.computeIfAbsent(it.with(List.of()), any -> new ArrayList<>())
                                .addAll(it.lines));
        return alike.entrySet().stream().map(it -> it.getKey().with(it.getValue())).toList();
    }

    /** Writes the field {@code failed}; nothing for none. */
    static void put(ObjectNode line, List<FailedLines> all) {
        for (FailedLines each : all) {
            ObjectNode object = line.withArrayProperty("failed").addObject();
            each.lines.forEach(object.putArray("lines")::add);
            JsonFields.put(object.put("tries", each.tries), "since", each.since);
        }
    }

    /** What {@link #put} wrote. */
    static List<FailedLines> of(JsonFields line) {
        return line.elements("failed").stream()
                .map(
                        each ->
                                new FailedLines(
                                        each.numbers("lines"),
                                        each.integer("tries"),
                                        each.instantOrNull("since")))
                .toList();
    }
}
