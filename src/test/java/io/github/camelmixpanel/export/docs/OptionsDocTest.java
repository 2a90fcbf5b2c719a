package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tables in the README are those of the code. With {@code -Dupdate.docs=true} they are written
 * anew.
 */
class OptionsDocTest {

    private static final Path README = Path.of("README.md");

    @ParameterizedTest
    @ValueSource(strings = {"options", "headers"})
    void theReadmeHoldsTheTablesOfTheCode(String section) throws IOException {
        OptionTables tables = OptionTables.ofTheComponent();
        String expected = section.equals("options") ? tables.options() : tables.headers();
        String readme = Files.readString(README);
        String before = "<!-- " + section + ":start -->";
        int start = readme.indexOf(before);
        int end = readme.indexOf("<!-- " + section + ":end -->");
        assertThat(start)
                .as("place of the %s markers in the README", section)
                .isNotNegative()
                .isLessThan(end);
        start += before.length();

        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(
                    README,
                    readme.substring(0, start) + "\n" + expected + "\n" + readme.substring(end));
        } else {
            assertThat(readme.substring(start, end).strip())
                    .as(
                            "the %s tables of the README; to write them anew: mvn test -Dtest=OptionsDocTest"
                                    + " -Dupdate.docs=true",
                            section)
                    .isEqualTo(expected);
        }
    }
}
