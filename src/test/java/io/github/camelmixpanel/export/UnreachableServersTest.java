package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.testkit.TlsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.junit.jupiter.api.Test;

/**
 * Servers to which no connection comes about, or none that can be trusted: the export says so, gets
 * no word across, and does not count what it could not send.
 */
class UnreachableServersTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    @Test
    void thatHaveNoAddress() throws Exception {
        assertDown("https://nohost.invalid", "nohost.invalid", "UnknownHostException");
        assertNoneCounts();
    }

    @Test
    void thatRefuseTheConnection() throws Exception {
        int port = mixpanel.port();
        mixpanel.close();
        assertDown("http://127.0.0.1:" + port, "127.0.0.1:" + port, "Connection refused");
        assertNoneCounts();
    }

    @Test
    void whoseCertificateNobodyVouchesFor() throws Exception {
        try (TlsServer server = TlsServer.start("localhost", temp)) {
            assertDown("https://localhost:" + server.port(), "localhost", "PKIX path building");

            assertThat(server.requests()).as("requests that left this side").isZero();
            assertNoneCounts();
        }
    }

    @Test
    void thatAreSilentUntilTheRouteStops() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            collect(uri(DAY, DAY, "baseUrl=https://127.0.0.1:" + silent.getLocalPort()));
            context.start();
            silent.accept(); // never shakes hands

            context.stop();
            assertNoneCounts();
        }
    }

    @Test
    void whoseCertificateOnlyTheContextVouchesFor() throws Exception {
        try (TlsServer server = TlsServer.start("localhost", temp)) {
            trust(server);
            context.setSSLContextParameters(
                    context.getRegistry()
                            .lookupByNameAndType("trusted", SSLContextParameters.class));
            assertDown("https://localhost:" + server.port(), "localhost", "PKIX path building");

            assertThat(server.requests()).as("requests that left this side").isZero();
        }
    }

    @Test
    void butNotOneThatTheContextVouchesForWhenThatCounts() throws Exception {
        try (TlsServer server = TlsServer.start("localhost", temp)) {
            trust(server);
            context.setSSLContextParameters(
                    context.getRegistry()
                            .lookupByNameAndType("trusted", SSLContextParameters.class));
            context.getComponent("mixpanel-export", MixpanelExportComponent.class)
                    .setUseGlobalSslContextParameters(true);
            export("https://localhost:" + server.port());

            assertThat(consumer().trouble()).isEmpty();
            assertThat(server.requests()).isEqualTo(1);
        }
    }

    @Test
    void whoseCertificateIsForAnotherHost() throws Exception {
        try (TlsServer server = TlsServer.start("mixpanel.example.com", temp)) {
            trust(server);
            assertDown(
                    "https://localhost:" + server.port(),
                    "localhost",
                    "mixpanel.example.com",
                    "sslContextParameters=#trusted");

            assertThat(server.requests()).as("requests that left this side").isZero();
            assertNoneCounts();
        }
    }

    @Test
    void butNotOneWhoseCertificateIsTrustedByOption() throws Exception {
        try (TlsServer server = TlsServer.start("localhost", temp)) {
            trust(server);
            export("https://localhost:" + server.port(), "sslContextParameters=#trusted");

            assertThat(consumer().trouble()).isEmpty();
            assertThat(server.requests()).isEqualTo(1);
            assertThat(counted()).isEqualTo(1);
        }
    }

    private void trust(TlsServer server) {
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("file:" + server.keyStore());
        store.setPassword(TlsServer.PASSWORD);
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setKeyStore(store);
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setTrustManagers(trust);
        context.getRegistry().bind("trusted", parameters);
    }

    private void assertDown(String baseUrl, String host, String cause, String... options)
            throws Exception {
        export(baseUrl, options);

        assertThat(consumer().trouble())
                .singleElement()
                .asString()
                .startsWith("Window 2026-10-05: no answer from " + host)
                .contains(cause)
                .contains("Nothing was sent, so the query does not count");
        HealthCheck.Result health = health();
        assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health.getMessage().orElseThrow()).contains(host);
    }

    private void export(String baseUrl, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("baseUrl=" + baseUrl);
        all.add("maxRetries=1");
        all.add("repeatCount=1");
        collect(uri(DAY, DAY, all.toArray(String[]::new)));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
    }

    /** Queries that the log counts towards the hour: those started, less those taken back. */
    /** A permit is given back a moment after its poll may have ended. */
    private void assertNoneCounts() {
        await().untilAsserted(() -> assertThat(counted()).isZero());
    }

    private int counted() throws IOException {
        try (Stream<Path> logs = Files.list(state().resolve("queries"))) {
            List<String> lines = Files.readAllLines(logs.findFirst().orElseThrow());
            int unsent = (int) lines.stream().filter(line -> line.endsWith("(unsent)")).count();
            assertThat(lines).isNotEmpty();
            return lines.size() - 2 * unsent;
        }
    }
}
