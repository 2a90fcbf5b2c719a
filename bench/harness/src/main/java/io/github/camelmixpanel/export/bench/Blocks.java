package io.github.camelmixpanel.export.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Figures between {@code <!-- bench:NAME -->} and {@code <!-- bench:end -->}, which pages share.
 */
final class Blocks {

    private static final Pattern BLOCK =
            Pattern.compile("(?s)<!-- bench:(\\w+) -->\n.*?<!-- bench:end -->");

    private Blocks() {}

    /** Ends without a newline. */
    static String of(String name, String content) {
        return "<!-- bench:" + name + " -->\n" + content + "<!-- bench:end -->";
    }

    /** Puts the blocks of the results into the README and the pages that show them. */
    static void intoPages(String results) throws IOException {
        Map<String, String> blocks =
                BLOCK.matcher(results)
                        .results()
                        .collect(Collectors.toMap(it -> it.group(1), it -> it.group()));
        List<Path> pages;
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            pages =
                    Stream.concat(files, Stream.of(Path.of("README.md")))
                            .filter(it -> it.toString().endsWith(".md"))
                            .toList();
        }
        for (Path page : pages) {
            String old = Files.readString(page);
            String updated =
                    BLOCK.matcher(old)
                            .replaceAll(
                                    it ->
                                            Matcher.quoteReplacement(
                                                    blocks.getOrDefault(it.group(1), it.group())));
            if (!updated.equals(old)) {
                Files.writeString(page, updated);
            }
        }
    }
}
