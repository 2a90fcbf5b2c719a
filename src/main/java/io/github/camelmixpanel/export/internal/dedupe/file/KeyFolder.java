package io.github.camelmixpanel.export.internal.dedupe.file;

import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.model.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Names the files in a key folder, and leaves files with other names alone. Thread-safe. */
public record KeyFolder(Path path) {

    private static final String KEYS = ".keys";
    private static final String RUN = ".run";
    private static final String UNDATED = "undated";

    public Path keyFile(int day) {
        String name = day == DedupeKey.UNDATED ? UNDATED : LocalDate.ofEpochDay(day).toString();
        return path.resolve(name + KEYS);
    }

    public Path runFile(Window window, int generation) {
        return path.resolve(window + "." + generation + RUN);
    }

    /** The key days that have a key file. */
    public SortedSet<Integer> days() throws IOException {
        SortedSet<Integer> days = new TreeSet<>();
        for (Path file : list(name -> name.endsWith(KEYS))) {
            String day = file.getFileName().toString();
            day = day.substring(0, day.length() - KEYS.length());
            try {
                days.add(
                        day.equals(UNDATED)
                                ? DedupeKey.UNDATED
                                : DedupeKey.dayOf(LocalDate.parse(day)));
            } catch (DateTimeParseException e) {
                continue; // a copy, not a key file
            }
        }
        return days;
    }

    /** Those before this one, without that of undated events. */
    public SortedSet<Integer> daysBefore(LocalDate day) throws IOException {
        return days().subSet(DedupeKey.UNDATED + 1, DedupeKey.dayOf(day));
    }

    public List<Path> runs() throws IOException {
        return list(name -> name.endsWith(RUN));
    }

    public List<Path> runsOf(Window window) throws IOException {
        return list(name -> name.endsWith(RUN) && windowOf(name).equals(window.toString()));
    }

    public List<Path> runsOfOthers(Set<String> windows) throws IOException {
        return list(name -> name.endsWith(RUN) && !windows.contains(windowOf(name)));
    }

    public void deleteTemporary() throws IOException {
        for (Path file : list(name -> name.endsWith(".tmp"))) {
            Files.delete(file);
        }
    }

    /** The name without generation and ending. */
    private static String windowOf(String run) {
        String withoutEnding = run.substring(0, run.length() - RUN.length());
        return withoutEnding.substring(0, Math.max(0, withoutEnding.lastIndexOf('.')));
    }

    private List<Path> list(Predicate<String> wanted) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> wanted.test(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }
}
