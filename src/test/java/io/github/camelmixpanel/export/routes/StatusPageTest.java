package io.github.camelmixpanel.export.routes;

import static io.github.camelmixpanel.export.testkit.Patiently.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.Browser;
import io.github.camelmixpanel.export.testkit.Browser.Heard;
import io.github.camelmixpanel.export.testkit.FullBuild;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of {@code routes/export-with-page.yaml}, on camel-main, by HTTP and in a browser. */
@Tag(FullBuild.TAG)
class StatusPageTest {

    /** So that most days are final at once, and all have their dedupe keys. */
    private static final LocalDate FIRST = LocalDate.now(ZoneOffset.UTC).minusDays(31);

    private static final int DAYS = 28;
    private static final int EVENTS = 1_000;
    private static final LocalDate STUCK = FIRST.plusDays(9);
    private static final LocalDate SLOW = FIRST.plusDays(20);

    private static final LocalDate LAST = FIRST.plusDays(DAYS - 1);
    private static final String PARKED = "1 event is parked.Of " + LAST + ".Try againDrop";

    /** Whatever has one of these roles is of no use without a name. */
    private static final List<String> SPEAKING =
            List.of(
                    "button",
                    "meter",
                    "image",
                    "region",
                    "group",
                    "heading",
                    "columnheader",
                    "rowheader");

    @TempDir Path folder;
    private final CountDownLatch slow = new CountDownLatch(1);
    private final HttpClient http = HttpClient.newHttpClient();
    private MixpanelSimulator mixpanel;
    private RunningRoute route;
    private final Properties settings = new Properties();
    private String page;

    @BeforeEach
    void mixpanel() {
        mixpanel = MixpanelSimulator.builder().inOrder().limits(60, 100, 100).start();
        for (int day = 0; day < DAYS; day++) {
            mixpanel.addEvents(events(FIRST.plusDays(day), day * EVENTS / (DAYS - 1)));
        }
        mixpanel.answer(STUCK, Answer.status(400, "text/plain", "<b>no such thing</b>", Map.of()));
        mixpanel.answer(SLOW, Answer.blockUntil(slow));
    }

    private void export() throws IOException {
        export(Path.of("routes/export-with-page.yaml"));
    }

    private void export(Path routes) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        page = "http://127.0.0.1:" + port + "/mixpanel-export/";
        settings.setProperty("camel.server.enabled", "true");
        settings.setProperty("camel.server.host", "127.0.0.1");
        settings.setProperty("camel.server.port", String.valueOf(port));
        settings.setProperty("camel.component.mixpanel-export.base-url", mixpanel.baseUrl());
        settings.setProperty("camel.component.mixpanel-export.queries-per-second", "100");
        settings.setProperty("camel.component.mixpanel-export.window-days", "1");
        settings.setProperty("mixpanel.stateDirectory", folder.resolve("state").toString());
        settings.setProperty("mixpanel.folder", folder.resolve("out").toString());
        settings.setProperty("mixpanel.fromDate", FIRST.toString());
        settings.setProperty("mixpanel.toDate", FIRST.plusDays(DAYS - 1).toString());
        route = RunningRoute.start(routes, settings);
    }

    @AfterEach
    void stop() {
        slow.countDown();
        route.close();
        mixpanel.close();
    }

    @Test
    void servesWhatThePageIsMadeOfAndNothingElse() throws Exception {
        export();
        assertThat(get("").headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'none'");
        assertThat(get("").body()).contains("status.js");
        assertThat(get("status.js").headers().firstValue("content-type").orElseThrow())
                .startsWith("text/javascript");
        assertThat(get("status.css").statusCode()).isEqualTo(200);
        assertThat(get("../mixpanel-export").headers().firstValue("location").orElseThrow())
                .endsWith("/mixpanel-export/");
        assertThat(get("x/index.txt").statusCode()).isEqualTo(404);
        assertThat(get("..%2fstatus%2findex.html").statusCode()).isNotEqualTo(200);
    }

    @Test
    void isFoundWithoutItsLastSlashWhereverItIs() throws Exception {
        String deep =
                Files.readString(Path.of("routes/export-with-page.yaml"))
                        .replace("platform-http:/mixpanel-export", "platform-http:/tools/exports");
        export(Files.writeString(folder.resolve("deep.yaml"), deep));
        page = page.replace("/mixpanel-export/", "/tools/exports/");

        HttpResponse<String> moved = get("../exports");
        assertThat(moved.statusCode()).isEqualTo(302);
        assertThat(moved.headers().firstValue("location").orElseThrow())
                .endsWith("/tools/exports/");
        assertThat(get("").body()).contains("status.js");
        assertThat(get("x").statusCode()).isEqualTo(404);
    }

    @Test
    void showsABackfillInABrowser() throws Exception {
        settings.setProperty("mixpanel.pageActions", "true");
        export();
        try (Browser browser = browser()) {
            browser.open(page);
            awaitLook(browser, SLOW, "busy");
            awaitLook(browser, STUCK, "trouble");
            String reason =
                    browser.run("return document.querySelector('.troubles li').textContent")
                            .asText();
            assertThat(reason).contains(STUCK.toString(), "400", "<b>no such thing</b>");
            awaitLook(browser, FIRST, "final");
            awaitFigure(browser, "windows", "2 days due, 26 windows done");
            browser.run("document.querySelector('[data-day=\"" + FIRST + "\"]').click()");
            shoot(browser, "light");
            shoot(browser, "dark");
            assertThat(isWithinTheWidth(browser)).isTrue();
            browser.phone(360, 740);
            assertThat(isWithinTheWidth(browser)).as("on a phone").isTrue();
            shoot(browser, "phone");
            browser.desktop();

            // it would wait for an hour, while the poll goes on for the slow one
            browser.run("document.querySelector('.troubles [data-operation=RESUME]').click()");
            awaitAnswer(browser, STUCK + ": Tried again at once: " + STUCK + ".");
            awaitLook(browser, STUCK, "final");
            awaitFigure(browser, "windows", "1 day due, 27 windows done");
            assertThat(
                            browser.run("return document.querySelector('.troubles') === null")
                                    .asBoolean())
                    .isTrue();
            slow.countDown();
            awaitLook(browser, SLOW, "final");
            awaitFigure(browser, "windows", "0 days due, 28 windows done");
            long served =
                    mixpanel.queries().stream()
                            .filter(query -> query.status() == 200)
                            .mapToLong(query -> query.lines())
                            .sum();
            awaitFigure(browser, "events", String.format("%,d events", served));
            awaitFigure(browser, "quota", (60 - mixpanel.queries().size()) + " of 60 queries left");

            LocalDate again = FIRST.plusDays(1);
            browser.run("window.confirm = () => true");
            browser.run("document.querySelector('[data-day=\"" + again + "\"]').click()");
            // the pointer crosses other days on its way down to the button
            browser.run(
                    "document.querySelector('[data-day=\""
                            + FIRST
                            + "\"]').dispatchEvent(new MouseEvent('mouseenter'))");
            browser.run("document.querySelector('.details [data-operation=REEXPORT]').click()");
            awaitAnswer(browser, again + ": Exported again at the next poll: " + again + ".");

            browser.run("document.querySelector('[data-day=\"" + SLOW + "\"]').focus()");
            browser.press("ArrowRight");
            assertThat(
                            browser.run("return document.querySelector('.details').textContent")
                                    .asText())
                    .startsWith(SLOW.plusDays(1) + ": exported, final, generation 1, ");
            assertThat(browser.requested())
                    .contains(page + "status.json")
                    .allMatch(url -> url.startsWith(page) || url.startsWith("data:"));
        }
    }

    @Test
    void isWorkedByTheKeyboardAloneAndReadOut() throws Exception {
        settings.setProperty("mixpanel.pageActions", "true");
        export();
        try (Browser browser = browser()) {
            browser.open(page);
            awaitLook(browser, STUCK, "trouble");
            awaitLook(browser, FIRST, "final");
            awaitFigure(browser, "windows", "2 days due, 26 windows done");
            browser.run("window.confirm = () => true");

            List<Heard> heard = browser.heard();
            assertThat(heard)
                    .filteredOn(it -> SPEAKING.contains(it.role()))
                    .extracting(Heard::role)
                    .contains(SPEAKING.toArray(String[]::new));
            assertThat(heard)
                    .filteredOn(it -> SPEAKING.contains(it.role()))
                    .allMatch(it -> !it.name().isBlank());
            assertThat(heard)
                    .contains(
                            new Heard("heading", "Quota of the hour"),
                            new Heard("meter", "32 of 60 queries left"),
                            new Heard("columnheader", "Window"));

            // buttons of the trouble, then one stop for all days
            tabTo(browser, "button " + LAST + ": ");
            browser.press("ArrowLeft");
            LocalDate day = LAST.minusDays(1);
            assertThat(browser.focused()).startsWith("button " + day + ": exported, ");
            browser.run("window.drawn = document.activeElement");
            await().until(
                            () ->
                                    browser.run("return document.activeElement !== window.drawn")
                                            .asBoolean());
            assertThat(browser.focused()).as("drawn anew").startsWith("button " + day + ": ");

            tabTo(browser, "button Export again: window " + day);
            browser.press("Enter");
            awaitAnswer(browser, day + ": Exported again at the next poll: " + day + ".");
        }
    }

    /** Presses the tabulator until this has the focus. */
    private static void tabTo(Browser browser, String start) {
        List<String> stops = new ArrayList<>();
        do {
            browser.press("Tab");
            stops.add(browser.focused());
            assertThat(stops).as("looking for " + start).hasSizeLessThan(20);
        } while (!stops.get(stops.size() - 1).startsWith(start));
    }

    @Test
    void handsOutAgainWhatIsParked() throws Exception {
        try (Browser browser = browserWithAParkedEvent()) {
            awaitFigure(browser, "events", "999 events");
            route.context().setVariable("mended", "yes");
            browser.run("document.querySelector('[data-parked] [data-operation=RESUME]').click()");
            awaitAnswer(browser, LAST + ": Tried again at once: " + LAST + ".");
            awaitItem(browser, "");
            assertThat(route.context().getVariable("taken")).as("the last line").isEqualTo(7L);
            awaitFigure(browser, "events", "1,000 events");
            assertThat(look(browser, LAST)).isNotEqualTo("trouble");
        }
    }

    @Test
    void dropsWhatIsParkedWhenThatIsConfirmed() throws Exception {
        try (Browser browser = browserWithAParkedEvent()) {
            browser.run("window.confirm = () => false");
            browser.run("document.querySelector('[data-parked] [data-operation=DROP]').click()");
            browser.run("window.confirm = text => { window.asked = text; return true; }");
            awaitItem(browser, PARKED);
            browser.run("document.querySelector('[data-parked] [data-operation=DROP]').click()");
            awaitAnswer(browser, LAST + ": Dropped what is parked: " + LAST + ".");
            awaitItem(browser, "");
            assertThat(browser.run("return window.asked").asText())
                    .as("says what of")
                    .startsWith("Drop, window " + LAST + "? ")
                    .contains("never");
            assertThat(look(browser, LAST)).isNotEqualTo("trouble");
            assertThat(route.context().getVariable("taken"))
                    .as("the last line")
                    .isEqualTo((long) EVENTS);
        }
    }

    private Browser browserWithAParkedEvent() throws Exception {
        export(Files.writeString(folder.resolve("parking.yaml"), parking(LAST)));
        Browser browser = browser();
        browser.open(page);
        awaitItem(browser, PARKED);
        assertThat(look(browser, LAST)).isEqualTo("trouble");
        return browser;
    }

    /** The route takes the seventh event only once it is mended. */
    private static String parking(LocalDate day) {
        return """
                - route:
                    id: parking
                    from:
                      uri: mixpanel-export:parking
                      parameters:
                        timeZone: UTC
                        fromDate: "%1$s"
                        toDate: "%1$s"
                        stateDirectory: "{{mixpanel.stateDirectory}}"
                        onFailure: PARK
                        delay: 100
                      steps:
                        - filter:
                            simple: "${header.CamelMixpanelExportLine} == 7 && ${variable.global:mended} == null"
                            steps:
                              - throwException:
                                  exceptionType: java.lang.IllegalStateException
                                  message: poison
                        - setVariable:
                            name: global:taken
                            simple: "${header.CamelMixpanelExportLine}"
                - route:
                    id: status-page
                    from:
                      uri: platform-http:/mixpanel-export
                      parameters:
                        matchOnUriPrefix: true
                      steps:
                        - bean:
                            beanType: io.github.camelmixpanel.export.observe.MixpanelExportStatusPage
                            method: "serve(*, true)"
                """
                .formatted(day);
    }

    private Browser browser() throws IOException {
        boolean required = Boolean.parseBoolean(System.getenv("CI_BROWSER"));
        assumeTrue(
                required || Browser.isInstalled(),
                "chromium and chromedriver are not in /usr/bin: apt-get install chromium chromium-driver");
        return new Browser(Files.createDirectory(folder.resolve("b")), 1000, 1200);
    }

    private static void awaitAnswer(Browser browser, String text) {
        await().until(
                        () ->
                                browser.run(
                                                "return document.getElementById('connection').textContent")
                                        .asText()
                                        .equals(text));
    }

    /** An idle export is drawn anew only four times a minute. */
    private static void awaitItem(Browser browser, String text) {
        await().untilAsserted(
                        () -> {
                            browser.run("refresh()");
                            assertThat(
                                            browser.run(
                                                            "return [...document.querySelectorAll('.troubles strong, .troubles strong + p, .troubles button')].map(it => it.textContent).join('')")
                                                    .asText())
                                    .isEqualTo(text);
                        });
    }

    @Test
    void changesNothingUnlessItIsEnabled() throws Exception {
        export();

        assertThat(post("X-Mixpanel-Export", "page").statusCode()).isEqualTo(403);
        assertThat(new ObjectMapper().readTree(get("status.json").body()).at("/operations"))
                .isEmpty();
    }

    @Test
    void changesNothingForOtherPages() throws Exception {
        settings.setProperty("mixpanel.pageActions", "true");
        slow.countDown();
        export();
        await().until(() -> status().at("/counts/windows").asInt() == DAYS - 1);

        assertThat(post("X-Other", "page").statusCode()).isEqualTo(403);
        assertThat(post("X-Mixpanel-Export", "page", "Origin", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(post("X-Mixpanel-Export", "page", "Sec-Fetch-Site", "cross-site").statusCode())
                .isEqualTo(403);
        HttpResponse<String> own =
                post("X-Mixpanel-Export", "page", "Sec-Fetch-Site", "same-origin");
        assertThat(own.body())
                .isEqualTo("Exported again at the next poll: " + FIRST.plusDays(1) + ".");
        assertThat(own.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RESUME", "DROP"})
    void saysThatNothingIsParked(String operation) throws Exception {
        settings.setProperty("mixpanel.pageActions", "true");
        export();

        assertAnswer(operation, 404, "No parked events and no waiting windows there.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EXPORT", "COMPLETE"})
    void hasNoButtonForWhatTakesMoreThanDays(String operation) throws Exception {
        settings.setProperty("mixpanel.pageActions", "true");
        export();

        assertAnswer(operation, 400, "The page has no button for " + operation + ".");
    }

    private void assertAnswer(String operation, int code, String text) throws Exception {
        HttpResponse<String> answer = ask(operation, "X-Mixpanel-Export", "page");

        assertThat(answer.body()).isEqualTo(text);
        assertThat(answer.statusCode()).isEqualTo(code);
    }

    private HttpResponse<String> post(String... headers) throws Exception {
        return ask("REEXPORT", headers);
    }

    private HttpResponse<String> ask(String operation, String... headers) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(page + "actions"))
                        .headers(headers)
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"export\":\"export-with-page\",\"operation\":\"%1$s\",\"from\":\"%2$s\",\"to\":\"%2$s\"}"
                                                .formatted(operation, FIRST.plusDays(1))))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void agreesWithTheSimulatorAsJson() throws Exception {
        export();
        slow.countDown();
        await().until(() -> status().at("/counts/windows").asInt() == DAYS - 1);

        JsonNode export = status();
        assertThat(export.at("/counts/queries").asInt()).isEqualTo(mixpanel.queries().size());
        assertThat(export.at("/counts/events").asLong())
                .isEqualTo(mixpanel.queries().stream().mapToLong(query -> query.lines()).sum());
        assertThat(export.at("/windows/0/trouble").asText()).contains("no such thing");
        assertThat(export.at("/days")).hasSize(DAYS);
    }

    private JsonNode status() throws Exception {
        return new ObjectMapper().readTree(get("status.json").body()).at("/exports/0");
    }

    private HttpResponse<String> get(String file) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(page + file).normalize()).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void awaitLook(Browser browser, LocalDate day, String look) {
        await().until(() -> look(browser, day).equals(look));
    }

    private static String look(Browser browser, LocalDate day) {
        return browser.run(
                        "const day = document.querySelector('[data-day=\""
                                + day
                                + "\"]'); return day && day.dataset.look")
                .asText();
    }

    private static void awaitFigure(Browser browser, String figure, String text) {
        await().untilAsserted(
                        () ->
                                assertThat(
                                                browser.run(
                                                                "return document.querySelector('[data-figure="
                                                                        + figure
                                                                        + "]').textContent")
                                                        .asText())
                                        .isEqualTo(text));
    }

    private static boolean isWithinTheWidth(Browser browser) {
        return browser.run("return document.documentElement.scrollWidth <= window.innerWidth")
                .asBoolean();
    }

    /** To be looked at: {@code target/status-page-light.png}, {@code -dark} and {@code -phone}. */
    private static void shoot(Browser browser, String name) throws IOException {
        browser.colorScheme(name.equals("dark") ? "dark" : "light");
        Files.write(Path.of("target/status-page-" + name + ".png"), browser.screenshot());
    }

    private static String[] events(LocalDate day, int count) {
        long start = day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        String[] lines = new String[count];
        for (int i = 0; i < count; i++) {
            lines[i] =
                    "{\"event\":\"view\",\"properties\":{\"time\":%d,\"distinct_id\":\"u\",\"$insert_id\":\"%d\"}}"
                            .formatted(start + i, i);
        }
        return lines;
    }
}
