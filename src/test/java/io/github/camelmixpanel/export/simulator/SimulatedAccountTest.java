package io.github.camelmixpanel.export.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.testkit.ForkedJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM of its own, for the sake of its environment, folder and system properties. */
class SimulatedAccountTest {

    private static final List<String> PROPERTIES =
            List.of(
                    "MIXPANEL_PROJECT_ID",
                    "MIXPANEL_SERVICE_ACCOUNT",
                    "MIXPANEL_SERVICE_ACCOUNT_SECRET",
                    "camel.component.mixpanel-export.base-url",
                    "camel.component.mixpanel-export.state-directory",
                    "mixpanel.folder",
                    "mixpanel.fromDate",
                    "mixpanel.toDate");

    @TempDir Path folder;

    /** The program that is run: says what it finds. */
    public static final class Program {

        private Program() {}

        public static void main(String[] args) {
            System.out.println("program with " + List.of(args));
            PROPERTIES.stream()
                    .filter(name -> System.getProperty(name) != null)
                    .forEach(System.out::println);
        }
    }

    @Test
    void standsInWhileNoProjectIsNamedAndBeginsAfresh() throws Exception {
        Path left = folder.resolve("target/simulated/state/left");
        Files.createDirectories(left);

        String said = run(Map.of());

        assertThat(said.lines().toList().get(0))
                .startsWith("MIXPANEL_PROJECT_ID is not set: exporting 3 days");
        assertThat(said.lines().skip(1).toList().get(0)).isEqualTo("program with [one]");
        assertThat(said.lines().skip(2)).containsExactlyElementsOf(PROPERTIES);
        assertThat(left).doesNotExist();
    }

    @Test
    void hasAsManyDaysAsWanted() throws Exception {
        assertThat(run(Map.of(), "-Dsimulated.days=730").lines().toList().get(0))
                .startsWith("MIXPANEL_PROJECT_ID is not set: exporting 730 days");
    }

    @Test
    void leavesAnAccountAlone() throws Exception {
        assertThat(run(Map.of("MIXPANEL_PROJECT_ID", "42")).lines())
                .containsExactly("program with [one]");
    }

    private String run(Map<String, String> environment, String... options) throws Exception {
        ProcessBuilder java =
                ForkedJvm.of(
                        SimulatedAccount.class, List.of(options), Program.class.getName(), "one");
        java.environment().remove("MIXPANEL_PROJECT_ID");
        java.environment().putAll(environment);
        Process process = java.directory(folder.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
