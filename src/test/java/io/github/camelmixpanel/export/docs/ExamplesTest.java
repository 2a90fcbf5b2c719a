package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every example; that each does what its README shows, .ci/example finds out. */
class ExamplesTest {

    private static final Path DESTINATIONS = Path.of("docs/how-to/destinations.md");
    private static final Pattern ROW =
            Pattern.compile(
                    "(?m)^\\| \\[[^]]+]\\(../../(examples/to-[\\w-]+)\\).*\\| ([^|]+) \\| ([^|]+) \\|$");

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("examples"))) {
            return folders
                    .filter(it -> Files.exists(it.resolve("pom.xml")))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void logsDateAndTime(Path example) throws IOException {
        Path logger = example.resolve("src/main/resources/simplelogger.properties");
        if (Files.exists(logger)) {
            assertThat(logger)
                    .content()
                    .contains("showDateTime=true")
                    .contains("dateTimeFormat=yyyy-MM-dd HH:mm:ss");
        } else {
            assertThat(example.resolve("src/main/resources/application.properties"))
                    .content()
                    .containsPattern("(?m)^.*console.* = %d\\{yyyy-MM-dd HH:mm:ss} ");
        }
    }

    /** A copy of the folder has no settings of the project around it. */
    @ParameterizedTest
    @MethodSource("examples")
    void mavenStartsSoonAndTakesLittleMemory(Path example) {
        assertThat(example.resolve(".mvn/jvm.config"))
                .content()
                .contains("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "examples/camel-main-xml/Dockerfile",
                "examples/camel-cli/README.md",
                "examples/camel-k/integration.yaml",
                "examples/camel-k/pipe.yaml",
                "examples/quarkus/README.md",
                "examples/spring-boot/pom.xml",
                "docs/operate/kubernetes.md"
            })
    void whereAJvmIsStartedItTakesLittleMemory(Path place) {
        assertThat(place).content().contains("-XX:+UseSerialGC");
    }

    /** A slow machine is idle while it starts. */
    @ParameterizedTest
    @MethodSource("examples")
    void endsWhenItsWorkIsDone(Path example) throws IOException {
        try (Stream<Path> files = Files.walk(example)) {
            List<Path> texts =
                    files.filter(it -> it.toString().matches(".*\\.(xml|java|properties|yaml)"))
                            .filter(it -> !it.startsWith(example.resolve("target")))
                            .toList();
            assertThat(texts)
                    .allSatisfy(
                            it -> assertThat(it).content().doesNotContainIgnoringCase("max-idle"));
        }
    }

    @Test
    void figuresOfDestinationsAreThoseOfTheTable() throws IOException {
        List<MatchResult> rows = ROW.matcher(Files.readString(DESTINATIONS)).results().toList();

        assertThat(rows)
                .extracting(row -> Path.of(row.group(1)))
                .containsExactlyInAnyOrderElementsOf(
                        examples().filter(it -> it.toString().contains("to-")).toList());
        assertThat(rows)
                .filteredOn(row -> row.group(2).matches("[\\d,]+"))
                .isNotEmpty()
                .allSatisfy(
                        row ->
                                assertThat(Path.of(row.group(1), "README.md"))
                                        .content()
                                        .contains(
                                                "at least %s events per second and %s seconds of CPU per million events"
                                                        .formatted(row.group(2), row.group(3))));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isRunByTheBuild(Path example) throws IOException {
        assertThat(Path.of(".ci/run"))
                .content()
                .containsPattern("(?m)^for example in .*\\b" + example.getFileName() + "\\b");
    }
}
