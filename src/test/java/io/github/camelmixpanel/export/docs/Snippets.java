package io.github.camelmixpanel.export.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pieces of code that the documents show. */
final class Snippets {

    /**
     * @param document where it stands
     * @param language as the document names it, such as xml
     */
    record Snippet(Path document, String language, String text) {

        boolean is(String language, String start) {
            return this.language.equals(language) && text.strip().startsWith(start);
        }

        @Override
        public String toString() {
            return document + ": " + text.strip().lines().limit(3).toList();
        }
    }

    private static final Pattern MARKDOWN = Pattern.compile("(?ms)^```(\\w+)$\n(.*?)^```$");

    private Snippets() {}

    /** Those of the README and of every page in docs, but for the decisions, which show none. */
    static List<Snippet> all() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(Path.of("README.md")));
        try (Stream<Path> pages = Files.walk(Path.of("docs"))) {
            pages.filter(page -> page.toString().endsWith(".md"))
                    .filter(page -> !page.startsWith("docs/adr"))
                    .sorted()
                    .forEach(documents::add);
        }
        List<Snippet> all = new ArrayList<>();
        for (Path document : documents) {
            in(document, Files.readString(document)).forEach(all::add);
        }
        return all;
    }

    static Stream<Snippet> in(Path document, String text) {
        return MARKDOWN.matcher(text)
                .results()
                .map(match -> new Snippet(document, match.group(1), match.group(2)));
    }
}
