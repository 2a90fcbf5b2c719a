package io.github.camelmixpanel.export;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Heads, chunk lines and trailers without an end are broken answers: the export leaves them after
 * some thousand bytes, says so, and tries again, and no heap fills.
 */
class EndlessAnswersTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final int PIECE = 1 << 16;

    /** What a server would send; that it sends as much shows that it was read. */
    private static final long ENDLESS = 64L << 20;

    /** More than the buffers of a connection hold. */
    private static final long UNREAD = 16L << 20;

    static Stream<Arguments> answers() {
        String head = "no answer from 127.0.0.1";
        String body = "the body is damaged or ends early";
        return Stream.of(
                Arguments.of("status line", "HTTP/1.1 200 O", "K", head),
                Arguments.of("header line", "HTTP/1.1 200 OK\r\nX-A: ", "a", head),
                Arguments.of("folded header", "HTTP/1.1 200 OK\r\nX-A: a\r\n", " folded\r\n", head),
                Arguments.of("headers", "HTTP/1.1 200 OK\r\n", "X-A: b\r\n", head),
                Arguments.of("headers of an error", "HTTP/1.1 500 No\r\n", "X-A: b\r\n", head),
                Arguments.of("chunk size", CHUNKED, "0", body),
                Arguments.of("chunk extension", CHUNKED + "5;a=", "a", body),
                Arguments.of("trailer line", CHUNKED + "0\r\nX-A: ", "a", body),
                Arguments.of("trailers", CHUNKED + "0\r\n", "X-A: b\r\n", body));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void areBroken(String part, String before, String piece, String found) throws Exception {
        AtomicLong sent = new AtomicLong();
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            Thread serving = new Thread(() -> serve(server, before, piece, sent));
            serving.start();
            collect(
                    uri(
                            DAY,
                            DAY,
                            "baseUrl=http://127.0.0.1:" + server.getLocalPort(),
                            "maxRetries=0",
                            "repeatCount=1"));
            context.start();
            await().until(() -> consumer().isFirstPollDone());
            serving.join();
        }

        assertThat(sent).hasValueLessThan(UNREAD);
        assertThat(received).isEmpty();
        HealthCheck.Result health = health();
        assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health.getMessage().orElseThrow())
                .startsWith("Window " + DAY)
                .contains(found)
                .containsPattern("Maximum (line length limit|header count) exceeded")
                .contains("queried again");
    }

    /** One answer, until the client leaves. */
    private static void serve(ServerSocket server, String before, String piece, AtomicLong sent) {
        byte[] pieces = piece.repeat(PIECE / piece.length()).getBytes(US_ASCII);
        try (Socket client = server.accept()) {
            client.getInputStream().read(new byte[8192]);
            OutputStream out = client.getOutputStream();
            out.write(before.getBytes(US_ASCII));
            while (sent.addAndGet(pieces.length) < ENDLESS) {
                out.write(pieces);
            }
        } catch (IOException e) {
            // it has left
        }
    }
}
