package io.github.camelmixpanel.export.internal.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one process owns at a time, and the files of it that are kept in the database.
 *
 * @param name in the tables and in messages: {@code exports/shop} or {@code
 *     queries/data.mixpanel.com-7}
 * @param folder which the paths in the table are relative to; absolute
 * @param kept the paths that are kept
 * @param marker a file that says that the folder is a working copy; null where none is needed
 */
public record Scope(String name, Path folder, Pattern kept, Path marker) {

    private static final Pattern OF_EXPORT =
            Pattern.compile("ledger\\.jsonl|keys-[^/]+/[^/]+\\.(keys|run)|parked/[^/]+\\.tsv");

    /** Ledger, keys and parked events of an export; what else is in its folder is local. */
    public static Scope ofExport(String name, Path folder) {
        return new Scope("exports/" + name, folder, OF_EXPORT, marker(folder));
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

    private static Path marker(Path folder) {
        return folder.resolve("kept-in-database");
    }

    boolean isWorkingCopy() {
        return marker != null && Files.exists(marker);
    }

    /** The path in the table; empty for a file that is local, or none before it is renamed. */
    Optional<String> path(Path file) {
        String path = folder.relativize(file.toAbsolutePath()).toString().replace('\\', '/');
        return kept.matcher(path).matches() ? Optional.of(path) : Optional.empty();
    }

    Path file(String path) {
        return folder.resolve(path);
    }

    /** The files of the working copy that are kept in the database. */
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
