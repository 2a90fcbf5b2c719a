package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tables of options and headers are those of the code. With {@code -Dupdate.docs=true} they are
 * written.
 */
class OptionsDocTest {

    private static final Path PAGE = Path.of("docs/reference/options.md");

    /**
     * A part of the page that is made from the metadata.
     *
     * @param name of the lines before and after it
     */
    private record Table(String name, Function<OptionTables, String> text) {

        String start() {
            return "<!-- " + name + ":start -->";
        }

        String end() {
            return "<!-- " + name + ":end -->";
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Table> tables() {
        return Stream.of(
                new Table("options", OptionTables::options),
                new Table("headers", OptionTables::headers));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void tableIsThatOfTheCode(Table table) throws IOException {
        String expected = table.text().apply(new OptionTables(Metadata.ofTheComponent()));
        String document = Files.readString(PAGE);
        int start = document.indexOf(table.start());
        int end = document.indexOf(table.end());
        assertThat(start)
                .as("place of the line %s in %s", table.start(), PAGE)
                .isNotNegative()
                .isLessThan(end);
        start += table.start().length();

        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(
                    PAGE,
                    document.substring(0, start)
                            + "\n"
                            + expected
                            + "\n"
                            + document.substring(end));
        } else {
            assertThat(document.substring(start, end).strip())
                    .as(
                            "the table after %s in %s; to write it: mvn test"
                                    + " -Dtest=OptionsDocTest -Dupdate.docs=true",
                            table.start(), PAGE)
                    .isEqualTo(expected);
        }
    }
}
