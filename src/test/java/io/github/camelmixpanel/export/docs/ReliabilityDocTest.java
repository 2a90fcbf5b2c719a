package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Each row of the fault matrix names a test that runs. */
class ReliabilityDocTest {

    private static final Path DOCUMENT = Path.of("docs/internals/reliability.md");
    private static final Path TESTS = Path.of("src/test/java");
    private static final Pattern ROW =
            Pattern.compile(
                    "(?m)^\\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\| `(\\w+)\\.(\\w+)`(?: \\((.+)\\))? \\|$");

    private static List<MatchResult> rows;

    @BeforeAll
    static void read() throws IOException {
        rows = ROW.matcher(Files.readString(DOCUMENT)).results().toList();
    }

    @Test
    void hasAtLeastSixtyFaults() {
        assertThat(rows).hasSizeGreaterThanOrEqualTo(60);
        assertThat(rows.stream().map(row -> row.group(1))).doesNotHaveDuplicates();
    }

    @Test
    void hasNoRowThatIsNotRead() throws IOException {
        long written =
                Files.readAllLines(DOCUMENT).stream()
                        .filter(line -> line.startsWith("| "))
                        .filter(line -> !line.startsWith("| fault |"))
                        .count();

        assertThat(rows).hasSize((int) written);
    }

    @Test
    void namesTestsThatExistAndRun() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (MatchResult row : rows) {
            String problem = problem(row.group(4), row.group(5), row.group(6));
            if (!problem.isEmpty()) {
                wrong.add(row.group(4) + "." + row.group(5) + ": " + problem);
            }
        }

        assertThat(wrong).isEmpty();
    }

    private static String problem(String simpleName, String method, String rowOfTest)
            throws Exception {
        List<Path> sources = sources(simpleName + ".java");
        if (sources.size() != 1) {
            return sources.size() + " classes of that name";
        }
        String relative = TESTS.relativize(sources.get(0)).toString();
        Class<?> test =
                Class.forName(relative.replace(".java", "").replace('/', '.').replace('\\', '.'));
        List<Method> methods =
                Stream.of(test.getDeclaredMethods())
                        .filter(each -> each.getName().equals(method))
                        .filter(ReliabilityDocTest::isTest)
                        .toList();
        if (methods.isEmpty()) {
            return "no such test";
        }
        if (test.isAnnotationPresent(Disabled.class)
                || methods.stream().anyMatch(m -> m.isAnnotationPresent(Disabled.class))) {
            return "disabled";
        }
        if (rowOfTest != null && !isRow(rowOfTest, Files.readString(sources.get(0)))) {
            return "no row \"" + rowOfTest + '"';
        }
        return "";
    }

    /** A text of its own, or the first column of a text block. */
    private static boolean isRow(String row, String source) {
        String text = Pattern.quote(row);
        return Pattern.compile("\"" + text + "\"|\n\\s+" + text + " +\\|").matcher(source).find();
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class)
                || method.isAnnotationPresent(ParameterizedTest.class);
    }

    private static List<Path> sources(String fileName) throws IOException {
        try (Stream<Path> files =
                Files.find(TESTS, 20, (file, attributes) -> file.endsWith(fileName))) {
            return files.toList();
        }
    }
}
