package io.github.camelmixpanel.export.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** What the state directory says of one export: its commits and its queries so far. Immutable. */
record ExportState(Set<Commit> commits, Set<String> queries) {

    /** One commit of one window. */
    record Commit(String from, String to, int generation, long events) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * @param directory need not exist yet
     */
    static ExportState read(Path directory, String export) throws IOException {
        Set<Commit> commits = new HashSet<>();
        Set<String> queries = new HashSet<>();
        for (Path file : files(directory)) {
            if (file.endsWith(Path.of(export, "ledger.jsonl"))) {
                for (String line : Files.readAllLines(file)) {
                    JsonNode entry = JSON.readTree(line);
                    if (entry.path("type").asText().equals("committed")) {
                        commits.add(
                                new Commit(
                                        entry.path("from").asText(),
                                        entry.path("to").asText(),
                                        entry.path("generation").asInt(),
                                        entry.path("events").asLong()));
                    }
                }
            } else if (file.getParent().endsWith("queries")) {
                Files.readAllLines(file).stream()
                        .filter(line -> line.endsWith("\t" + export))
                        .forEach(queries::add);
            }
        }
        return new ExportState(commits, queries);
    }

    private static Set<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Set.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return new HashSet<>(all.filter(Files::isRegularFile).toList());
        }
    }

    /** What has come since an earlier reading. */
    ExportState since(ExportState earlier) {
        Set<Commit> newCommits = new HashSet<>(commits);
        newCommits.removeAll(earlier.commits);
        Set<String> newQueries = new HashSet<>(queries);
        newQueries.removeAll(earlier.queries);
        return new ExportState(newCommits, newQueries);
    }

    long events() {
        return commits.stream().mapToLong(Commit::events).sum();
    }
}
