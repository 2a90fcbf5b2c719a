package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The runbook reads members that status.json has. */
class RunbookTest {

    private static final Path PAGE = Path.of("docs/operate/runbook.md");
    private static final Path WRITER =
            Path.of(
                    "src/main/java/io/github/camelmixpanel/export/internal/observe/SnapshotJson.java");
    private static final Pattern FILTER = Pattern.compile("jq (?:-r )?'([^']+)'");
    private static final Pattern MEMBER =
            Pattern.compile("(?<=\\.)[a-zA-Z]+|(?<=[{ ])[a-zA-Z]+(?=[,}])");

    @Test
    void filtersNameWhatIsThere() throws IOException {
        String writer = Files.readString(WRITER);
        List<String> members =
                FILTER.matcher(Files.readString(PAGE))
                        .results()
                        .flatMap(filter -> MEMBER.matcher(filter.group(1)).results())
                        .map(member -> member.group())
                        .filter(member -> !member.equals("exports"))
                        .toList();

        assertThat(members).contains("troubles", "forecast", "final", "parked");
        assertThat(members).allMatch(member -> writer.contains('"' + member + '"'));
    }
}
