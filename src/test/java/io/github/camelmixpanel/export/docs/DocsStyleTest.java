package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.docs.Prose.Line;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents, comments and messages are in plain English: none of the words that are not. */
class DocsStyleTest {

    private static final Pattern UNWANTED =
            Pattern.compile(
                    "(?i)\\b(?:told|anew|asked for again|g[ia]ve[sn]? out|giving out"
                            + "|hand(?:s|ed|ing)? out|go(?:es)? along|somebody|whoever|mend(?:s|ed|ing)?|dear)\\b");

    /** "60 queries an hour" for "60 queries per hour". */
    private static final Pattern A_FOR_PER =
            Pattern.compile(
                    "(?:\\b(?:events|queries|calls|files?|times|rows|bytes|records|lines?|[KMG]B)"
                            + "|\\b[0-9]+(?:[.,][0-9]+)*)"
                            + " an? (?:second|minute|hour|day|week|month|year|event|exchange|poll|window|row)\\b");

    @Test
    void pagesAreInPlainEnglish() throws IOException {
        assertThat(unwanted(Prose.ofPages())).isEmpty();
    }

    @Test
    void sourcesAreInPlainEnglish() throws IOException {
        assertThat(unwanted(Prose.ofSources())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Nobody was told.",
                "The download is asked for again.",
                "Tasks are handed out in order.",
                "Mend the route.",
                "at most 60 queries an hour",
                "20 a second"
            })
    void findsWhatIsUnwanted(String text) {
        assertThat(unwanted(List.of(new Line(null, 1, text)))).isNotEmpty();
    }

    private static List<String> unwanted(List<Line> lines) {
        return lines.stream().flatMap(DocsStyleTest::unwanted).toList();
    }

    private static Stream<String> unwanted(Line line) {
        Function<Pattern, Stream<String>> found =
                pattern ->
                        pattern.matcher(line.text())
                                .results()
                                .map(match -> line + ": " + match.group());
        return Stream.concat(found.apply(UNWANTED), found.apply(A_FOR_PER));
    }
}
