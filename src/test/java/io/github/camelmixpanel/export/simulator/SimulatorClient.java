package io.github.camelmixpanel.export.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.testkit.Patiently;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.zip.GZIPInputStream;

/** Queries a simulator with the JDK's client, or byte by byte through a socket of its own. */
final class SimulatorClient {

    static final String DAY = "from_date=2026-01-01&to_date=2026-01-01";

    /** For a socket, which cannot tell why it hears nothing. */
    static final int PATIENCE_MILLIS = 120_000;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final MixpanelSimulator simulator;

    SimulatorClient(MixpanelSimulator simulator) {
        this.simulator = simulator;
    }

    /** An event of 2026-01-01 in one line. */
    static String event(String name, int second) {
        return "{\"event\":\"%s\",\"properties\":{\"time\":%d,\"$insert_id\":\"%s-%d\"}}"
                .formatted(name, 1767225600 + second, name, second);
    }

    /** So many events of 2026-01-01, each line ended. */
    static String events(int count) {
        StringBuilder lines = new StringBuilder();
        for (int second = 0; second < count; second++) {
            lines.append(event("tick", second)).append('\n');
        }
        return lines.toString();
    }

    HttpResponse<byte[]> get(String query, String... headers)
            throws IOException, InterruptedException {
        try {
            return Patiently.get(getLater(query, headers));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
        }
    }

    HttpResponse<byte[]> getGzip(String query) throws IOException, InterruptedException {
        return get(query, "Accept-Encoding", "gzip");
    }

    CompletableFuture<HttpResponse<byte[]>> getLater(String query, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                        URI.create(simulator.baseUrl() + "/api/2.0/export?" + query));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** A socket on which this query, asking for gzip or not, has been sent. */
    Socket send(String query, boolean gzip) throws IOException {
        Socket socket = new Socket("127.0.0.1", simulator.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        String request =
                "GET /api/2.0/export?"
                        + query
                        + " HTTP/1.1\r\nHost: localhost\r\n"
                        + (gzip ? "Accept-Encoding: gzip\r\n" : "")
                        + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Reads up to the empty line that ends the head. */
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            assertThat(b).as("end of stream within the head: %s", head).isNotNegative();
            head.append((char) b);
        }
        return head.toString();
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static String inflated(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
        return inflated(response.body());
    }

    static String inflated(byte[] gzip) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
