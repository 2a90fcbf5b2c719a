package io.github.camelmixpanel.export.routes;

import static io.github.camelmixpanel.export.testkit.Patiently.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ready routes do what their first lines say, unchanged, with nothing but settings. */
class RoutesTest {

    @TempDir Path folder;
    private final Properties settings = new Properties();
    private MixpanelSimulator mixpanel;
    private RunningRoute route;

    @AfterEach
    void stop() {
        if (route != null) {
            route.close();
        }
        if (mixpanel != null) {
            mixpanel.close();
        }
    }

    @BeforeEach
    void settings() {
        settings.setProperty("mixpanel.stateDirectory", folder.resolve("state").toString());
        settings.setProperty("mixpanel.folder", folder.resolve("out").toString());
        settings.setProperty("mixpanel.fromDate", Fixture.FIRST.toString());
        settings.setProperty("mixpanel.toDate", Fixture.SECOND.toString());
    }

    @Test
    void everyRouteHasATestHere() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "application.properties",
                            "export-again.yaml",
                            "export-nightly.yaml",
                            "export-to-files.xml",
                            "export-with-page.yaml", // in StatusPageTest
                            "split-by-event.xml");
        }
    }

    @Test
    void exportToFilesWritesAFewPropertiesOfEachEventToAFileADay() throws IOException {
        run("export-to-files.xml", ZoneOffset.UTC);

        awaitLines("out/" + Fixture.FIRST + ".jsonl", 2);
        awaitLines("out/" + Fixture.SECOND + ".jsonl", 1);

        JsonNode line =
                new ObjectMapper().readTree(lines("out/" + Fixture.FIRST + ".jsonl").get(0));
        assertThat(line.fieldNames())
                .toIterable()
                .containsExactly("time", "event", "distinct_id", "insert_id", "country", "city");
        assertThat(line.get("time").asText()).isEqualTo(Fixture.FIRST + "T00:30:00Z");
        assertThat(line.get("event").asText()).isEqualTo("sign up");
        assertThat(line.get("insert_id").asText()).isEqualTo("1");
        assertThat(line.get("city").asText()).isEqualTo("東京, \"Japan\"");
        assertThat(line.get("country").isNull()).isTrue();
    }

    @Test
    void exportToFilesKeepsTheEventsWhoseNameMatches() throws IOException {
        settings.setProperty("mixpanel.keepEvents", "checkout|refund");
        run("export-to-files.xml", ZoneOffset.UTC);

        awaitLines("out/" + Fixture.FIRST + ".jsonl", 1);
        assertThat(lines("out/" + Fixture.FIRST + ".jsonl").get(0)).contains("\"checkout\"");
    }

    @Test
    void exportToFilesPutsAnEventInTheFileOfItsDayInTheProjectsZone() throws IOException {
        TimeZone zoneOfTheMachine = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
        settings.setProperty("mixpanel.timeZone", "America/Los_Angeles");
        try {
            run("export-to-files.xml", ZoneId.of("America/Los_Angeles"));

            awaitLines("out/" + Fixture.FIRST + ".jsonl", 2);
            awaitLines("out/" + Fixture.SECOND + ".jsonl", 1);
        } finally {
            TimeZone.setDefault(zoneOfTheMachine);
        }
    }

    @Test
    void exportNightlyWritesEventsUnchangedWhenTheCronFires() throws IOException {
        settings.setProperty("mixpanel.cron", "* * * * * ?");
        run("export-nightly.yaml", ZoneOffset.UTC);

        awaitLines("out/nightly-" + Fixture.FIRST + ".jsonl", 2);
        awaitLines("out/nightly-" + Fixture.SECOND + ".jsonl", 1);

        assertThat(lines("out/nightly-" + Fixture.FIRST + ".jsonl"))
                .containsExactly(Fixture.SIGN_UP, Fixture.CHECKOUT);
        assertThat(lines("out/nightly-" + Fixture.SECOND + ".jsonl"))
                .containsExactly(Fixture.STRANGE);
    }

    @Test
    void splitByEventSendsEachKindItsOwnWay() throws IOException {
        run("split-by-event.xml", ZoneOffset.UTC);

        awaitLines("out/sign-ups.jsonl", 1);
        awaitLines("out/purchases.jsonl", 1);
        awaitLines("out/-etc-x-/events.jsonl", 1);

        assertThat(lines("out/sign-ups.jsonl")).containsExactly(Fixture.SIGN_UP);
        assertThat(lines("out/purchases.jsonl")).containsExactly(Fixture.CHECKOUT);
        assertThat(lines("out/-etc-x-/events.jsonl")).containsExactly(Fixture.STRANGE);
    }

    @Test
    void splitByEventSendsPurchasesWhereTheSettingsSay() throws InterruptedException {
        settings.setProperty("mixpanel.purchases", "mock:purchases");
        run("split-by-event.xml", ZoneOffset.UTC);

        MockEndpoint purchases = route.context().getEndpoint("mock:purchases", MockEndpoint.class);
        purchases.expectedBodiesReceived(Fixture.CHECKOUT);
        await().until(() -> purchases.getReceivedCounter() > 0);
        MockEndpoint.assertIsSatisfied(route.context());
    }

    @Test
    void exportAgainDoesDaysOnceMoreWhenItIsAsked() throws IOException {
        settings.setProperty("mixpanel.delay", "100");
        run("export-again.yaml", ZoneOffset.UTC);
        String first = "out/shop-" + Fixture.FIRST + ".jsonl";
        awaitLines("out/shop-" + Fixture.SECOND + ".jsonl", 1);
        await().ignoreExceptions() // nothing is committed yet
                .untilAsserted(
                        () ->
                                assertThat(days(ask("direct:again", Map.of())))
                                        .isEqualTo(bothDays()));

        assertThat(days(ask("direct:again", Map.of("mode", "REPLAY")))).isEqualTo(bothDays());

        awaitLines(first, 4);
        awaitLines("out/shop-" + Fixture.SECOND + ".jsonl", 2);
    }

    @Test
    void exportAgainGivesOneWindowNow() throws IOException {
        run("export-again.yaml", ZoneOffset.UTC);

        ask("direct:window", Map.of());

        assertThat(lines("out/window-" + Fixture.FIRST + ".jsonl"))
                .containsExactly(Fixture.SIGN_UP, Fixture.CHECKOUT, Fixture.STRANGE);
    }

    @Test
    void exportAgainAnswersInJsonByHttpAndReturnsNothingOfTheRequest() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        settings.setProperty("camel.server.enabled", "true");
        settings.setProperty("camel.server.host", "127.0.0.1");
        settings.setProperty("camel.server.port", String.valueOf(port));
        settings.setProperty("camel.rest.component", "platform-http");
        String rest =
                """
                - rest:
                    path: /shop
                    post:
                      - {path: /again, to: direct:again, consumes: application/json}
                      - {path: /window, to: direct:window, consumes: application/json}
                """;
        Path wired = folder.resolve("wired.yaml");
        Files.writeString(wired, Files.readString(Path.of("routes/export-again.yaml")) + rest);
        run(wired, ZoneOffset.UTC);
        awaitLines("out/shop-" + Fixture.SECOND + ".jsonl", 1);
        String days = "?from=%s&to=%s".formatted(Fixture.FIRST, Fixture.SECOND);

        await().untilAsserted(
                        () ->
                                assertThat(post(port, "/shop/again" + days + HOSTILE))
                                        .startsWith("HTTP/1.1 200")
                                        .endsWith(
                                                "{\"days\":[\"%s\",\"%s\"]}"
                                                        .formatted(Fixture.FIRST, Fixture.SECOND)));
        String window = post(port, "/shop/window" + days + HOSTILE);
        assertThat(window).startsWith("HTTP/1.1 200").contains("{\"from\":\"" + Fixture.FIRST);
        String refused = post(port, "/shop/again?from=2001-01-01&to=2001-01-02" + HOSTILE);
        assertThat(refused)
                .startsWith("HTTP/1.1 409")
                .contains("{\"error\":\"")
                .contains("2001-01-01");
        for (String answer : List.of(window, refused, post(port, "/shop/again" + days + HOSTILE))) {
            assertThat(answer)
                    .containsIgnoringCase("Content-Type: application/json\r\n")
                    .doesNotContainIgnoringCase("set-cookie")
                    .doesNotContain("secret")
                    .doesNotContain("from: ");
        }
        try (RawHttp http = new RawHttp(port)) {
            http.send("POST /shop/again" + days + " HTTP/1.1", "Host: localhost");
            http.send("Content-Type: text/plain", "Content-Length: 0", "");
            assertThat(http.status()).as("as a page of another site can send it").isEqualTo(415);
        }
    }

    private static final String HOSTILE =
            "&Set-Cookie=a%3Dsecret&Location=http%3A%2F%2Fevil.example";

    /** Head and body of the answer. */
    private static String post(int port, String path) throws IOException {
        try (RawHttp http = new RawHttp(port)) {
            http.send("POST " + path + " HTTP/1.1", "Host: localhost", "Connection: close");
            http.send("Content-Type: application/json", "X-Token: secret", "Content-Length: 0", "");
            return http.head() + http.rest().replaceAll("(?m)^[0-9a-f]+\\r\\n|\\r\\n", "");
        }
    }

    private static List<String> days(Object answer) {
        try {
            List<String> days = new ArrayList<>();
            new ObjectMapper()
                    .readTree(answer.toString())
                    .at("/days")
                    .forEach(day -> days.add(day.asText()));
            return days;
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> bothDays() {
        return List.of(Fixture.FIRST.toString(), Fixture.SECOND.toString());
    }

    private Object ask(String endpoint, Map<String, Object> more) {
        Map<String, Object> headers = new HashMap<>(more);
        headers.put("from", Fixture.FIRST.toString());
        headers.put("to", Fixture.SECOND.toString());
        return route.context()
                .createProducerTemplate()
                .requestBodyAndHeaders(endpoint, null, headers);
    }

    private void run(String file, ZoneId zoneOfTheProject) {
        run(Path.of("routes", file), zoneOfTheProject);
    }

    private void run(Path file, ZoneId zoneOfTheProject) {
        mixpanel = Fixture.mixpanel(zoneOfTheProject);
        settings.setProperty("camel.component.mixpanel-export.base-url", mixpanel.baseUrl());
        route = RunningRoute.start(file, settings);
    }

    private void awaitLines(String file, int count) {
        await().untilAsserted(() -> assertThat(lines(file)).hasSize(count));
    }

    private List<String> lines(String file) throws IOException {
        Path path = folder.resolve(file);
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    private interface Fixture {

        LocalDate FIRST = LocalDate.now(ZoneOffset.UTC).minusDays(5);
        LocalDate SECOND = FIRST.plusDays(1);
        String SIGN_UP = event("sign up", "1", FIRST, 1800, ",\"$city\":\"東京, \\\"Japan\\\"\"");
        String CHECKOUT =
                event("checkout", "2", FIRST, 84_600, ",\"amount\":12345678901234567890.10");
        String STRANGE = event("../etc/x?", "3", SECOND, 1800, "");

        static MixpanelSimulator mixpanel(ZoneId zone) {
            return MixpanelSimulator.builder()
                    .inOrder()
                    .timeZone(zone)
                    .start()
                    .addEvents(SIGN_UP, CHECKOUT, STRANGE);
        }

        private static String event(
                String name, String id, LocalDate day, int second, String more) {
            long time = day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() + second;
            return ("{\"event\":\"%s\",\"properties\":{\"time\":%d,\"distinct_id\":\"u\",\"$insert_id\":\"%s\"%s}}")
                    .formatted(name, time, id, more);
        }
    }
}
