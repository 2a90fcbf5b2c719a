package io.github.camelmixpanel.export.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A newcomer gets the example week, their own project, or one clear sentence. */
class ExportDemoTest {

    private static final String SECRET = "s3cr&t+%20";

    @TempDir Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final Properties settings = new Properties();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void keepTheWorkingDirectoryClean() {
        settings.setProperty("mixpanel.stateDirectory", folder.resolve("state").toString());
        settings.setProperty("mixpanel.folder", folder.resolve("out").toString());
    }

    @Test
    void exportsTheExampleWeekWithoutAnAccount() throws Exception {
        assertThat(run()).as(err()).isZero();

        assertThat(out())
                .contains("Done: 4 windows, 4,999 events, 4 queries", "{\"time\":\"2026-10-05T");
        assertThat(err()).isEmpty();
        List<String> lines = Files.readAllLines(folder.resolve("out/2026-10-07.jsonl"));
        assertThat(lines)
                .allMatch(line -> line.matches(".*\"event\":\"(sign up|add to cart|checkout)\".*"));
    }

    @Test
    void keepsRunningWithThePageOpen() throws Exception {
        settings.putAll(ExportDemo.withPage());
        settings.setProperty("camel.server.port", "0");
        settings.setProperty("camel.main.duration-max-seconds", "3");

        assertThat(run()).as(err()).isZero();

        assertThat(out()).contains("Look at http://localhost:0/mixpanel-export/");
        assertThat(folder.resolve("out/2026-10-05.jsonl")).exists();
    }

    @Test
    void exportsTheExampleWeekAfreshEachTime() throws Exception {
        run();
        out.reset();

        assertThat(run()).as(err()).isZero();

        assertThat(out()).contains("Done: 4 windows, 4,999 events, 4 queries");
        assertThat(Files.readAllLines(folder.resolve("out/2026-10-05.jsonl")))
                .doesNotHaveDuplicates();
    }

    @Test
    void exportsTheProjectOfTheEnvironmentAndOnlyWhatIsNew() {
        try (MixpanelSimulator mixpanel =
                accountAt(MixpanelSimulator.builder().serviceAccount("me", SECRET, "42"))) {
            long threeDaysAgo = Instant.now().minus(Duration.ofDays(3)).getEpochSecond();
            mixpanel.addEvents(
                    "{\"event\":\"sign up\",\"properties\":{\"time\":%d,\"distinct_id\":\"u\",\"$insert_id\":\"1\"}}"
                            .formatted(threeDaysAgo));
            assertThat(run()).as(err()).isZero();
            assertThat(out()).contains("your project 42").containsPattern("Done: [5-8] windows");
            int queries = mixpanel.queries().size();
            out.reset();

            assertThat(run()).as(err()).isZero();
            assertThat(out()).contains("Done: 0 windows", "nothing new");
            assertThat(mixpanel.queries()).hasSize(queries);
        }
    }

    @Test
    void saysInOneLineThatTheCredentialsAreRefused() {
        try (MixpanelSimulator mixpanel =
                accountAt(MixpanelSimulator.builder().serviceAccount("me", "other", "42"))) {
            assertThat(run()).isEqualTo(1);

            assertThat(err())
                    .contains("The export is not finished", "401", "Check the credentials");
            assertThat(out() + err()).doesNotContain(SECRET);
            assertThat(mixpanel.queries()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void namesTheVariablesThatAreMissing() {
        environment.put("MIXPANEL_PROJECT_ID", "42");
        environment.put("MIXPANEL_SERVICE_ACCOUNT_SECRET", SECRET);

        assertThat(run()).isEqualTo(1);

        assertThat(err())
                .startsWith("The export did not start: Not set: MIXPANEL_SERVICE_ACCOUNT.");
        assertThat(err()).hasLineCount(1).doesNotContain(SECRET);
    }

    @Test
    void showsNoSecretThatCamelCannotRead() {
        environment.put("MIXPANEL_PROJECT_ID", "42");
        environment.put("MIXPANEL_SERVICE_ACCOUNT", "me");
        environment.put("MIXPANEL_SERVICE_ACCOUNT_SECRET", SECRET + "{{x}}");

        assertThat(run()).isEqualTo(1);

        assertThat(err()).contains("xxxxxx").doesNotContain(SECRET);
    }

    @Test
    void namesTheOptionThatIsWrong() {
        environment.put("MIXPANEL_PROJECT_ID", "42");
        environment.put("MIXPANEL_SERVICE_ACCOUNT", "me");
        environment.put("MIXPANEL_SERVICE_ACCOUNT_SECRET", SECRET);
        environment.put("MIXPANEL_TIME_ZONE", "Europe/Berlinn");

        assertThat(run()).isEqualTo(1);

        assertThat(err()).contains("timeZone", "Europe/Berlinn");
        assertThat(err()).hasLineCount(1).doesNotContain(SECRET);
    }

    private MixpanelSimulator accountAt(MixpanelSimulator.Builder project) {
        MixpanelSimulator mixpanel = project.start();
        environment.put("MIXPANEL_PROJECT_ID", "42");
        environment.put("MIXPANEL_SERVICE_ACCOUNT", "me");
        environment.put("MIXPANEL_SERVICE_ACCOUNT_SECRET", SECRET);
        environment.put("MIXPANEL_BASE_URL", mixpanel.baseUrl());
        return mixpanel;
    }

    private int run() {
        return new ExportDemo(environment, settings, stream(out), stream(err)).run();
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
