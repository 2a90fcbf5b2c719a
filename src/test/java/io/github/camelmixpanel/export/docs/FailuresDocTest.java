package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.failure.ExportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of failure has a row in the table of messages that says what to do. */
class FailuresDocTest {

    static Stream<String> kinds() {
        return Stream.of(ExportException.class.getPermittedSubclasses()).map(Class::getSimpleName);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void hasARowOfItsOwn(String kind) throws IOException {
        assertThat(Files.readAllLines(Path.of("docs/reference/messages.md")))
                .filteredOn(line -> line.startsWith("| `"))
                .filteredOn(line -> line.substring(0, line.indexOf(" | ", 2)).contains(kind))
                .as("rows of the table of messages that name " + kind)
                .isNotEmpty();
    }
}
