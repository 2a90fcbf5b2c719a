package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelmixpanel.export.observe.MixpanelWindowEvent;
import io.github.camelmixpanel.export.simulator.Answer;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.console.DevConsole;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Camel's own tools hear of exports: the dev console, and whoever listens to events. */
class ConsoleAndEventsTest extends ExportTestSupport {

    private final List<String> told = new CopyOnWriteArrayList<>();

    @Test
    void showTheExportAsTextAndJson() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 1_200));
        mixpanel.answer(
                LocalDate.parse("2026-10-06"),
                Answer.status(400, "text/plain", "no such thing", Map.of()));
        collect(uri("2026-10-05", "2026-10-06"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        DevConsole console =
                PluginHelper.getDevConsoleResolver(context).resolveDevConsole("mixpanel-export");
        String text = (String) console.call(DevConsole.MediaType.TEXT);
        assertThat(text)
                .contains(
                        "Export: test\n    NEEDS_YOU: Fix what the answer names",
                        "Windows: 1 due, 1 committed",
                        "Events: 1,200 taken by the route",
                        "Quota: 58 of 60 left",
                        "2026-10-06 RETRY_WAIT (backfill, generation 1)",
                        "Trouble: Window 2026-10-06")
                .doesNotContain("s3cr&t+%");
        JsonNode json =
                new ObjectMapper()
                        .readTree(((JsonObject) console.call(DevConsole.MediaType.JSON)).toJson());
        JsonNode export = json.get("exports").get(0);
        assertThat(export.get("counts").get("acknowledged").asInt()).isEqualTo(1_200);
        assertThat(export.get("counts").get("failedWindows").asInt()).isEqualTo(1);
        assertThat(export.get("days")).hasSize(2);
        assertThat(export.get("windows").get(0).get("trouble").asText()).contains("no such thing");
        assertThat(json.toString()).doesNotContain("s3cr&t+%");
    }

    @Test
    void showThatThereIsNoExport() {
        context.start();

        assertThat(
                        (String)
                                PluginHelper.getDevConsoleResolver(context)
                                        .resolveDevConsole("mixpanel-export")
                                        .call(DevConsole.MediaType.TEXT))
                .contains("No export has been started yet.");
    }

    @Test
    void tellOfEachWindow() throws Exception {
        context.getManagementStrategy()
                .addEventNotifier(
                        new EventNotifierSupport() {
                            @Override
                            public void notify(CamelEvent event) {
                                if (event instanceof MixpanelWindowEvent window) {
                                    told.add(
                                            window.getFromDate()
                                                    + " "
                                                    + window.getKind()
                                                    + window.getSummary()
                                                            .map(it -> " " + it.get("events"))
                                                            .orElse("")
                                                    + window.getFailure()
                                                            .map(it -> " " + it.getMessage())
                                                            .orElse(""));
                                }
                            }
                        });
        mixpanel.addEvents(lines("2026-10-05", 5));
        mixpanel.answer(
                LocalDate.parse("2026-10-06"),
                Answer.status(400, "text/plain", "no such thing", Map.of()));
        collect(uri("2026-10-05", "2026-10-06", "maxConcurrentWindows=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(told)
                .contains(
                        "2026-10-05 STARTED",
                        "2026-10-05 COMPLETED 5",
                        "2026-10-06 STARTED",
                        "2026-10-06 FAILED Window 2026-10-06: Mixpanel answered 400 \"no such thing\". Check"
                                + " events, where, limit, projectId and the plan of the project.")
                .hasSize(4);
    }
}
