package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelmixpanel.export.docs.Metadata;
import io.github.camelmixpanel.export.option.LateEvents;
import io.github.camelmixpanel.export.option.Region;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What is set for the Kamelet reaches the endpoint in it; what is not is as in the component. */
class KameletTest {

    private static final String ACCOUNT =
            "projectId=7&serviceAccount=account&serviceAccountSecret=RAW(s3cr&t+%)";

    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    private MixpanelExportConfiguration component() {
        return context.getComponent("mixpanel-export", MixpanelExportComponent.class)
                .getConfiguration();
    }

    /** The options of the endpoint in the Kamelet. */
    private MixpanelExportConfiguration kamelet(String options) throws Exception {
        context.setAutoStartup(false);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("kamelet:mixpanel-export-source?name=shop&" + ACCOUNT + options)
                                .to("log:events");
                    }
                });
        context.start();
        return context.getEndpoints().stream()
                .filter(MixpanelExportEndpoint.class::isInstance)
                .map(it -> ((MixpanelExportEndpoint) it).getConfiguration())
                .findAny()
                .orElseThrow();
    }

    @Test
    void hasTheDefaultsOfTheComponent() throws Exception {
        component().setRegion(Region.EU);
        component().setStateDirectory("/var/lib/mixpanel");
        component().setBatchSize(100);
        component().setFromDate("P2D");

        MixpanelExportConfiguration options = kamelet("");

        MixpanelExportConfiguration expected = component().copy();
        expected.setProjectId("7");
        expected.setServiceAccount("account");
        expected.setServiceAccountSecret("s3cr&t+%");
        assertThat(options).usingRecursiveComparison().isEqualTo(expected);
    }

    @Test
    void passesOnWhatIsSet() throws Exception {
        MixpanelExportConfiguration options =
                kamelet(
                        "&region=IN&timeZone=Europe/Berlin&fromDate=P30D&toDate=2026-12-31"
                                + "&events=sign up,checkout&where=RAW(properties[\"a\"] > 1)"
                                + "&lateEvents=NONE&windowDays=3&batchSize=500"
                                + "&stateDirectory=/var/lib/mixpanel");

        MixpanelExportConfiguration expected = new MixpanelExportConfiguration();
        expected.setProjectId("7");
        expected.setServiceAccount("account");
        expected.setServiceAccountSecret("s3cr&t+%");
        expected.setRegion(Region.IN);
        expected.setTimeZone("Europe/Berlin");
        expected.setFromDate("P30D");
        expected.setToDate("2026-12-31");
        expected.setEvents("sign up,checkout");
        expected.setWhere("properties[\"a\"] > 1");
        expected.setLateEvents(LateEvents.NONE);
        expected.setWindowDays("3");
        expected.setBatchSize(500);
        expected.setStateDirectory("/var/lib/mixpanel");
        assertThat(options).usingRecursiveComparison().isEqualTo(expected);
    }

    @Test
    void describesOptionsAsTheComponentHasThem() throws Exception {
        Map<String, JsonNode> known =
                Metadata.ofTheComponent()
                        .entries("properties")
                        .collect(Collectors.toMap(Metadata.Entry::name, Metadata.Entry::json));
        Map<?, ?> file =
                (Map<?, ?>)
                        new Load(LoadSettings.builder().build())
                                .loadFromString(
                                        Files.readString(
                                                Path.of(
                                                        "src/main/resources/kamelets/mixpanel-export-source.kamelet.yaml")));
        Map<?, ?> options = at(file, "spec", "definition", "properties");

        assertThat(at(file, "spec", "template", "from", "parameters").keySet())
                .isEqualTo(
                        options.keySet().stream()
                                .filter(it -> !it.equals("name"))
                                .collect(Collectors.toSet()));
        options.forEach(
                (name, described) -> {
                    JsonNode json = known.get(name);
                    assertThat(json).as("option %s", name).isNotNull();
                    Map<?, ?> option = (Map<?, ?>) described;
                    assertThat(option.containsKey("enum")).isEqualTo(json.has("enum"));
                    if (json.has("enum")) {
                        assertThat(option.get("enum").toString().replaceAll("[\\[\\] ]", ""))
                                .isEqualTo(
                                        json.get("enum").toString().replaceAll("[\\[\\]\"]", ""));
                    }
                    assertThat(option.get("type").equals("integer"))
                            .isEqualTo(json.get("type").asText().equals("integer"));
                    assertThat("password".equals(option.get("format")))
                            .isEqualTo(json.get("secret").asBoolean());
                    assertThat(option.containsKey("default")).as("the component has it").isFalse();
                });
        String icon =
                at(file, "metadata", "annotations").get("camel.apache.org/kamelet.icon").toString();
        assertThat(icon).startsWith("data:image/svg+xml;base64,");
        assertThat(
                        new String(
                                Base64.getDecoder().decode(icon.substring(icon.indexOf(',') + 1)),
                                StandardCharsets.UTF_8))
                .startsWith("<svg ");
    }

    private static Map<?, ?> at(Map<?, ?> node, String... path) {
        Map<?, ?> found = node;
        for (String key : path) {
            found = (Map<?, ?>) found.get(key);
        }
        return found;
    }
}
