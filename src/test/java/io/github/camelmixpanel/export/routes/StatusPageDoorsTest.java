package io.github.camelmixpanel.export.routes;

import static io.github.camelmixpanel.export.testkit.Patiently.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.github.camelmixpanel.export.observe.MixpanelExportStatusPage;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.Browser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page of {@code routes/export-with-page.yaml} does not do for others, on camel-main. */
class StatusPageDoorsTest {

    private static final String DAY = "2026-10-05";
    private static final String ACTION =
            "{\"export\":\"export-with-page\",\"operation\":\"REEXPORT\",\"from\":\"%1$s\",\"to\":\"%1$s\"}"
                    .formatted(DAY);

    @TempDir Path folder;
    private final MixpanelSimulator mixpanel = MixpanelSimulator.builder().start();
    private RunningRoute route;
    private int port;

    @BeforeEach
    void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Properties settings = new Properties();
        settings.setProperty("camel.server.enabled", "true");
        settings.setProperty("camel.server.host", "127.0.0.1");
        settings.setProperty("camel.server.port", String.valueOf(port));
        settings.setProperty("camel.component.mixpanel-export.base-url", mixpanel.baseUrl());
        settings.setProperty("mixpanel.stateDirectory", folder.resolve("state").toString());
        settings.setProperty("mixpanel.folder", folder.resolve("out").toString());
        settings.setProperty("mixpanel.fromDate", DAY);
        settings.setProperty("mixpanel.toDate", DAY);
        settings.setProperty("mixpanel.pageActions", "true");
        settings.setProperty("mixpanel.pageHosts", "exports.example, status.example");
        route = RunningRoute.start(Path.of("routes/export-with-page.yaml"), settings);
        await().until(() -> get("status.json").contains("\"final\":true"));
    }

    @AfterEach
    void stop() {
        route.close();
        mixpanel.close();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "localhost:1, 200",
        "LOCALHOST, 200",
        "127.0.0.1, 200",
        "127.8.9.1:80, 200",
        "[::1]:8080, 200",
        "exports.example, 200",
        "STATUS.example:443, 200",
        "evil.example, 403",
        "localhost.evil.example, 403",
        "127.0.0.1.evil.example, 403",
        "evil.example:localhost, 403",
        "x@evil.example, 403",
        "10.0.0.1, 403",
        "'', 403"
    })
    void answersAtTheNamesThatItKnowsAlone(String host, int status) throws Exception {
        for (String path : new String[] {"", "status.json", "status.js", "?Host=localhost"}) {
            // the server itself answers 400 to what cannot be a name
            assertThat(status("GET /mixpanel-export/" + path, "Host: " + host))
                    .as(path)
                    .isIn(status, status == 200 ? 200 : 400);
        }
        int refused = status == 200 ? 403 : status; // for want of the page's header
        assertThat(status("POST /mixpanel-export/actions", "Host: " + host, "Content-Length: 0"))
                .isIn(refused, 400);
    }

    @ParameterizedTest
    @CsvSource({
        "/mixpanel-export/?a=/status.json, 200, text/html",
        "/mixpanel-export/status.json?x, 200, application/json",
        "/mixpanel-export/none?x=/status.json, 404, text/plain",
        "/mixpanel-export?x=y, 302, text/plain"
    })
    void cutsThePathAtTheQuery(String path, int status, String type) throws Exception {
        String head = head("GET " + path, "Host: localhost");

        assertThat(head).startsWith("HTTP/1.1 " + status).containsIgnoringCase(type);
        assertThat(head).doesNotContain("x=y");
    }

    @Test
    void makesNoHeaderOfTheQuery() throws Exception {
        String query =
                "?X-Mixpanel-Export=page&Content-Type=application/json&Origin=http://localhost&Sec-Fetch-Site=same-origin";
        assertThat(ask("/mixpanel-export/actions" + query, "Content-Type: text/plain"))
                .isEqualTo(403);
        assertThat(ask("/mixpanel-export/actions" + query)).isEqualTo(403);
        assertThat(
                        ask(
                                "/mixpanel-export/actions?x",
                                "X-Mixpanel-Export: page",
                                "Content-Type: application/json"))
                .isEqualTo(403);
        assertThat(head("GET /mixpanel-export/?Set-Cookie=a%3Db&X-Frame=1", "Host: localhost"))
                .doesNotContainIgnoringCase("set-cookie")
                .doesNotContainIgnoringCase("x-frame=");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 200",
        "application/json; charset=utf-8, 200",
        "text/plain, 415",
        "text/plain; application/json, 415",
        "application/x-www-form-urlencoded, 415",
        "multipart/form-data; boundary=x, 415",
        "application/jsonp, 415"
    })
    void takesJsonAlone(String type, int status) throws Exception {
        assertThat(
                        ask(
                                "/mixpanel-export/actions",
                                "X-Mixpanel-Export: page",
                                "Content-Type: " + type))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "status.json", "status.js", "none"})
    void isStoredByNobody(String path) throws Exception {
        assertThat(head("GET /mixpanel-export/" + path, "Host: localhost"))
                .containsIgnoringCase("Cache-Control: no-store\r\n")
                .containsIgnoringCase("Cross-Origin-Resource-Policy: same-origin\r\n");
    }

    /** Servers set these; a second value breaks the answer. */
    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding", "Content-Length", "Connection", "Set-Cookie"})
    void leavesToTheServerWhatIsTheServers(String header) {
        assertThat(new MixpanelExportStatusPage().applyFilterToCamelHeaders(header, "x", null))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"GET, 200", "POST, 403"})
    void doesNotWaitForABodyThatItDoesNotRead(String method, int status) throws Exception {
        try (RawHttp http = new RawHttp(port)) {
            http.send(
                    method + " /mixpanel-export/status.json HTTP/1.1",
                    "Host: localhost",
                    "Content-Length: 9900000",
                    "");
            assertThat(http.status()).isEqualTo(status);
        }
    }

    @Test
    void readsNoActionThatIsLongerThanItsOwn() throws Exception {
        try (RawHttp http = new RawHttp(port)) {
            http.send(
                    "POST /mixpanel-export/actions HTTP/1.1",
                    "Host: localhost",
                    "X-Mixpanel-Export: page",
                    "Content-Type: application/json",
                    "Content-Length: 9900000",
                    "");
            http.send(" ".repeat(200_000).getBytes(StandardCharsets.UTF_8));
            assertThat(http.status()).isEqualTo(413);
        }
    }

    @Test
    void answersManyRequestsOnOneConnection() throws Exception {
        try (RawHttp http = new RawHttp(port)) {
            for (int i = 0; i < 5; i++) {
                http.send("HEAD /mixpanel-export/status.json HTTP/1.1", "Host: localhost", "");
                assertThat(http.head()).startsWith("HTTP/1.1 405");
                http.send("GET /mixpanel-export HTTP/1.1", "Host: localhost", "");
                assertThat(http.head()).startsWith("HTTP/1.1 302");
                assertThat(http.body(5)).as("an empty chunk").isEqualTo("0\r\n\r\n");
                http.send(
                        "POST /mixpanel-export/actions HTTP/1.1",
                        "Host: localhost",
                        "Content-Length: " + ACTION.length(),
                        "");
                http.send(ACTION.getBytes(StandardCharsets.UTF_8));
                assertThat(http.head()).startsWith("HTTP/1.1 403");
                String refusal =
                        "32\r\nOnly the status page itself may send this request.\r\n0\r\n\r\n";
                assertThat(http.body(refusal.length())).as("a chunk").isEqualTo(refusal);
            }
        }
    }

    @Test
    void doesNothingForAPageOfAnotherOrigin() throws Exception {
        String target = "http://localhost:" + port + "/mixpanel-export/";
        HttpServer other =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext(
                "/",
                it -> {
                    byte[] html = evil(target).getBytes(StandardCharsets.UTF_8);
                    it.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                    it.sendResponseHeaders(200, html.length);
                    it.getResponseBody().write(html);
                    it.close();
                });
        other.start();
        try (Browser browser = browser()) {
            browser.open("http://127.0.0.1:" + other.getAddress().getPort() + "/");
            await().until(() -> browser.run("return window.done === 5").asBoolean());

            assertThat(browser.run("return window.read.join()").asText()).isEmpty();
            assertThat(browser.run("return window.frames[0].length").asInt()).isZero();
            assertThat(browser.requested())
                    .contains(target + "status.json", target + "actions", target);
            assertThat(reexports()).isEmpty();
            // on its own origin the same request is accepted
            browser.open(target);
            assertThat(act(browser)).isEqualTo("200");
        } finally {
            other.stop(0);
        }
        assertThat(reexports()).as("no form or beacon that came late").hasSize(1);
    }

    private List<String> reexports() throws IOException {
        Path ledger = folder.resolve("state/exports/export-with-page/ledger.jsonl");
        return Files.readAllLines(ledger).stream()
                .filter(it -> it.contains("\"type\":\"again\""))
                .toList();
    }

    /** Tries what a page may send to another origin: a form, a beacon, an image, a frame. */
    private static String evil(String target) {
        return """
                <!doctype html><iframe name="sink"></iframe><iframe src="%1$s"></iframe>
                <form id="form" action="%1$sactions" method="post" enctype="text/plain" target="sink">
                <input name='%2$s' value=''></form>
                <script>
                window.done = 0; window.read = [];
                const got = what => { window.read.push(what); window.done++; };
                const not = () => { window.done++; };
                const image = new Image(); image.onload = () => got('image'); image.onerror = not;
                image.src = '%1$sstatus.json';
                fetch('%1$sstatus.json').then(() => got('json'), not);
                fetch('%1$sactions', { method: 'POST', body: '%2$s',
                  headers: { 'Content-Type': 'application/json', 'X-Mixpanel-Export': 'page' } }).then(() => got('post'), not);
                fetch('%1$sactions', { method: 'POST', body: '%2$s', mode: 'no-cors' }).then(not, not);
                navigator.sendBeacon('%1$sactions', new Blob(['%2$s'], { type: 'text/plain' }));
                document.getElementById('form').submit(); not();
                </script>"""
                .formatted(target, ACTION);
    }

    @Test
    void doesNothingForASiteThatHasItsOwnNameLeadHere() throws Exception {
        try (Browser browser = browser("--host-resolver-rules=MAP rebound.example 127.0.0.1")) {
            browser.open("http://rebound.example:" + port + "/mixpanel-export/");

            assertThat(browser.run("return document.body.textContent").asText())
                    .isEqualTo("The page does not answer at this host name.");
            assertThat(act(browser)).isEqualTo("403");
            assertThat(
                            browser.run(
                                            "const r = new XMLHttpRequest(); r.open('GET', 'status.json', false); r.send(); return r.responseText")
                                    .asText())
                    .doesNotContain("export-with-page");
        }
    }

    /** The status of a request as the page's own script sends it. */
    private static String act(Browser browser) {
        return browser.run(
                        """
                        const r = new XMLHttpRequest();
                        r.open('POST', 'actions', false);
                        r.setRequestHeader('Content-Type', 'application/json');
                        r.setRequestHeader('X-Mixpanel-Export', 'page');
                        r.send('%s');
                        return r.status"""
                                .formatted(ACTION))
                .asText();
    }

    private Browser browser(String... arguments) throws IOException {
        boolean required = Boolean.parseBoolean(System.getenv("CI_BROWSER"));
        assumeTrue(
                required || Browser.isInstalled(),
                "chromium and chromedriver are not in /usr/bin: apt-get install chromium chromium-driver");
        return new Browser(Files.createDirectory(folder.resolve("b")), 1000, 1200, arguments);
    }

    private int ask(String path, String... headers) throws IOException {
        try (RawHttp http = new RawHttp(port)) {
            http.send("POST " + path + " HTTP/1.1", "Host: localhost");
            if (headers.length > 0) {
                http.send(headers);
            }
            http.send("Content-Length: " + ACTION.length(), "", ACTION);
            return http.status();
        }
    }

    private int status(String request, String... headers) throws IOException {
        return Integer.parseInt(head(request, headers).split(" ")[1]);
    }

    private String head(String request, String... headers) throws IOException {
        try (RawHttp http = new RawHttp(port)) {
            http.send(request + " HTTP/1.1").send(headers).send("");
            return http.head();
        }
    }

    private String get(String file) throws IOException {
        try (RawHttp http = new RawHttp(port)) {
            http.send(
                    "GET /mixpanel-export/" + file + " HTTP/1.1",
                    "Host: localhost",
                    "Connection: close",
                    "");
            return http.rest();
        }
    }
}
