package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.docs.Prose.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import morfologik.speller.Speller;
import morfologik.stemming.Dictionary;
import org.junit.jupiter.api.Test;

/** Every word of the documents and of the Javadoc is an English one, or one of the project's. */
class SpellingTest {

    /** One word per line, in lower case: names, and terms that no dictionary has. */
    private static final Path OWN_WORDS = Path.of("src/test/resources/docs/words.txt");

    private static final Pattern WORD =
            Pattern.compile("(?<!\\p{N})[\\p{L}][\\p{L}\\p{N}_$.]*(?:['’]\\w+)?");

    private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");

    /** Names of classes, options, files and hosts. */
    private static final Pattern NAME =
            Pattern.compile(".*(?:\\p{Ll}\\p{Lu}|[\\p{N}_$]|\\.\\p{L}).*|\\p{Lu}+s?");

    private final List<Speller> spellers = List.of(speller("en_GB"), speller("en_US"));
    private final Set<String> own = new TreeSet<>(Files.readAllLines(OWN_WORDS));

    SpellingTest() throws IOException {}

    private static Speller speller(String language) {
        try {
            return new Speller(
                    Dictionary.read(
                            SpellingTest.class.getResource(
                                    "/org/languagetool/resource/en/hunspell/"
                                            + language
                                            + ".dict")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void pagesAreSpeltRight() throws IOException {
        assertThat(misspelt(Prose.ofPages())).isEmpty();
    }

    @Test
    void javadocIsSpeltRight() throws IOException {
        assertThat(misspelt(Prose.ofJavadoc())).isEmpty();
    }

    @Test
    void messagesAreSpeltRight() throws IOException {
        assertThat(misspelt(Prose.ofSources().stream().flatMap(SpellingTest::sentences).toList()))
                .isEmpty();
    }

    /**
     * Texts of several words, without what is code in them: places for values, options, patterns.
     */
    private static Stream<Line> sentences(Line line) {
        return TEXT.matcher(line.text())
                .results()
                .map(MatchResult::group)
                .filter(text -> text.strip().contains(" "))
                .map(
                        text ->
                                text.replaceAll(
                                        "%[\\d.,$]*\\w|\\\\.|[\\w.-]+[=:]\\S*|\\[\\w+]\\w+", " "))
                .map(text -> new Line(line.file(), line.number(), text));
    }

    @Test
    void ownWordsAreInOrderAndNoEnglishOnes() throws IOException {
        assertThat(Files.readAllLines(OWN_WORDS)).containsExactlyElementsOf(own);
        assertThat(own).allMatch(word -> !isEnglish(word));
    }

    @Test
    void findsAMisspeltWord() {
        assertThat(misspelt(List.of(new Line(null, 1, "The lookback’s begining: `begining`."))))
                .containsExactly("null:1: begining", "null:1: begining");
    }

    private List<String> misspelt(List<Line> lines) {
        return lines.stream()
                .flatMap(line -> misspelt(line.text()).map(word -> line + ": " + word))
                .collect(Collectors.toList());
    }

    private Stream<String> misspelt(String text) {
        return WORD.matcher(text)
                .results()
                .map(match -> match.group().replaceAll("\\.+$|['’]s$", ""))
                .filter(word -> !NAME.matcher(word).matches())
                .filter(word -> !isOwn(word) && !isEnglish(word));
    }

    private boolean isOwn(String word) {
        return own.contains(word.toLowerCase(Locale.ROOT));
    }

    private boolean isEnglish(String word) {
        String plain = word.replace('’', '\'');
        return spellers.stream()
                .anyMatch(
                        speller ->
                                !speller.isMisspelled(plain)
                                        || !speller.isMisspelled(plain.toLowerCase(Locale.ROOT)));
    }
}
