package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages say of speed and memory is what bench/run has measured last. */
class BenchFiguresTest {

    private static final Path RESULTS = Path.of("bench/RESULTS.md");

    /** What bench/run writes, into the results and into the pages that show it. */
    private static final Pattern BLOCK =
            Pattern.compile("(?s)<!-- bench:(\\w+) -->\n(.*?)<!-- bench:end -->");

    private static final Pattern FIGURE =
            Pattern.compile("\\d (?:s|ms|µs|min|MB|GB|seconds|minutes|times)\\b");

    private final Map<String, String> results =
            blocks(RESULTS).collect(Collectors.toMap(it -> it.group(1), it -> it.group(2)));

    BenchFiguresTest() throws IOException {}

    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            return Stream.concat(Stream.of(Path.of("README.md")), files)
                    .filter(it -> it.toString().endsWith(".md"))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void pageShowsTheFiguresOfTheResults(Path page) throws IOException {
        assertThat(blocks(page))
                .allSatisfy(it -> assertThat(results).containsEntry(it.group(1), it.group(2)));
    }

    @Test
    void figuresAreShownWhereTheyAreLookedFor() throws IOException {
        assertThat(blocks(Path.of("README.md"))).isNotEmpty();
        assertThat(blocks(Path.of("docs/operate/sizing.md"))).isNotEmpty();
        assertThat(blocks(Path.of("docs/operate/jvm.md"))).hasSize(2);
    }

    /** Such a figure would stay as it is when the results change. */
    @ParameterizedTest
    @MethodSource("pages")
    void pageHasNoFiguresOfTheResultsBesides(Path page) throws IOException {
        String prose = BLOCK.matcher(Files.readString(page)).replaceAll("");

        assertThat(prose.lines()).noneMatch(BenchFiguresTest::hasFigureOfTheResults);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "It took 4.5 s ([results](../../bench/RESULTS.md)).",
                "Half of 300 MB ([measured](../../bench/README.md))."
            })
    void findsAFigure(String line) {
        assertThat(hasFigureOfTheResults(line)).isTrue();
    }

    private static boolean hasFigureOfTheResults(String line) {
        return line.matches(".*bench/(?:RESULTS|README)\\.md.*")
                && !line.contains("`bench/destinations ")
                && FIGURE.matcher(line).find();
    }

    private static Stream<MatchResult> blocks(Path page) throws IOException {
        return BLOCK.matcher(Files.readString(page)).results();
    }
}
