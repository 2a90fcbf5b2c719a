package io.github.camelmixpanel.export.simulator;

import static io.github.camelmixpanel.export.simulator.SimulatorClient.DAY;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.event;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.events;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.head;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.inflated;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.testkit.StallGuard;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers whose transport breaks, stalls or is odd, seen on plain sockets. */
class AnswerTransportTest {

    private static final LocalDate FIRST = LocalDate.parse("2026-01-01");
    private static final int HEARD_NOTHING_MILLIS = 100;
    private static final byte[] BODY = events(100).getBytes(StandardCharsets.UTF_8);

    private MixpanelSimulator simulator;
    private SimulatorClient client;

    @BeforeEach
    void start() {
        start(false);
    }

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void resetsAfterAPartOfTheBody() throws Exception {
        simulator.answer(Answer.reset(0.5), Answer.reset(0.5));
        try (Socket socket = client.send(DAY, false)) {
            InputStream in = socket.getInputStream();
            head(in);
            assertThatThrownBy(() -> in.readNBytes(BODY.length))
                    .isInstanceOf(SocketException.class);
        }
        assertThatThrownBy(() -> client.get(DAY)).isInstanceOf(IOException.class);
        assertThat(text(client.get(DAY))).isEqualTo(events(100));
    }

    @Test
    void closesAfterAPartOfTheBody() throws Exception {
        simulator.answer(Answer.close(0.5));
        try (Socket socket = client.send(DAY, false)) {
            assertThat(head(socket.getInputStream()))
                    .contains("Content-Length: " + BODY.length + "\r\n");
            assertThat(socket.getInputStream().readAllBytes()).hasSize(BODY.length / 2);
        }
    }

    @Test
    void takesTheFractionOfTheCompressedBytes() throws Exception {
        simulator.answer(Answer.close(0.25));
        try (Socket socket = client.send(DAY, true)) {
            head(socket.getInputStream());
            assertThat(socket.getInputStream().readAllBytes())
                    .hasSize(Gzip.compress(BODY).length / 4);
        }
    }

    @Test
    void endsWithoutAByte() throws Exception {
        simulator.answer(Answer.noAnswer());
        try (Socket socket = client.send(DAY, false)) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(simulator.queries()).hasSize(1).allMatch(query -> query.status() == 0);
        assertThat(simulator.bytesSent()).isZero();
    }

    @Test
    void hangsUntilTheSimulatorCloses() throws Exception {
        simulator.answer(Answer.hang());
        try (Socket socket = client.send(DAY, false)) {
            assertSilence(socket);
            simulator.close();
            assertEnd(socket);
        }
    }

    @Test
    void hangsAfterAPartOfTheBody() throws Exception {
        simulator.answer(Answer.hangAfter(0.5));
        try (Socket socket = client.send(DAY, false)) {
            head(socket.getInputStream());
            assertThat(socket.getInputStream().readNBytes(BODY.length / 2))
                    .hasSize(BODY.length / 2);
            assertSilence(socket);
            simulator.reset();
            assertEnd(socket);
        }
    }

    @Test
    void holdsTheAnswerUntilTheLatchOpens() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        simulator.answer(Answer.blockUntil(latch));
        try (Socket socket = client.send(DAY, false)) {
            assertSilence(socket);
            String late = event("stored meanwhile", 0) + "\n";
            simulator.addEvents(late.strip());
            latch.countDown();
            InputStream in = socket.getInputStream();
            assertThat(head(in)).contains("Content-Length: " + (BODY.length + late.length()));
            in.skipNBytes(BODY.length);
            assertThat(in.readNBytes(late.length())).asString().isEqualTo(late);
        }
    }

    @Test
    void holdsTheRestUntilTheLatchOpens() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        simulator.answer(Answer.blockAfter(0.5, latch));
        try (Socket socket = client.send(DAY, false)) {
            InputStream in = socket.getInputStream();
            head(in);
            in.readNBytes(BODY.length / 2);
            assertSilence(socket);
            latch.countDown();
            assertThat(in.readNBytes(BODY.length - BODY.length / 2))
                    .hasSize(BODY.length - BODY.length / 2);
        }
    }

    @Test
    void sendsAPieceForEachPermit() throws Exception {
        Semaphore permits = new Semaphore(0);
        simulator.answer(Answer.dribble(10, permits));
        try (Socket socket = client.send(DAY, false)) {
            InputStream in = socket.getInputStream();
            head(in);
            permits.release(2);
            assertThat(in.readNBytes(20)).hasSize(20);
            assertSilence(socket);
            permits.release(BODY.length);
            assertThat(in.readNBytes(BODY.length - 20)).hasSize(BODY.length - 20);
        }
    }

    @Test
    void dribblesTheWholeAnswer() throws Exception {
        Duration pause = Duration.ofMillis(2);
        simulator.answer(Answer.dribble(BODY.length / 20, pause));
        long start = System.nanoTime();
        assertThat(text(client.get(DAY))).isEqualTo(events(100));
        assertThat(System.nanoTime() - start).isGreaterThan(20 * pause.toNanos());
    }

    @Test
    void endsTheBodyWithTheConnection() throws Exception {
        simulator.answer(Answer.closeDelimited(), Answer.closeDelimited());
        try (Socket socket = client.send(DAY, false)) {
            assertThat(head(socket.getInputStream()))
                    .doesNotContain("Content-Length", "Transfer-Encoding")
                    .contains("Connection: close");
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(BODY);
        }
        assertThat(inflated(client.getGzip(DAY))).isEqualTo(events(100));
    }

    @Test
    void declaresLessThanItSends() throws Exception {
        simulator.answer(Answer.shortContentLength());
        HttpResponse<byte[]> answer = client.getGzip(DAY);
        assertThat(answer.body()).hasSize(Gzip.compress(BODY).length - 5);
        assertThatThrownBy(() -> inflated(answer)).isInstanceOf(EOFException.class);
    }

    @Test
    void declaresMoreThanItSends() throws Exception {
        simulator.answer(Answer.longContentLength(), Answer.longContentLength());
        try (Socket socket = client.send(DAY, false)) {
            assertThat(head(socket.getInputStream()))
                    .contains("Content-Length: " + (BODY.length + 5) + "\r\n");
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(BODY);
        }
        assertThatThrownBy(() -> client.get(DAY)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leavesOutTheLastChunk(boolean usuallyChunked) throws Exception {
        start(usuallyChunked);
        simulator.answer(Answer.missingLastChunk(), Answer.missingLastChunk());
        try (Socket socket = client.send(DAY, false)) {
            assertThat(head(socket.getInputStream())).contains("Transfer-Encoding: chunked");
            assertThat(socket.getInputStream().readAllBytes())
                    .asString()
                    .startsWith(Integer.toHexString(BODY.length) + "\r\n{")
                    .endsWith("}}\n\r\n");
        }
        assertThatThrownBy(() -> client.get(DAY)).isInstanceOf(IOException.class);
    }

    @Test
    void pausesBetweenMembersWithEverythingSent() throws Exception {
        simulator.answer(Answer.gzipMembers(2));
        byte[] first = Gzip.members(BODY, 2).get(0);
        try (Socket socket = client.send(DAY, true)) {
            InputStream in = socket.getInputStream();
            head(in);
            assertThat(in.readNBytes(first.length)).isEqualTo(first);
            assertThat(in.available()).isZero();
        }
    }

    @Test
    @ExtendWith(StallGuard.class)
    void noticesAClientThatGivesUp() throws Exception {
        simulator.close();
        simulator = MixpanelSimulator.builder().limits(1_000_000, 1_000_000, 1).start();
        client = new SimulatorClient(simulator);
        simulator.answer(Answer.hangAfter(0));
        try (Socket socket = client.send(DAY, false)) {
            head(socket.getInputStream());
            assertThat(client.get(DAY).statusCode()).isEqualTo(429);
        }
        int status = 429;
        while (status == 429) {
            status = client.get(DAY).statusCode();
        }
        assertThat(status).isEqualTo(200);
    }

    private void start(boolean chunked) {
        if (simulator != null) {
            simulator.close();
        }
        simulator =
                MixpanelSimulator.builder().inOrder().chunked(chunked).limits(999, 999, 99).start();
        simulator.addDay(FIRST, BODY);
        client = new SimulatorClient(simulator);
    }

    private static void assertSilence(Socket socket) throws IOException {
        socket.setSoTimeout(HEARD_NOTHING_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(SimulatorClient.PATIENCE_MILLIS);
    }

    /** In order or by a reset, but not by a timeout. */
    private static void assertEnd(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }
}
