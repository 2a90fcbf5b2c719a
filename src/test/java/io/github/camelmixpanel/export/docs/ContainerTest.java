package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.docs.Snippets.Snippet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The Dockerfile, the manifest and the page about them fit together. */
class ContainerTest {

    private static final Path EXAMPLE = Path.of("examples/camel-main-xml");
    private static final Path PAGE = Path.of("docs/start/container.md");

    private final String dockerfile = Files.readString(EXAMPLE.resolve("Dockerfile"));
    private final Map<?, ?> deployment = deployment();

    ContainerTest() throws IOException {}

    @Test
    void pageShowsTheDockerfile() throws IOException {
        assertThat(Snippets.in(PAGE, Files.readString(PAGE)))
                .filteredOn(snippet -> snippet.is("dockerfile", ""))
                .extracting(Snippet::text)
                .containsExactly(dockerfile.replaceFirst("^#.*\n", ""));
    }

    @Test
    void entryPointRunsCamelMain() {
        assertThat(instruction("ENTRYPOINT")).contains('"' + Main.class.getName() + '"');
    }

    @Test
    void podRunsAsTheUserOfTheImage() {
        Map<?, ?> context = map(pod(), "securityContext");

        assertThat(instruction("USER"))
                .isEqualTo(context.get("runAsUser") + ":" + context.get("runAsGroup"));
        assertThat(context.get("fsGroup")).isEqualTo(context.get("runAsGroup"));
        assertThat(instruction("RUN")).contains("chown " + instruction("USER"));
    }

    @Test
    void volumeIsMountedWhereTheImageKeepsItsState() {
        assertThat(container().get("volumeMounts"))
                .isEqualTo(List.of(Map.of("name", "state", "mountPath", instruction("WORKDIR"))));
    }

    @Test
    void onePodAtATimeOwnsTheState() {
        assertThat(map(deployment, "spec").get("replicas")).isEqualTo(1);
        assertThat(map(map(deployment, "spec"), "strategy").get("type")).isEqualTo("Recreate");
    }

    @Test
    void camelStopsInOrderBeforeThePodIsKilled() throws IOException {
        int seconds = new Main().configure().getShutdownTimeout();

        assertThat((int) pod().get("terminationGracePeriodSeconds"))
                .isEqualTo(60)
                .isGreaterThan(seconds);
        assertThat(Files.readString(PAGE)).contains("--stop-timeout 60");
    }

    private String instruction(String name) {
        Matcher line = Pattern.compile("(?m)^" + name + " (.*)$").matcher(dockerfile);
        assertThat(line.find()).as(name).isTrue();
        return line.group(1);
    }

    private Map<?, ?> pod() {
        return map(map(map(deployment, "spec"), "template"), "spec");
    }

    private Map<?, ?> container() {
        return (Map<?, ?>) ((List<?>) pod().get("containers")).get(0);
    }

    private static Map<?, ?> map(Map<?, ?> parent, String key) {
        return (Map<?, ?>) parent.get(key);
    }

    private static Map<?, ?> deployment() throws IOException {
        List<Map<?, ?>> manifests = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(EXAMPLE.resolve("kubernetes.yaml")))
                .forEach(manifest -> manifests.add((Map<?, ?>) manifest));
        return manifests.stream()
                .filter(manifest -> manifest.get("kind").equals("Deployment"))
                .findFirst()
                .orElseThrow();
    }
}
