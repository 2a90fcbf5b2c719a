package io.github.camelmixpanel.export.simulator;

import static io.github.camelmixpanel.export.simulator.SimulatorClient.DAY;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorMainTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @Test
    void servesTheFolderAndPrintsItsBaseUrl(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("2026-01-01.jsonl"), "line\n");
        try (MixpanelSimulator simulator =
                SimulatorMain.start(out, "--events=" + folder, "--zone=Europe/Berlin")) {
            assertThat(printed.toString(StandardCharsets.UTF_8))
                    .isEqualTo(
                            "Mixpanel simulator: " + simulator.baseUrl() + System.lineSeparator());
            assertThat(text(new SimulatorClient(simulator).get(DAY))).isEqualTo("line\n");
        }
    }

    @Test
    void readsSystemPropertiesBelowArguments(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("2026-01-01.jsonl"), "line\n");
        System.setProperty("simulator.events", folder.toString());
        System.setProperty("simulator.port", "no number");
        try (MixpanelSimulator simulator = SimulatorMain.start(out, "--port=0")) {
            assertThat(text(new SimulatorClient(simulator).get(DAY))).isEqualTo("line\n");
        } finally {
            System.clearProperty("simulator.events");
            System.clearProperty("simulator.port");
        }
    }

    @Test
    void letsOnlyItsAccountIn(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("2026-01-01.jsonl"), "line\n");
        try (MixpanelSimulator simulator =
                SimulatorMain.start(out, "--events=" + folder, "--account=me:s3cr&t:7")) {
            SimulatorClient client = new SimulatorClient(simulator);
            String me = "Basic " + Base64.getEncoder().encodeToString("me:s3cr&t".getBytes(UTF_8));
            String other =
                    "Basic " + Base64.getEncoder().encodeToString("me:other".getBytes(UTF_8));

            assertThat(text(client.get(DAY + "&project_id=7", "Authorization", me)))
                    .isEqualTo("line\n");
            assertThat(client.get(DAY + "&project_id=8", "Authorization", me).statusCode())
                    .isGreaterThanOrEqualTo(400);
            assertThat(client.get(DAY + "&project_id=7", "Authorization", other).statusCode())
                    .isGreaterThanOrEqualTo(400);
        }
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> SimulatorMain.start(out, "--account=me:secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("user:secret:project")
                .hasMessageContaining("2 parts");
        assertThatThrownBy(() -> SimulatorMain.start(out, "--prot=1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--prot=1");
        assertThatThrownBy(() -> SimulatorMain.start(out, "--zone=Nowhere/Land"))
                .isInstanceOf(DateTimeException.class);
    }
}
