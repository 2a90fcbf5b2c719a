package io.github.camelmixpanel.export.routes;

import static io.github.camelmixpanel.export.testkit.Patiently.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The manifests for Camel K: as far as they can be tried without a cluster. What Camel K would give
 * to the runtime is given by hand: the secret's properties, and those of the trait {@code camel}.
 */
class CamelKTest {

    private static final Path FOLDER = Path.of("examples/camel-k");
    private static final String KAMELET = "mixpanel-export-source.kamelet.yaml";
    private static final String VOLUME = "/var/lib/mixpanel";

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"integration.yaml", "pipe.yaml"})
    void exportsTheCheckouts(String manifest) throws Exception {
        String text =
                Files.readString(FOLDER.resolve(manifest))
                        .replace(VOLUME, folder.toString())
                        .replace("log:checkouts", "mock:checkouts");
        Path here = Files.writeString(folder.resolve(manifest), routes(text));
        LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(1);
        try (MixpanelSimulator mixpanel =
                MixpanelSimulator.builder()
                        .serviceAccount("account", "s3cr&t+%", "7")
                        .limits(60, 100, 100)
                        .start()) {
            mixpanel.addEvents(event(day, "checkout"), event(day, "view"));
            Properties settings = secret();
            settings.putAll(propertiesOfTheTrait(text));
            settings.setProperty("mixpanel.projectId", "7");
            settings.setProperty("mixpanel.serviceAccount", "account");
            settings.setProperty("mixpanel.serviceAccountSecret", "s3cr&t+%");
            settings.setProperty("camel.component.mixpanel-export.base-url", mixpanel.baseUrl());
            settings.setProperty("camel.component.mixpanel-export.queries-per-second", "100");
            Main main = new Main();
            main.setPropertyPlaceholderLocations("false");
            main.setInitialProperties(settings);
            main.configure().withRoutesIncludePattern("file:" + here);
            try {
                main.init();
                MockEndpoint sink =
                        main.getCamelContext().getEndpoint("mock:checkouts", MockEndpoint.class);
                sink.expectedBodiesReceived(event(day, "checkout"));
                main.start();

                await().until(() -> sink.getReceivedCounter() > 0);
                sink.assertIsSatisfied();
                assertThat(folder.resolve("state/exports/checkouts/ledger.jsonl")).exists();
            } finally {
                main.stop();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"integration.yaml", "pipe.yaml"})
    void mountsTheSecretAndTheVolumeThatAreBeside(String manifest) throws IOException {
        Map<?, ?> mount = at(load(manifest), "spec", "traits", "mount");

        assertThat(mount.get("configs")).isEqualTo(List.of("secret:" + name("secret.yaml")));
        assertThat(mount.get("volumes")).isEqualTo(List.of(name("volume.yaml") + ":" + VOLUME));
        assertThat(at(load(manifest), "spec").get("replicas")).isEqualTo(1);
        assertThat(Files.readString(FOLDER.resolve(manifest)))
                .contains("mixpanel-export.state-directory=" + VOLUME);
    }

    @Test
    void kameletIsTheOneInTheJar() throws IOException {
        assertThat(FOLDER.resolve(KAMELET))
                .hasSameTextualContentAs(Path.of("src/main/resources/kamelets", KAMELET));
        assertThat(at(load("pipe.yaml"), "spec", "source", "ref").get("name"))
                .isEqualTo(name(KAMELET));
    }

    private static String event(LocalDate day, String name) {
        return "{\"event\":\"%s\",\"properties\":{\"time\":%d,\"distinct_id\":\"u\",\"$insert_id\":\"%s\"}}"
                .formatted(name, day.atStartOfDay(ZoneOffset.UTC).toEpochSecond(), name);
    }

    /** What the runtime is given: the flows of an Integration, a Pipe as it is. */
    private static String routes(String manifest) {
        Object flows = at(parse(manifest), "spec").get("flows");
        return flows == null
                ? manifest
                : new Dump(DumpSettings.builder().build()).dumpToString(flows);
    }

    private static Properties secret() throws IOException {
        Properties properties = new Properties();
        Map<?, ?> data = at(load("secret.yaml"), "stringData");
        properties.load(new StringReader((String) data.get("mixpanel.properties")));
        return properties;
    }

    private static Properties propertiesOfTheTrait(String manifest) throws IOException {
        Properties properties = new Properties();
        Map<?, ?> traits = at(parse(manifest), "spec", "traits");
        if (traits.get("camel") instanceof Map<?, ?> camel) {
            for (Object line : (List<?>) camel.get("properties")) {
                properties.load(new StringReader((String) line));
            }
        }
        return properties;
    }

    private static Object name(String manifest) throws IOException {
        return at(load(manifest), "metadata").get("name");
    }

    private static Map<?, ?> load(String manifest) throws IOException {
        return parse(Files.readString(FOLDER.resolve(manifest)));
    }

    private static Map<?, ?> parse(String manifest) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(manifest);
    }

    private static Map<?, ?> at(Map<?, ?> document, String... path) {
        Map<?, ?> found = document;
        for (String step : path) {
            found = (Map<?, ?>) found.get(step);
        }
        return found;
    }
}
