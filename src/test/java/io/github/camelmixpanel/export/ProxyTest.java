package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.testkit.AuthenticatingProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An export through a proxy that asks for credentials. */
class ProxyTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    private AuthenticatingProxy proxy;

    @BeforeEach
    void startProxy() throws Exception {
        proxy = AuthenticatingProxy.start("me", "pr&xy+%");
    }

    @AfterEach
    void stopProxy() {
        proxy.close();
    }

    @Test
    void passesOnEveryEvent() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 20));
        export("RAW(pr&xy+%)");

        assertThat(bodies()).containsExactly(lines(DAY, 20));
        assertThat(mixpanel.queries()).hasSize(1);
        assertThat(proxy.answers()).endsWith(200);
    }

    @Test
    void refusesWrongCredentials() throws Exception {
        mixpanel.addEvents(lines(DAY, 20));
        export("wrong");

        assertThat(received).isEmpty();
        assertThat(mixpanel.queries()).isEmpty();
        assertThat(proxy.answers()).containsOnly(407);
        assertThat(consumer().trouble())
                .singleElement()
                .asString()
                .contains("407", "proxyAuthUsername", "proxyAuthPassword");
    }

    private void export(String password) throws Exception {
        collect(
                uri(
                        DAY,
                        DAY,
                        "repeatCount=1",
                        "maxRetries=0",
                        "proxyHost=127.0.0.1",
                        "proxyPort=" + proxy.port(),
                        "proxyAuthMethod=Basic",
                        "proxyAuthUsername=me",
                        "proxyAuthPassword=" + password));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
    }
}
