package io.github.camelmixpanel.export.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What people read in the repository, line by line, without the code in it. */
final class Prose {

    /**
     * @param file where it stands
     * @param number of the line, from 1
     */
    record Line(Path file, int number, String text) {

        @Override
        public String toString() {
            return file + ":" + number;
        }
    }

    private static final Pattern BLOCK_OF_CODE = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern CODE = Pattern.compile("(`+)[^`]+?\\1|\\]\\([^)]*\\)|https?:\\S+");

    /** Names of things, and what Javadoc marks as code. */
    private static final Pattern CODE_IN_JAVADOC =
            Pattern.compile(
                    "(?s)\\{@\\w+[^}]*}|@(?:param|throws|see)\\s+\\S+|@\\w+|<code>.*?</code>|</?\\w+[^>]*>|https?:\\S+");

    private static final Pattern JAVADOC = Pattern.compile("(?s)/\\*\\*.*?\\*/");

    private Prose() {}

    /** The pages, of the project and of its examples. */
    static List<Line> ofPages() throws IOException {
        try (Stream<Path> files = Files.find(Path.of(""), 4, (file, a) -> isPage(file))) {
            return files.sorted().flatMap(Prose::ofPage).toList();
        }
    }

    private static boolean isPage(Path file) {
        return file.toString().endsWith(".md")
                && !file.toString().contains("target")
                && !file.startsWith("src");
    }

    private static Stream<Line> ofPage(Path file) {
        String text = without(CODE, without(BLOCK_OF_CODE, read(file)));
        // messages as they were before, and as they are now
        return lines(file, text).filter(line -> !line.text().contains("→"));
    }

    /** Javadoc of the API and of everything else. */
    static List<Line> ofJavadoc() throws IOException {
        return sources()
                .flatMap(
                        file -> lines(file, without(CODE_IN_JAVADOC, outside(JAVADOC, read(file)))))
                .toList();
    }

    /** Everything in the sources: names, comments and messages. */
    static List<Line> ofSources() throws IOException {
        return sources().flatMap(file -> lines(file, read(file))).toList();
    }

    private static Stream<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Stream<Line> lines(Path file, String text) {
        List<String> lines = text.lines().toList();
        return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                .map(i -> new Line(file, i + 1, lines.get(i)));
    }

    /** The text with blanks in place of what matches, so that lines keep their numbers. */
    private static String without(Pattern pattern, String text) {
        return pattern.matcher(text).replaceAll(match -> blanks(match.group()));
    }

    /** The text with blanks in place of what does not match. */
    private static String outside(Pattern pattern, String text) {
        StringBuilder kept = new StringBuilder();
        int[] end = {0};
        pattern.matcher(text)
                .results()
                .forEach(
                        match -> {
                            kept.append(blanks(text.substring(end[0], match.start())));
                            kept.append(match.group());
                            end[0] = match.end();
                        });
        return kept.toString();
    }

    private static String blanks(String text) {
        return text.replaceAll("[^\n]", " ");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
