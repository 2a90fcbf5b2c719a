package io.github.camelmixpanel.export.internal.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * State that one process owns at a time, and which of its files the database stores.
 *
 * @param name in the tables and in messages: {@code exports/shop} or {@code
 *     queries/data.mixpanel.com-7}
 * @param folder the base of the paths in the table; absolute
 * @param stored the paths that the database stores
 * @param marker a file that marks the folder as a working copy; null where none is needed
 */
public record Scope(String name, Path folder, Pattern stored, Path marker) {

    private static final Pattern OF_EXPORT =
            Pattern.compile("ledger\\.jsonl|keys-[^/]+/[^/]+\\.(keys|run)|parked/[^/]+\\.tsv");

    /** Ledger, keys and parked events of an export; all other files in its folder are local. */
    public static Scope ofExport(String name, Path folder) {
        return new Scope("exports/" + name, folder, OF_EXPORT, folder.resolve("kept-in-database"));
    }

    /** The query log of a project. */
    public static Scope ofQueryLog(Path file) {
        String name = file.getFileName().toString();
        return new Scope(
                "queries/" + name.replaceAll("\\.log$", ""),
                file.getParent(),
                Pattern.compile(Pattern.quote(name)),
                null);
    }

    boolean isWorkingCopy() {
        return marker != null && Files.exists(marker);
    }

    /** The path in the table; empty for a local file and for one that is not renamed yet. */
    Optional<String> path(Path file) {
        String path = folder.relativize(file.toAbsolutePath()).toString().replace('\\', '/');
        return stored.matcher(path).matches() ? Optional.of(path) : Optional.empty();
    }

    /** The files of the working copy that the database stores. */
    List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> path(file).isPresent())
                    .toList();
        }
    }
}
