package io.github.camelmixpanel.export.internal.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The first line of a ledger. {@link LedgerFormat} gives its meaning. */
record LedgerHeader(int version, String name, Map<String, String> fingerprint) {

    /**
     * @throws IllegalArgumentException when this is no first line
     */
    static LedgerHeader of(String text) {
        JsonFields line = JsonFields.of(text);
        if (!line.text("type").equals("ledger")) {
            throw new IllegalArgumentException("the type of the first line is not \"ledger\"");
        }
        int version = line.integer("version");
        if (version < 1 || version > LedgerFormat.VERSION) {
            // all that is certain about such a version is its number
            return new LedgerHeader(version, "", Map.of());
        }
        Map<String, String> fingerprint = new TreeMap<>();
        line.object("fingerprint")
                .json()
                .properties()
                .forEach(field -> fingerprint.put(field.getKey(), field.getValue().asText()));
        return new LedgerHeader(version, line.text("name"), fingerprint);
    }

    String line(Instant at) {
        ObjectNode line = JsonFields.object().put("type", "ledger");
        line.put("version", version).put("name", name);
        ObjectNode object = line.putObject("fingerprint");
        new TreeMap<>(fingerprint).forEach(object::put);
        return line.put("at", at.toString()).toString();
    }

    /** Names every option of the query that differs, such as {@code where: was "a", now "b"}. */
    String differencesFrom(LedgerHeader earlier) {
        Set<String> options = new TreeSet<>(earlier.fingerprint.keySet());
        options.addAll(fingerprint.keySet());
        return options.stream()
                .filter(it -> !Objects.equals(earlier.fingerprint.get(it), fingerprint.get(it)))
                .map(it -> it + ": was " + earlier.quoted(it) + ", now " + quoted(it))
                .collect(Collectors.joining("; "));
    }

    private String quoted(String option) {
        String value = fingerprint.get(option);
        return value == null ? "not set" : '"' + value + '"';
    }
}
