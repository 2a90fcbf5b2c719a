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
import org.junit.jupiter.params.provider.ValueSource;

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
                        + " required\". Mixpanel wants a payment or another plan for this project: ask the owner"
                        + " of the organization.",
                "404 | {\"message\":\"no\",\"error\":\"gone\"} | Window 2026-10-05: Mixpanel answered 404 \"gone\"."
                        + " Mixpanel has no export there: check region, baseUrl and projectId.",
                "413 | too big | Window 2026-10-05: Mixpanel answered 413 \"too big\". The export is too large"
                        + " for one query: choose fewer events, or a where that leaves out more.",
                "414 | too long | Window 2026-10-05: Mixpanel answered 414 \"too long\". The query is too long:"
                        + " name fewer events, or a shorter where.",
                "418 | teapot | Window 2026-10-05: Mixpanel answered 418 \"teapot\". Check events, where,"
                        + " limit, projectId and the plan of the project.",
                "400 | {\"error\":\"Timeout Error.\"} | Window 2026-10-05: Mixpanel answered 400 \"Timeout Error.\":"
                        + " it took too long. The same query is sent again soon. If this happens again, choose"
                        + " fewer events, or a where that leaves out more.",
                "400 | query timed out | Window 2026-10-05: Mixpanel answered 400 \"query timed out\": it took"
                        + " too long. The same query is sent again soon. If this happens again, choose fewer"
                        + " events, or a where that leaves out more.",
                "504 | '' | Window 2026-10-05: Mixpanel answered 504: it took too long. The same query is sent"
                        + " again soon. If this happens again, choose fewer events, or a where that leaves out"
                        + " more.",
                "400 | to_date cannot be later than today | Window 2026-10-05: Mixpanel answered 400 \"to_date"
                        + " cannot be later than today\". In the project's time zone that day has not begun: check"
                        + " timeZone.",
                "400 | Unable to authenticate request | Window 2026-10-05: Mixpanel answered 400 \"Unable to"
                        + " authenticate request\". Check the credentials, their expiry, projectId and region; the"
                        + " next query follows in an hour, or when the route restarts.",
                "403 | '' | Window 2026-10-05: Mixpanel answered 403. Check that the credentials have a"
                        + " role in the project that may export, and projectId and region; the next query follows in an hour, or when the route"
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

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", ""})
    void areReadWhenCompressedToo(String encoding) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
            gzip.write("{\"error\":\"busy\"}".getBytes(StandardCharsets.UTF_8));
        }
        mixpanel.answer(
                Answer.rawBody(503, body.toByteArray(), Map.of("Content-Encoding", encoding)));
        export("maxRetries=0");

        assertThat(consumer().trouble())
                .containsExactly(
                        "Window 2026-10-05: Mixpanel answered 503 \"busy\". The same query may succeed"
                                + " later.");
    }

    @ParameterizedTest
    @CsvSource({"/login?next=/api, /login", "login, login", "../../a#b, ../../a", "?again=1, ''"})
    void leadNowhereOnTheSameHost(String location, String shown) throws Exception {
        mixpanel.answer(Answer.status(302, "text/plain", "", Map.of("Location", location)));
        export("maxRetries=0");

        assertThat(consumer().trouble())
                .containsExactly(
                        "Window 2026-10-05: Mixpanel answered 302, a redirect to %s on the same host, which is"
                                        .formatted(shown)
                                + " not followed: Mixpanel sends none. Check baseUrl, and look for a proxy or a"
                                + " login page in between.");
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
