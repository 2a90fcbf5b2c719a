package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Mixpanel says instead of events, as the user reads it. */
class RefusedQueriesTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | bad where | Window 2026-10-05: Mixpanel answered 400 \"bad where\". Check events, where,"
                        + " limit, projectId and the plan of the project.",
                "402 | {\"error\":\"payment is required\"} | Window 2026-10-05: Mixpanel answered 402 \"payment is"
                        + " required\". Check events, where, limit, projectId and the plan of the project.",
                "404 | {\"message\":\"no\",\"error\":\"gone\"} | Window 2026-10-05: Mixpanel answered 404 \"gone\"."
                        + " Check events, where, limit, projectId and the plan of the project.",
                "400 | to_date cannot be later than today | Window 2026-10-05: Mixpanel answered 400 \"to_date"
                        + " cannot be later than today\". In the project's time zone that day has not begun: check"
                        + " timeZone.",
                "400 | Unable to authenticate request | Window 2026-10-05: Mixpanel answered 400 \"Unable to"
                        + " authenticate request\". Check the credentials, their expiry, projectId and region; the"
                        + " next query follows in an hour, or when the route restarts.",
                "403 | '' | Window 2026-10-05: Mixpanel answered 403. Check the credentials, their expiry,"
                        + " projectId and region; the next query follows in an hour, or when the route"
                        + " restarts.",
                "500 | oops | Window 2026-10-05: Mixpanel answered 500 \"oops\". The same query may"
                        + " succeed later.",
            })
    void areToldWithWhatToDo(int status, String body, String told) throws Exception {
        mixpanel.answer(Answer.status(status, "text/plain", body, Map.of()));
        export("maxRetries=0");

        assertThat(consumer().trouble()).containsExactly(told);
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void areReadWhenCompressedToo() throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
            gzip.write("{\"error\":\"busy\"}".getBytes(StandardCharsets.UTF_8));
        }
        mixpanel.answer(
                Answer.status(
                        503,
                        "application/json",
                        new String(body.toByteArray(), StandardCharsets.ISO_8859_1),
                        Map.of("Content-Encoding", "gzip")));
        export("maxRetries=0");

        assertThat(consumer().trouble())
                .singleElement()
                .asString()
                .startsWith("Window 2026-10-05: Mixpanel answered 503");
    }

    @ParameterizedTest
    @CsvSource({"http,127.0.0.1", "http,localhost", "https,127.0.0.1"})
    void doNotLeadTheCredentialsElsewhere(String scheme, String host) throws Exception {
        try (MixpanelSimulator elsewhere = MixpanelSimulator.builder().start()) {
            mixpanel.answer(
                    Answer.status(
                            302,
                            "text/plain",
                            "",
                            Map.of(
                                    "Location",
                                    "%s://%s:%d/api/2.0/export?from_date=2026-10-05"
                                            .formatted(scheme, host, elsewhere.port()))));
            export("maxRetries=0");

            assertThat(elsewhere.queries()).isEmpty();
            assertThat(consumer().trouble())
                    .containsExactly(
                            "Window 2026-10-05: Mixpanel answered 302, a redirect to "
                                    + host
                                    + ":"
                                    + elsewhere.port()
                                    + ", which is not followed because it would pass on the credentials. Check"
                                    + " region and baseUrl.");
        }
    }

    @Test
    void includeAServerThatIsNotThere() throws Exception {
        int port = mixpanel.port();
        mixpanel.close();
        export("maxRetries=0");

        assertThat(consumer().trouble())
                .singleElement()
                .asString()
                .startsWith("Window 2026-10-05: no answer from 127.0.0.1:" + port);
    }

    @Test
    void sendWhatTheOptionsSay() throws Exception {
        export(
                "events=view,checkout",
                "where=RAW(properties[\"n\"] > 2)",
                "limit=10",
                "timeInMs=true");

        assertThat(mixpanel.queries()).hasSize(1);
        Map<String, String> parameters = mixpanel.queries().get(0).parameters();
        assertThat(parameters)
                .containsEntry("event", "[\"view\",\"checkout\",\"$hotshard_events\"]")
                .containsEntry("where", "properties[\"n\"] > 2")
                .containsEntry("limit", "10")
                .containsEntry("time_in_ms", "true")
                .containsEntry("project_id", "7");
        assertThat(mixpanel.queries().get(0).headers())
                .containsEntry("accept-encoding", "gzip")
                .containsEntry("authorization", "Basic accepted")
                .hasEntrySatisfying(
                        "user-agent",
                        agent -> assertThat(agent).startsWith("camel-mixpanel-export/"));
    }

    private void export(String... options) throws Exception {
        String[] all = java.util.Arrays.copyOf(options, options.length + 1);
        all[options.length] = "repeatCount=1";
        collect(uri(DAY, DAY, all));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
    }
}
