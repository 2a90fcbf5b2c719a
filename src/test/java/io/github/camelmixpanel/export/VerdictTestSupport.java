package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.Verdict.Kind;
import io.github.camelmixpanel.export.internal.model.Verdict.State;
import io.github.camelmixpanel.export.internal.model.Verdict.WaitsFor;
import io.github.camelmixpanel.export.testkit.Browser;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.camel.console.DevConsole;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.support.PluginHelper;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An export in virtual time, its status page in a browser, and every other face beside it. */
abstract class VerdictTestSupport extends VirtualTimeTestSupport {

    private static final int FOLD = 400;

    @TempDir static Path profile;
    static Browser browser;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private ServedPage page;

    VerdictTestSupport() {
        super(Instant.parse("2026-12-01T12:00:00Z"));
    }

    @BeforeAll
    static void browser() throws Exception {
        boolean required = Boolean.parseBoolean(System.getenv("CI_BROWSER"));
        assumeTrue(required || Browser.isInstalled(), "chromium and chromedriver: not in /usr/bin");
        browser = new Browser(profile, 1280, 900);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void page() throws Exception {
        inOrder();
        context.getRegistry().bind("metricsRegistry", registry);
        time.hold();
    }

    final void start() throws Exception {
        context.start();
        page = new ServedPage(context);
    }

    final void assertShown(State state, WaitsFor waitsFor, Kind kind, String... seen)
            throws Exception {
        // what is on its way to this state may change between two looks
        await().untilAsserted(() -> assertAgreement(state, waitsFor, kind));
        Verdict verdict = verdict();
        if (state == State.NEEDS_YOU) {
            assertLoggedOnce(verdict);
        }
        browser.desktop();
        browser.open(page.url());
        assertSeen(verdict, seen);
        browser.phone(390, 844);
        assertSeen(verdict, seen);
        browser.desktop();
        assertThat(page.asked()).as("loaded from here alone").allMatch(it -> it.startsWith("/"));
    }

    private Verdict verdict() {
        return consumer().snapshot().orElseThrow().verdict();
    }

    private void assertAgreement(State state, WaitsFor waitsFor, Kind kind) throws Exception {
        Verdict verdict = verdict();
        assertThat(verdict.state()).as(verdict.text()).isEqualTo(state);
        assertThat(verdict.waitsFor().orElse(null)).isEqualTo(waitsFor);
        assertThat(verdict.troubles().stream().findFirst().map(Verdict.Trouble::kind).orElse(null))
                .isEqualTo(kind);
        String name = verdict.state().name();
        HealthCheck.Result health = health();
        assertThat(health.getDetails()).containsEntry("mixpanel.verdict", name);
        assertThat(health.getState() == HealthCheck.State.DOWN)
                .isEqualTo(verdict.state() == State.NEEDS_YOU);
        var server = ManagementFactory.getPlatformMBeanServer();
        assertThat(server.getAttribute(mbean(), "Verdict")).isEqualTo(name);
        String console =
                (String)
                        PluginHelper.getDevConsoleResolver(context)
                                .resolveDevConsole("mixpanel-export")
                                .call(DevConsole.MediaType.TEXT);
        assertThat(console).contains(name + ": " + verdict.what());
        assertThat(registry.get("mixpanel.export.verdict").tag("state", name).gauge().value())
                .isEqualTo(1);
        for (Verdict.Trouble trouble : verdict.troubles()) {
            assertThat((String) server.getAttribute(mbean(), "Trouble")).contains(trouble.cause());
            assertThat(console).contains(trouble.cause());
            assertThat(health.getMessage().orElseThrow()).contains(trouble.text());
            assertThat(
                            registry.get("mixpanel.export.troubles")
                                    .tag("kind", trouble.kind().name())
                                    .gauge()
                                    .value())
                    .isEqualTo(1);
        }
    }

    private void assertLoggedOnce(Verdict verdict) throws Exception {
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            consumer().export().watch();
            consumer().export().watch();
            assertThat(log.lines(Level.WARN))
                    .filteredOn(line -> line.contains("needs you: " + verdict.what()))
                    .hasSize(1);
        }
    }

    private void assertSeen(Verdict verdict, String... seen) {
        await().untilAsserted(
                        () -> {
                            browser.run("return refresh()");
                            assertThat(text(".verdict")).contains(seen);
                        });
        assertThat(text(".verdict")).as("the cause").containsIgnoringCase(cause(verdict));
        verdict.until()
                .ifPresent(
                        it ->
                                assertThat(text(".verdict"))
                                        .as("the end")
                                        .contains(
                                                browser.run("return clock('" + it + "')")
                                                        .asText()));
        assertThat(text(".state")).isEqualTo(seen[0]);
        assertThat(browser.run("return document.title").asText()).startsWith(seen[0] + ": test");
        assertThat(browser.run("return document.getElementById('icon').href").asText())
                .startsWith("data:image/svg");
        assertThat(bottom(".verdict")).isLessThanOrEqualTo(FOLD);
        assertThat(browser.accessibilityViolations()).isEmpty();
        assertThat(
                        browser.run("return document.documentElement.scrollWidth <= innerWidth")
                                .asBoolean())
                .isTrue();
    }

    private static String cause(Verdict verdict) {
        return verdict.troubles().stream().findFirst().map(Verdict.Trouble::cause).orElse("");
    }

    static String text(String selector) {
        return browser.run("return document.querySelector('" + selector + "').textContent")
                .asText();
    }

    static String buttons() {
        return browser.run(
                        "return [...document.querySelectorAll('button[data-operation]')].map(it => it.textContent).join()")
                .asText();
    }

    static void press(String operation, String answer) {
        browser.run("window.confirm = () => true");
        browser.run(
                "document.querySelector('.troubles [data-operation=" + operation + "]').click()");
        await().until(() -> text("#connection").equals(answer));
    }

    static double bottom(String selector) {
        return browser.run(
                        "return document.querySelector('"
                                + selector
                                + "').getBoundingClientRect().bottom")
                .asDouble();
    }

    /** To be looked at: {@code target/status-page-trouble.png} and others. */
    static void shoot(String name) throws IOException {
        Files.createDirectories(Path.of("target"));
        Files.write(Path.of("target/status-page-" + name + ".png"), browser.screenshot());
    }
}
