package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelmixpanel.export.simulator.Answer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The rules of docs/operate/alerts.md, evaluated on what the meters say in each of the states. */
class AlertsTest extends ExportTestSupport {

    private static final Pattern RULE =
            Pattern.compile("(\\w+)(?:\\{state=\"(\\w+)\"})? (==|>) (\\d+)");
    private static final String DAY = "2026-10-05";

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, String> rules = new TreeMap<>();

    @BeforeEach
    void rules() throws Exception {
        context.getRegistry().bind("metricsRegistry", registry);
        String page = Files.readString(Path.of("docs/operate/alerts.md"));
        JsonNode yaml =
                new ObjectMapper()
                        .valueToTree(
                                new Load(LoadSettings.builder().build())
                                        .loadFromString(
                                                page.substring(
                                                        page.indexOf("groups:"),
                                                        page.indexOf("```\n\n|"))));
        for (JsonNode rule : yaml.at("/groups/0/rules")) {
            assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
            assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
            assertThat(rule.get("for").asText()).matches("\\d+[mh]");
            rules.put(rule.get("alert").asText(), rule.get("expr").asText());
        }
        assertThat(rules).hasSize(5);
        mixpanel.addEvents(lines(DAY, 300));
    }

    @Test
    void areSilentWhenAllIsWell() throws Exception {
        collect(uri(DAY, DAY));
        context.start();
        await().until(() -> received.size() == 300);
        await().until(() -> value("mixpanel_export_verdict", "FINISHED") == 1);

        assertThat(firing()).isEmpty();
        assertThat(value("mixpanel_export_oldest_missing_day_seconds", null)).isZero();
    }

    @Test
    void callForSomebodyWhenCredentialsAreRefused() throws Exception {
        mixpanel.answer(Answer.status(401, "text/plain", "Unauthorized", Map.of()));
        collect(uri(DAY, DAY));
        context.start();

        awaitFiring("MixpanelExportNeedsYou", "MixpanelExportPaused", "MixpanelExportBehind");
        assertThat(value("mixpanel_export_troubles", "CREDENTIALS")).isEqualTo(1);
    }

    @Test
    void tellOfAPause() throws Exception {
        mixpanel.answer(Answer.rateLimited("1800"));
        collect(uri(DAY, DAY));
        context.start();

        awaitFiring("MixpanelExportPaused", "MixpanelExportBehind");
        assertThat(value("mixpanel_export_verdict", "WAITING")).isEqualTo(1);
        assertThat(value("mixpanel_export_troubles", "PAUSE")).isEqualTo(1);
    }

    @Test
    void tellOfParkedEvents() throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(DAY, DAY, "onFailure=PARK"))
                                .routeId("export")
                                .filter(header(MixpanelExportConstants.LINE).isEqualTo(7))
                                .throwException(new IllegalStateException("poison"));
                    }
                });
        context.start();

        awaitFiring("MixpanelExportNeedsYou", "MixpanelExportParked");
        assertThat(value("mixpanel_export_parked_events", null)).isEqualTo(1);
    }

    @Test
    void tellOfWhatWasNeverQueried() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        mixpanel.answer(Answer.blockUntil(answer));
        collect(uri(DAY, DAY));
        context.start();

        awaitFiring("MixpanelExportBehind");
        await().until(() -> value("mixpanel_export_verdict", "WORKING") == 1);
        assertThat(value("mixpanel_export_oldest_missing_day_seconds", null))
                .isEqualTo(java.time.Instant.parse(DAY + "T00:00:00Z").getEpochSecond());
        answer.countDown();
    }

    @Test
    void tellOfASuspendedRoute() throws Exception {
        collect(uri(DAY, DAY));
        context.start();
        await().until(() -> received.size() == 300);
        context.getRouteController().suspendRoute("export");

        awaitFiring("MixpanelExportStopped");
    }

    private void awaitFiring(String... alerts) {
        await().untilAsserted(() -> assertThat(firing()).containsExactlyInAnyOrder(alerts));
    }

    private Set<String> firing() {
        Set<String> firing = new TreeSet<>();
        rules.forEach(
                (alert, expression) -> {
                    Matcher rule = RULE.matcher(expression);
                    assertThat(rule.matches()).as(expression).isTrue();
                    double value = value(rule.group(1), rule.group(2));
                    double limit = Double.parseDouble(rule.group(4));
                    if (rule.group(3).equals("==") ? value == limit : value > limit) {
                        firing.add(alert);
                    }
                });
        return firing;
    }

    /**
     * @param label the value of the label besides export; null for none
     */
    private double value(String name, String label) {
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .filter(line -> label == null || line.contains("=\"" + label + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No meter is called " + name));
    }
}
