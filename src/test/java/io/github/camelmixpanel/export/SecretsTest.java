package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.testkit.AuthenticatingProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A canary in every credential option is seen by the server alone. */
class SecretsTest extends ExportTestSupport {

    private static final String CANARY = "canary-9f8e7d6c";
    private static final String OURS = "io.github.camelmixpanel.export";

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Recorder recorder = new Recorder();

    @BeforeEach
    void listen() {
        recorder.start();
        LoggerContext loggers = (LoggerContext) LogManager.getContext(false);
        loggers.getConfiguration().getRootLogger().addAppender(recorder, Level.ALL, null);
        Configurator.setLevel(OURS, Level.TRACE);
    }

    @AfterEach
    void stopListening() {
        LoggerContext loggers = (LoggerContext) LogManager.getContext(false);
        loggers.getConfiguration().getRootLogger().removeAppender("recorder");
        Configurator.setLevel(OURS, Level.WARN);
        recorder.stop();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serviceAccount=account&serviceAccountSecret=RAW(" + CANARY + ")&projectId=7",
                "projectSecret=RAW(" + CANARY + ")&projectId=7",
                "accessToken=RAW(" + CANARY + ")&projectId=7",
                "accessToken=x&projectId=7&proxyHost=127.0.0.1&proxyPort={{proxy}}"
                        + "&proxyAuthMethod=Basic&proxyAuthUsername=account&proxyAuthPassword=RAW("
                        + CANARY
                        + ")"
            })
    void staysOutOfLogsErrorsHeadersHealthAndFiles(String credentials) throws Exception {
        AuthenticatingProxy proxy = AuthenticatingProxy.start("account", CANARY);
        context.getPropertiesComponent().addInitialProperty("proxy", String.valueOf(proxy.port()));
        mixpanel.acceptServiceAccount("account", CANARY, "7");
        mixpanel.addEvents(lines("2026-10-05", 10));
        mixpanel.answer(
                Answer.status(500, "text/plain", "oops", Map.of()),
                Answer.reset(0.5),
                Answer.status(400, "text/plain", "bad", Map.of()));
        collect(
                "mixpanel-export:test?"
                        + credentials
                        + "&baseUrl="
                        + mixpanel.baseUrl()
                        + "&stateDirectory="
                        + state()
                        + "&fromDate=2026-10-05&toDate=2026-10-06&retryDelay=10&initialDelay=0&repeatCount=1");
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        logged.add(health().toString());
        logged.add(consumer().getEndpoint().toString());
        logged.add(consumer().toString());
        received.forEach(exchange -> logged.add(exchange.toString()));
        context.stop();
        proxy.close();

        assertThat(mixpanel.queries()).isNotEmpty();
        assertThat(logged).anyMatch(line -> line.contains("oops"));
        for (String secret : forms()) {
            assertThat(logged).noneMatch(line -> line.contains(secret));
            assertThat(files()).noneMatch(text -> text.contains(secret));
        }
    }

    static Stream<Arguments> answersThatRepeatTheRequest() {
        String text = "sent: " + String.join(", ", forms());
        Map<String, String> none = Map.of();
        return Stream.of(
                Arguments.of(302, Answer.status(302, "text/plain", text, none)),
                Arguments.of(400, Answer.status(400, "text/plain", text, none)),
                Arguments.of(401, Answer.status(401, "text/plain", text, none)),
                Arguments.of(403, Answer.status(403, "text/plain", text, none)),
                Arguments.of(407, Answer.status(407, "text/plain", text, none)),
                Arguments.of(
                        429, Answer.status(429, "text/plain", text, Map.of("Retry-After", "1"))),
                Arguments.of(
                        500,
                        Answer.status(
                                500, "application/json", "{\"error\":\"" + text + "\"}", none)),
                Arguments.of(500, Answer.status(500, "text/plain", "x".repeat(480) + text, none)),
                Arguments.of(
                        "Content-Encoding",
                        Answer.rawBody(new byte[1], Map.of("Content-Encoding", text))),
                Arguments.of("a line", Answer.onlyLine(text)),
                Arguments.of("a last line", Answer.lastLine("x".repeat(180) + text)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answersThatRepeatTheRequest")
    void staysOutWhereAnAnswerRepeatsTheRequest(Object where, Answer answer) throws Exception {
        mixpanel.acceptServiceAccount("account", CANARY, "7");
        mixpanel.addEvents(lines("2026-10-05", 10));
        mixpanel.answer(answer);
        collect(
                uri(
                        "2026-10-05",
                        "2026-10-05",
                        "serviceAccount=account",
                        "serviceAccountSecret=RAW(" + CANARY + ")",
                        "maxRetries=0",
                        "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        logged.add(health().toString());
        logged.add(consumer().exportStatus());
        logged.add(consumer().trouble().toString());
        context.stop();

        assertThat(logged).anyMatch(line -> line.contains("***"));
        for (String secret : forms()) {
            String beginning = secret.substring(0, 8);
            assertThat(logged).noneMatch(line -> line.contains(beginning));
            assertThat(files()).noneMatch(text -> text.contains(beginning));
        }
    }

    @Test
    void staysOutOfAFailedStart() throws Exception {
        collect(uri("2026-10-05", "2026-10-06", "accessToken=RAW(" + CANARY + ")"));
        StringWriter failure = new StringWriter();
        try {
            context.start();
        } catch (Exception e) {
            e.printStackTrace(new PrintWriter(failure));
        }

        assertThat(failure.toString()).contains("accessToken").doesNotContain(CANARY);
        assertThat(logged).noneMatch(line -> line.contains(CANARY));
    }

    /** Camel Main shows what placeholders stand for; the examples and the README turn that off. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void staysOutOfTheSummaryOfCamelMainWhenThatIsOff(boolean summary) throws Exception {
        String option = "camel.component.mixpanel-export.service-account-secret";
        Configurator.setLevel("org.apache.camel", Level.INFO);
        Main main = new Main();
        main.setPropertyPlaceholderLocations("false");
        main.addOverrideProperty(option, "{{MIXPANEL_SERVICE_ACCOUNT_SECRET}}");
        main.addOverrideProperty("MIXPANEL_SERVICE_ACCOUNT_SECRET", CANARY);
        if (!summary) {
            main.addOverrideProperty("camel.main.auto-configuration-log-summary", "false");
        }
        try {
            main.start();

            assertThat(
                            main.getCamelContext()
                                    .getComponent("mixpanel-export", MixpanelExportComponent.class)
                                    .getConfiguration()
                                    .getServiceAccountSecret())
                    .isEqualTo(CANARY);
        } finally {
            main.stop();
            Configurator.setLevel("org.apache.camel", Level.WARN);
        }

        assertThat(logged.stream().filter(line -> line.contains(CANARY)).toList().isEmpty())
                .isEqualTo(!summary);
    }

    @Test
    void staysOutOfTheSummaryInEveryExample() throws Exception {
        try (Stream<Path> files = Files.walk(Path.of("examples"))) {
            List<Path> settings =
                    files.filter(
                                    file ->
                                            file.toString()
                                                    .matches(
                                                            ".*/(application.properties|secret.yaml)"))
                            .filter(file -> !file.toString().matches(".*/(target|spring-boot)/.*"))
                            .toList();

            assertThat(settings).hasSizeGreaterThan(10);
            for (Path file : settings) {
                assertThat(Files.readString(file))
                        .as(file.toString())
                        .containsPattern(
                                "(?m)^ *camel.main.auto-configuration-log-summary = false$");
            }
        }
    }

    /** As it is, and as it goes over the wire. */
    private static List<String> forms() {
        Base64.Encoder base64 = Base64.getEncoder();
        byte[] account = ("account:" + CANARY).getBytes(StandardCharsets.UTF_8);
        byte[] project = (CANARY + ":").getBytes(StandardCharsets.UTF_8);
        return List.of(CANARY, base64.encodeToString(account), base64.encodeToString(project));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(state())) {
            return files.filter(Files::isRegularFile)
                    .map(
                            file -> {
                                try {
                                    return file
                                            + "\n"
                                            + Files.readString(file, StandardCharsets.ISO_8859_1);
                                } catch (IOException e) {
                                    throw new java.io.UncheckedIOException(e);
                                }
                            })
                    .toList();
        }
    }

    private final class Recorder extends AbstractAppender {

        private Recorder() {
            super("recorder", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            StringWriter text = new StringWriter();
            text.append(event.getMessage().getFormattedMessage());
            if (event.getThrown() != null) {
                event.getThrown().printStackTrace(new PrintWriter(text));
            }
            logged.add(text.toString());
        }
    }
}
