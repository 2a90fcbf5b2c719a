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
 * The tables in the documents are those of the code. With {@code -Dupdate.docs=true} they are
 * written anew.
 */
class OptionsDocTest {

    private static final Path README = Path.of("README.md");
    private static final Path PAGE = Path.of("docs/mixpanel-export-component.adoc");

    /**
     * A part of a document that is made from the metadata.
     *
     * @param start the line before it
     * @param end the line after it
     */
    private record Table(Path document, String start, String end, Function<Metadata, String> text) {

        static Table inReadme(String name, Function<OptionTables, String> text) {
            return new Table(
                    README,
                    "<!-- " + name + ":start -->",
                    "<!-- " + name + ":end -->",
                    metadata -> text.apply(new OptionTables(metadata)));
        }

        static Table inPage(String name, Function<AsciidocTables, String> text) {
            return new Table(
                    PAGE,
                    "// " + name + ": START",
                    "// " + name + ": END",
                    metadata -> text.apply(new AsciidocTables(metadata)));
        }
    }

    static Stream<Table> tables() {
        return Stream.of(
                Table.inReadme("options", OptionTables::options),
                Table.inReadme("headers", OptionTables::headers),
                Table.inPage("component options", AsciidocTables::component),
                Table.inPage("endpoint path", AsciidocTables::path),
                Table.inPage("endpoint options", AsciidocTables::query),
                Table.inPage("endpoint headers", AsciidocTables::headers));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void tableIsThatOfTheCode(Table table) throws IOException {
        String expected = table.text().apply(Metadata.ofTheComponent());
        String document = Files.readString(table.document());
        int start = document.indexOf(table.start());
        int end = document.indexOf(table.end());
        assertThat(start)
                .as("place of the line %s in %s", table.start(), table.document())
                .isNotNegative()
                .isLessThan(end);
        start += table.start().length();

        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(
                    table.document(),
                    document.substring(0, start)
                            + "\n"
                            + expected
                            + "\n"
                            + document.substring(end));
        } else {
            assertThat(document.substring(start, end).strip())
                    .as(
                            "the table after %s in %s; to write it anew: mvn test"
                                    + " -Dtest=OptionsDocTest -Dupdate.docs=true",
                            table.start(), table.document())
                    .isEqualTo(expected);
        }
    }
}
