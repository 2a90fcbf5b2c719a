package io.github.camelmixpanel.export;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.observe.MixpanelExportStatusPage;
import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.testkit.AuthenticatingProxy;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import org.apache.camel.Exchange;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A canary in each credential option, which the server sends back in every status, header and
 * coding, is nowhere afterwards: not in the log at TRACE, exceptions, health, JMX, console, page,
 * outcomes or state.
 */
class EchoedSecretsTest extends TasksTestSupport {

    private static final String CANARY = "canary+9f8e/7d6c&5b\"4a%3d<2f";
    private static final String RAW = "RAW(" + CANARY + ")";

    private static final Map<String, Map<String, String>> CREDENTIALS =
            Map.of(
                    "serviceAccountSecret",
                    Map.of("serviceAccount", "account", "serviceAccountSecret", RAW),
                    "projectSecret",
                    Map.of("projectSecret", RAW),
                    "accessToken",
                    Map.of("accessToken", RAW),
                    "proxyAuthPassword",
                    Map.of(
                            "accessToken",
                            "x",
                            "proxyHost",
                            "127.0.0.1",
                            "proxyPort",
                            "{{proxy}}",
                            "proxyAuthMethod",
                            "Basic",
                            "proxyAuthUsername",
                            "account",
                            "proxyAuthPassword",
                            RAW));

    private final List<String> shown = new ArrayList<>();
    private LogRecorder log;
    private AuthenticatingProxy proxy;
    private String credential;

    @BeforeEach
    void listen() throws Exception {
        log = new LogRecorder(Level.TRACE);
        proxy = AuthenticatingProxy.start("account", CANARY);
        context.getPropertiesComponent().addInitialProperty("proxy", String.valueOf(proxy.port()));
        context.setDevConsole(true);
    }

    @AfterEach
    void stopListening() {
        log.close();
        proxy.close();
    }

    /** With the credential of the test in place of the simulator's. */
    @Override
    String uri(String fromDate, String toDate, String... options) {
        StringBuilder uri = new StringBuilder(super.uri(fromDate, toDate, options));
        uri.replace(
                0,
                uri.length(),
                uri.toString()
                        .replace("serviceAccount=account&", "")
                        .replace("serviceAccountSecret=RAW(s3cr&t+%)&", ""));
        CREDENTIALS.get(credential).forEach((name, value) -> uri.append("&" + name + "=" + value));
        return uri.toString();
    }

    static Stream<Arguments> echoes() {
        return CREDENTIALS.keySet().stream()
                .sorted()
                .flatMap(
                        option ->
                                answers(option).entrySet().stream()
                                        .map(
                                                it ->
                                                        Arguments.of(
                                                                option,
                                                                it.getKey(),
                                                                it.getValue())));
    }

    private static Map<String, Answer> answers(String option) {
        String text = "sent: " + String.join(", ", forms(option));
        byte[] plain = text.getBytes(UTF_8);
        Map<String, String> headers = headers(text);
        Map<String, Answer> answers = new LinkedHashMap<>();
        for (int status : new int[] {204, 302, 400, 401, 402, 403, 404, 407, 413, 429, 500}) {
            answers.put(status + " in body and headers", Answer.rawBody(status, plain, headers));
        }
        answers.put(
                "503 in gzip",
                Answer.rawBody(503, gzip(plain), Map.of("Content-Encoding", "gzip")));
        answers.put(
                "503 in JSON",
                Answer.status(
                        503,
                        "application/json",
                        "{\"error\":\"" + text.replace("\"", "\\\"") + "\"}",
                        Map.of()));
        answers.put(
                "302 to a host",
                Answer.status(302, "text/plain", "", Map.of("Location", "https://a:" + CANARY)));
        answers.put(
                "302 to a path",
                Answer.status(302, "text/plain", "", Map.of("Location", "/" + CANARY)));
        answers.put("200 with a line", Answer.rawBody(200, plain, headers));
        answers.put("200 in a coding", Answer.rawBody(plain, Map.of("Content-Encoding", text)));
        answers.put(
                "200 in a chunk", Answer.rawBody(plain, Map.of("Transfer-Encoding", "chunked")));
        return answers;
    }

    private static Map<String, String> headers(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name :
                List.of(
                        "Location",
                        "Retry-After",
                        "RateLimit",
                        "WWW-Authenticate",
                        "Set-Cookie",
                        "Content-Type",
                        "Date",
                        "X-Echo")) {
            headers.put(name, text);
        }
        return headers;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("echoes")
    void areNowhere(String option, String where, Answer answer) throws Exception {
        credential = option;
        context.getRegistry()
                .bind(
                        "told",
                        (org.apache.camel.spi.ExceptionHandler)
                                new Told(failure -> shown.add(text(failure))));
        mixpanel.answer(answer);
        collect(uri(DAY, DAY, "maxRetries=0", "repeatCount=1", "exceptionHandler=#told"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(mixpanel.queries()).isNotEmpty();
        assertNowhere();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"serviceAccountSecret", "projectSecret", "accessToken", "proxyAuthPassword"})
    void areInNoOutcomeOfATask(String option) throws Exception {
        credential = option;
        mixpanel.answer(answers(option).get("503 in JSON"));
        plan("maxRetries=0");
        fetch();
        route("direct:event", e -> {});
        route("direct:tasks", e -> {});
        time.hold(); // the query of a task may not start later than taskStartTimeout
        context.start();
        await().until(() -> !tasks.isEmpty());
        Exchange outcome = carryOut(tasks.get(0));
        time.letGo();
        shown.add(outcome.getMessage().getHeaders().toString());
        shown.add(outcome.getMessage().getBody(String.class));
        shown.add(text(outcome.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class)));
        complete(outcome.getMessage().getBody());
        await().until(() -> !consumer().trouble().isEmpty());

        assertThat(shown).anyMatch(it -> it.contains("answered 503"));
        assertNowhere();
    }

    private void assertNowhere() throws Exception {
        shown.add(String.valueOf(consumer().trouble()));
        shown.add(health().toString());
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (MBeanAttributeInfo attribute : server.getMBeanInfo(mbean()).getAttributes()) {
            shown.add(String.valueOf(server.getAttribute(mbean(), attribute.getName())));
        }
        shown.add((String) server.invoke(mbean(), "exportStatus", null, null));
        DevConsole console =
                context.getCamelContextExtension()
                        .getContextPlugin(DevConsoleRegistry.class)
                        .resolveById("mixpanel-export");
        shown.add(String.valueOf(console.call(DevConsole.MediaType.TEXT)));
        shown.add(String.valueOf(console.call(DevConsole.MediaType.JSON)));
        shown.add(page());
        context.stop();
        shown.addAll(log.everything());
        shown.addAll(files());

        assertThat(shown).hasSizeGreaterThan(30);
        for (String form : forms(credential)) {
            String beginning = form.substring(0, 8).toLowerCase(Locale.ROOT);
            assertThat(shown)
                    .filteredOn(it -> it.toLowerCase(Locale.ROOT).contains(beginning))
                    .as("with the beginning of %s", form)
                    .isEmpty();
        }
        assertThat(shown).as("with its end").noneMatch(it -> it.contains("4a%3d"));
    }

    private String page() throws IOException {
        Exchange request = consumer().getEndpoint().createExchange();
        request.getMessage().setHeader(Exchange.HTTP_URI, "/mixpanel-export/status.json");
        new MixpanelExportStatusPage().serve(request, false);
        return request.getMessage().getBody(String.class);
    }

    private List<String> files() throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(state())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(file + " " + Files.readString(file, ISO_8859_1));
            }
        }
        return texts;
    }

    /** The secret as it goes over the wire, each in the codings of headers, URLs, JSON and HTML. */
    private static List<String> forms(String option) {
        List<String> forms = new ArrayList<>();
        String sent =
                switch (option) {
                    case "projectSecret" -> CANARY + ":";
                    case "accessToken" -> CANARY;
                    default -> "account:" + CANARY;
                };
        for (String secret : List.of(CANARY, sent)) {
            byte[] bytes = secret.getBytes(UTF_8);
            forms.add(Base64.getEncoder().encodeToString(bytes));
            forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
            forms.add(Base64.getUrlEncoder().encodeToString(bytes));
        }
        String url = URLEncoder.encode(CANARY, UTF_8);
        forms.addAll(
                List.of(
                        CANARY,
                        CANARY.toUpperCase(Locale.ROOT),
                        url,
                        url.toLowerCase(Locale.ROOT),
                        CANARY.replace("\"", "\\\"").replace("/", "\\/"),
                        CANARY.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;")));
        return forms;
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    private static String text(Throwable failure) {
        StringWriter text = new StringWriter();
        if (failure != null) {
            failure.printStackTrace(new PrintWriter(text));
        }
        return text.toString();
    }

    /** What the route's exception handler gets. */
    private record Told(java.util.function.Consumer<Throwable> failures)
            implements org.apache.camel.spi.ExceptionHandler {

        @Override
        public void handleException(Throwable failure) {
            failures.accept(failure);
        }

        @Override
        public void handleException(String message, Throwable failure) {
            failures.accept(failure);
        }

        @Override
        public void handleException(String message, Exchange exchange, Throwable failure) {
            failures.accept(failure);
        }
    }
}
