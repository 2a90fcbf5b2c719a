package io.github.camelmixpanel.export.simulator;

import static io.github.camelmixpanel.export.simulator.SimulatorClient.DAY;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.event;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.events;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorHttpTest {

    private static final String HOST = "Host: x\r\n";
    private static final String CLOSE = HOST + "Connection: close\r\n\r\n";

    private final MixpanelSimulator simulator =
            MixpanelSimulator.builder()
                    .clock(() -> Instant.parse("2026-03-01T08:09:10.5Z"))
                    .limits(100, 100, 100)
                    .reusableConnections(true)
                    .start();

    @AfterEach
    void close() {
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /api/2.0/export?from_date=2026-01-01&to_date=2026-01-01, 200",
        "GET /api/2.0/export/?from_date=2026-01-01&to_date=2026-01-01, 200",
        "GET /api/2.0/export, 400",
        "GET /api/2.0/engage, 404",
        "GET /, 404",
        "POST /api/2.0/export, 405",
    })
    void answersOnlyTheExport(String request, int status) throws Exception {
        assertThat(exchange(request + " HTTP/1.1\r\n" + CLOSE)).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void doesNotCountARequestThatIsNoQuery() throws Exception {
        exchange("GET /api/2.0/engage HTTP/1.1\r\n" + CLOSE);
        assertThat(simulator.queries()).isEmpty();
        assertThat(simulator.mostQueriesInAnyHour()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello\r\n\r\n",
                "GET /api/2.0/export HTTP/1.0\r\n" + CLOSE,
                "GET export HTTP/1.1\r\n" + CLOSE,
                "GET /api/2.0/export HTTP/1.1\n" + CLOSE,
                "GET /api/2.0/export HTTP/1.1\r\n\r\n",
                "GET /api/2.0/export HTTP/1.1\r\n" + HOST + "no header\r\n\r\n",
                "GET /api/2.0/export?where=%zz HTTP/1.1\r\n" + CLOSE,
                "GET /api/2.0/export HTTP/1.1\r\nContent-Length: x\r\n" + CLOSE,
                "GET /api/2.0/export HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + CLOSE,
            })
    void refusesWhatIsNoRequest(String bytes) throws Exception {
        assertThat(exchange(bytes))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .contains("Connection: close", "malformed request: ");
        assertThat(simulator.queries()).isEmpty();
    }

    @Test
    void dropsAConnectionThatIsUsedAgainUnlessItIsReusable() throws Exception {
        simulator.close();
        try (MixpanelSimulator strict = MixpanelSimulator.builder().start();
                Socket socket = new SimulatorClient(strict).send(DAY, false)) {
            InputStream in = socket.getInputStream();
            head(in);
            in.readNBytes(5);
            socket.getOutputStream()
                    .write(("GET /api/2.0/export?" + DAY + " HTTP/1.1\r\n" + CLOSE).getBytes());

            assertThat(end(in)).isTrue();
            assertThat(strict.queries()).hasSize(1);
        }
    }

    @Test
    void servesSeveralQueriesOnOneConnection() throws Exception {
        simulator.addEvents(event("a", 0));
        String query = "GET /api/2.0/export?" + DAY + " HTTP/1.1\r\n";
        String chunk = event("a", 0) + "\n";
        String body = Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n0\r\n\r\n";
        assertThat(exchange(query + HOST + "Content-Length: 2\r\n\r\nxx" + query + CLOSE))
                .isEqualTo(
                        "HTTP/1.1 200 OK\r\nDate: Sun, 01 Mar 2026 08:09:10 GMT\r\n"
                                + "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + body
                                + "HTTP/1.1 200 OK\r\nDate: Sun, 01 Mar 2026 08:09:10 GMT\r\n"
                                + "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"
                                + "Connection: close\r\n\r\n"
                                + body);
        assertThat(simulator.queries()).hasSize(2);
    }

    @Test
    void countsEveryByteItSends() throws Exception {
        simulator.addDay(
                LocalDate.parse("2026-01-01"), events(500).getBytes(StandardCharsets.UTF_8));
        String answer = exchange("GET /api/2.0/export?" + DAY + " HTTP/1.1\r\n" + CLOSE);
        assertThat(answer).contains("\r\n\r\n1fff\r\n{").endsWith("}}\n\r\n0\r\n\r\n");
        assertThat(simulator.bytesSent()).isEqualTo(answer.length());
    }

    @Test
    void listensOnItsPortUntilItIsClosed() throws Exception {
        assertThat(simulator.baseUrl()).isEqualTo("http://127.0.0.1:" + simulator.port());
        try (Socket idle = new Socket("127.0.0.1", simulator.port())) {
            simulator.close();
            assertThatThrownBy(() -> new Socket("127.0.0.1", simulator.port()))
                    .isInstanceOf(ConnectException.class);
            idle.setSoTimeout(SimulatorClient.PATIENCE_MILLIS);
            assertThat(end(idle.getInputStream())).isTrue();
        }
    }

    @Test
    void saysThatItsPortIsTaken() {
        assertThatThrownBy(() -> MixpanelSimulator.builder().port(simulator.port()).start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("port " + simulator.port());
    }

    @Test
    void keepsAnIdleConnectionOverAReset() throws Exception {
        try (Socket socket = new SimulatorClient(simulator).send(DAY, false)) {
            InputStream in = socket.getInputStream();
            head(in);
            in.readNBytes(5);
            simulator.reset();
            socket.getOutputStream().write(("GET / HTTP/1.1\r\n" + CLOSE).getBytes());
            assertThat(head(in)).startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void runsOnDaemonThreadsThatCarryItsName() throws Exception {
        simulator.answer(Answer.hangAfter(0));
        try (Socket socket = new SimulatorClient(simulator).send(DAY, false)) {
            head(socket.getInputStream());
            String prefix = "mixpanel-simulator-" + simulator.port() + "-";
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith(prefix))
                    .hasSize(2)
                    .allMatch(Thread::isDaemon);
        }
    }

    private String exchange(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", simulator.port())) {
            socket.setSoTimeout(SimulatorClient.PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static boolean end(InputStream in) {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return true;
        }
    }
}
