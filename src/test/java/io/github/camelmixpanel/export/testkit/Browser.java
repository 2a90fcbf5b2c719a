package io.github.camelmixpanel.export.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A headless Chromium with a profile of its own, driven by Debian's chromedriver over the W3C
 * protocol. It notes every request that its page makes, and none of the browser's own. One thread.
 */
public final class Browser implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final List<String> ARGUMENTS =
            List.of(
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync");

    /** As WebDriver spells them. */
    private static final Map<String, String> KEYS =
            Map.of(
                    "Tab",
                    "\ue004",
                    "Enter",
                    "\ue007",
                    "ArrowLeft",
                    "\ue012",
                    "ArrowRight",
                    "\ue014");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AXE = axe();
    private static final Set<String> SERIOUS = Set.of("serious", "critical");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final String driverUrl;
    private final String session;

    /** The only tab; {@link #open} fills it. */
    private final String tab;

    private final List<String> requested = new ArrayList<>();

    /**
     * @param profile an empty folder
     * @param more arguments of Chromium
     */
    public Browser(Path profile, int width, int height, String... more) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        driverUrl = "http://127.0.0.1:" + port;
        driver =
                new ProcessBuilder(DRIVER.toString(), "--port=" + port)
                        .redirectErrorStream(true)
                        .redirectOutput(profile.resolve("driver.log").toFile())
                        .start();
        Patiently.await()
                .ignoreExceptions()
                .until(() -> send("GET", "/status", null).get("ready").asBoolean());
        List<String> arguments = new ArrayList<>(ARGUMENTS);
        arguments.addAll(List.of(more));
        arguments.add("--user-data-dir=" + profile.resolve("profile"));
        arguments.add("--window-size=" + width + "," + height);
        session =
                "/session/"
                        + send(
                                        "POST",
                                        "/session",
                                        Map.of(
                                                "capabilities",
                                                Map.of(
                                                        "alwaysMatch",
                                                        Map.of(
                                                                "goog:loggingPrefs",
                                                                Map.of("performance", "ALL"),
                                                                "goog:chromeOptions",
                                                                Map.of(
                                                                        "binary",
                                                                        CHROMIUM.toString(),
                                                                        "args",
                                                                        arguments)))))
                                .get("sessionId")
                                .asText();
        tab = ownTab();
    }

    /** An empty one, in place of the first, where the browser is still loading its own new tab. */
    private String ownTab() {
        String own =
                send("POST", session + "/window/new", Map.of("type", "tab")).get("handle").asText();
        send("DELETE", session + "/window", null);
        send("POST", session + "/window", Map.of("handle", own));
        return own;
    }

    /** Whether this machine has what it takes. */
    public static boolean isInstalled() {
        return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    }

    public void open(String url) {
        send("POST", session + "/url", Map.of("url", url));
    }

    /** Runs the body of a JavaScript function and gives what it returns. */
    public JsonNode run(String script) {
        return send("POST", session + "/execute/sync", Map.of("script", script, "args", List.of()));
    }

    /** As if the user had chosen {@code light} or {@code dark} for the whole system. */
    public void colorScheme(String scheme) {
        devTools(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Shows the page as a phone would whose screen is so large, in CSS pixels. */
    public void phone(int width, int height) {
        devTools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", true));
    }

    /** Ends {@link #phone}. */
    public void desktop() {
        devTools("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    /** Presses a key of {@link #KEYS}, as on a keyboard. */
    public void press(String key) {
        String value = KEYS.get(key);
        send(
                "POST",
                session + "/actions",
                Map.of(
                        "actions",
                        List.of(
                                Map.of(
                                        "type",
                                        "key",
                                        "id",
                                        "keyboard",
                                        "actions",
                                        List.of(
                                                Map.of("type", "keyDown", "value", value),
                                                Map.of("type", "keyUp", "value", value))))));
    }

    /** What a screen reader says of that which has the focus: its role and its name. */
    public String focused() {
        while (true) {
            try {
                return focusedNow();
            } catch (IllegalStateException e) {
                // the page may have drawn it once more between two questions
                if (!e.getMessage().contains("stale element reference")) {
                    throw e;
                }
            }
        }
    }

    private String focusedNow() {
        String element = send("GET", session + "/element/active", null).elements().next().asText();
        return send("GET", session + "/element/" + element + "/computedrole", null).asText()
                + " "
                + send("GET", session + "/element/" + element + "/computedlabel", null).asText();
    }

    /** All that a screen reader finds on the page. */
    public List<Heard> heard() {
        List<Heard> all = new ArrayList<>();
        for (JsonNode node : devTools("Accessibility.getFullAXTree", Map.of()).get("nodes")) {
            if (!node.get("ignored").asBoolean()) {
                all.add(
                        new Heard(
                                node.at("/role/value").asText(), node.at("/name/value").asText()));
            }
        }
        return all;
    }

    /** What axe-core finds on the page that is serious or critical: rule, and where. */
    public List<String> accessibilityViolations() {
        run(AXE);
        List<String> found = new ArrayList<>();
        JsonNode violations =
                run(
                        """
                        return axe.run(document, { resultTypes: ['violations'] })
                            .then(it => it.violations)""");
        for (JsonNode violation : violations) {
            if (SERIOUS.contains(violation.get("impact").asText())) {
                violation
                        .get("nodes")
                        .forEach(
                                node ->
                                        found.add(
                                                violation.get("id").asText()
                                                        + ": "
                                                        + node.get("html").asText()));
            }
        }
        return found;
    }

    private static String axe() {
        try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One thing on the page, as a screen reader has it. */
    public record Heard(String role, String name) {}

    public byte[] screenshot() {
        return Base64.getDecoder().decode(send("GET", session + "/screenshot", null).asText());
    }

    /** The URL of every request that the page, its frames and its workers have made so far. */
    public List<String> requested() {
        for (JsonNode entry : send("POST", session + "/se/log", Map.of("type", "performance"))) {
            JsonNode logged = read(entry.get("message").asText());
            JsonNode message = logged.get("message");
            if (message.get("method").asText().equals("Network.requestWillBeSent")
                    && logged.get("webview").asText().equals(tab)) {
                requested.add(message.at("/params/request/url").asText());
            }
        }
        return List.copyOf(requested);
    }

    private JsonNode devTools(String command, Map<String, ?> parameters) {
        return send(
                "POST",
                session + "/goog/cdp/execute",
                Map.of("cmd", command, "params", parameters));
    }

    private JsonNode send(String method, String path, Object body) {
        try {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(URI.create(driverUrl + path))
                                    .method(
                                            method,
                                            body == null
                                                    ? HttpRequest.BodyPublishers.noBody()
                                                    : HttpRequest.BodyPublishers.ofString(
                                                            JSON.writeValueAsString(body)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            JsonNode value = read(answer.body()).get("value");
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(method + " " + path + ": " + value);
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            send("DELETE", session, null);
        } finally {
            driver.destroy();
        }
    }
}
