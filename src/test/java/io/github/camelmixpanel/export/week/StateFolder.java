package io.github.camelmixpanel.export.week;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** A state directory, looked at from outside. */
final class StateFolder {

    private StateFolder() {}

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The lines that an export has set aside. */
    static Set<String> quarantined(Path state) throws IOException {
        Set<String> lines = new HashSet<>();
        try (Stream<Path> files = Files.walk(state)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.getParent().endsWith("quarantine") && file.toString().endsWith("jsonl")) {
                    lines.addAll(Files.readAllLines(file));
                }
            }
        }
        return lines;
    }
}
