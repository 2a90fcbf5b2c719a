package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents show can be pasted, and what they point at is there. */
class ReadmeTest {

    private static final Pattern LINK =
            Pattern.compile("\\]\\((?!https?:)([^)#]+)(?:#[\\w-]+)?\\)");

    @Test
    void versionsInTheDocumentsAreThoseOfTheProject() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));

        for (String document : List.of("README.md", "docs/start/first-export.md")) {
            assertThat(Files.readString(Path.of(document)))
                    .contains("<version>%s</version>".formatted(element(pom, "version")));
        }
    }

    @Test
    void versionsInTheKameletAndTheManifestAreThatOfTheProject() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));

        for (String file :
                List.of(
                        "src/main/resources/kamelets/mixpanel-export-source.kamelet.yaml",
                        "examples/camel-k/integration.yaml")) {
            assertThat(Files.readString(Path.of(file)))
                    .containsPattern(
                            "mvn:io.github.camel-mixpanel:camel-mixpanel-export:%s\\b"
                                    .formatted(Pattern.quote(element(pom, "version"))));
        }
    }

    @ParameterizedTest
    @MethodSource("examplePoms")
    void versionsInAnExampleAreThoseOfTheProject(Path example) throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String examplePom = Files.readString(example);

        assertThat(element(examplePom, "camel-mixpanel-export.version"))
                .isEqualTo(element(pom, "version"));
        if (examplePom.contains("<camel.version>")) {
            assertThat(element(examplePom, "camel.version"))
                    .isEqualTo(element(pom, "camel.version"));
        }
    }

    static Stream<Path> examplePoms() throws IOException {
        try (Stream<Path> files = Files.find(Path.of("examples"), 2, (f, a) -> isPom(f))) {
            List<Path> poms = files.sorted().toList();
            assertThat(poms).isNotEmpty();
            return poms.stream();
        }
    }

    private static boolean isPom(Path file) {
        return file.getFileName().toString().equals("pom.xml");
    }

    @Test
    void readmeFitsOnAFewScreens() throws IOException {
        assertThat(Files.size(Path.of("README.md"))).as("bytes").isLessThan(12 * 1024);
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        try (Stream<Path> documents =
                Files.find(Path.of(""), 4, (file, attributes) -> isOurs(file))) {
            for (Path document : documents.toList()) {
                LINK.matcher(Files.readString(document))
                        .results()
                        .map(link -> link.group(1))
                        .forEach(
                                link ->
                                        assertThat(
                                                        Path.of("")
                                                                .resolve(document)
                                                                .resolveSibling(link))
                                                .as(document + " links to " + link)
                                                .exists());
            }
        }
    }

    private static boolean isOurs(Path file) {
        return file.toString().matches(".*\\.md") && !file.startsWith("target");
    }

    private static String element(String pom, String name) {
        return pom.replaceAll("(?s)^.*?<" + Pattern.quote(name) + ">([^<]*)<.*$", "$1");
    }
}
