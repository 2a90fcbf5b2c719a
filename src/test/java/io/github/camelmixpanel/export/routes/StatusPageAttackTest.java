package io.github.camelmixpanel.export.routes;

import static io.github.camelmixpanel.export.testkit.Patiently.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.ForkedJvm;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The page of {@code routes/export-with-page.yaml} in a JVM of its own with a small heap, which
 * ends at the first {@link OutOfMemoryError}, while clients do to it what clients can.
 */
@Tag("full")
class StatusPageAttackTest {

    private static final LocalDate FIRST = LocalDate.parse("2026-10-01");
    private static final LocalDate LAST = FIRST.plusDays(9);
    private static final int EVENTS = 20;
    private static final byte[] PART = new byte[100_000];
    private static final int PARTS = 98;

    @TempDir Path folder;
    private final CountDownLatch last = new CountDownLatch(1);
    private final MixpanelSimulator mixpanel =
            MixpanelSimulator.builder().limits(60, 100, 100).start();
    private final ExecutorService clients = Executors.newFixedThreadPool(40);
    private Process application;
    private int port;

    private void start(boolean actions) throws Exception {
        for (LocalDate day = FIRST; !day.isAfter(LAST); day = day.plusDays(1)) {
            mixpanel.addEvents(events(day));
        }
        mixpanel.answer(LAST, Answer.blockUntil(last));
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        application =
                ForkedJvm.of(
                                Application.class,
                                List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
                                mixpanel.baseUrl(),
                                String.valueOf(port),
                                folder.toString(),
                                String.valueOf(actions))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
        await().ignoreExceptions().until(() -> done() == 9);
    }

    /** The application under attack. */
    static final class Application {

        private Application() {}

        public static void main(String[] args) throws Exception {
            Properties settings = new Properties();
            settings.setProperty("camel.server.enabled", "true");
            settings.setProperty("camel.server.host", "127.0.0.1");
            settings.setProperty("camel.server.port", args[1]);
            settings.setProperty("camel.component.mixpanel-export.base-url", args[0]);
            settings.setProperty("camel.component.mixpanel-export.queries-per-second", "100");
            settings.setProperty("mixpanel.stateDirectory", args[2] + "/state");
            settings.setProperty("mixpanel.folder", args[2] + "/out");
            settings.setProperty("mixpanel.fromDate", FIRST.toString());
            settings.setProperty("mixpanel.toDate", LAST.toString());
            settings.setProperty("mixpanel.pageActions", args[3]);
            RunningRoute.start(Path.of("routes/export-with-page.yaml"), settings);
            new CountDownLatch(1).await();
        }
    }

    @AfterEach
    void stop() throws Exception {
        last.countDown();
        clients.shutdownNow();
        if (application != null) {
            application.destroyForcibly().waitFor();
        }
        mixpanel.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersAfterwardsAndTheExportGoesOn(boolean actions) throws Exception {
        start(actions);
        List<RawHttp> open = new ArrayList<>();
        try {
            all(200, i -> ask("GET /mixpanel-export/status.json", "Host: localhost"), 200);
            unfinished(open);
            assertAnswers();
            for (int i = 0; i < 1_500; i++) {
                RawHttp half = new RawHttp(port);
                open.add(half);
                halfSent(half, i % 3);
            }
            assertAnswers();
            for (String method : METHODS) {
                ask(method + " /mixpanel-export/status.json", "Host: localhost");
            }
            for (String header : odd()) {
                ask("GET /mixpanel-export/status.json", "Host: localhost", header);
            }
            assertAnswers();
        } finally {
            for (RawHttp connection : open) {
                connection.close();
            }
        }
        assertAnswers();

        last.countDown();

        await().ignoreExceptions().until(() -> done() == 10);
        assertThat(Files.readAllLines(folder.resolve("out/" + LAST + ".jsonl"))).hasSize(EVENTS);
        assertThat(Files.readString(folder.resolve("log"))).doesNotContain("OutOfMemoryError");
        assertThat(application.isAlive()).isTrue();
    }

    private static final List<String> METHODS =
            List.of(
                    "HEAD",
                    "PUT",
                    "DELETE",
                    "PATCH",
                    "OPTIONS",
                    "TRACE",
                    "CONNECT",
                    "PROPFIND",
                    "get",
                    "X",
                    "");

    private static List<String> odd() {
        return List.of(
                "X: " + "x".repeat(1_000_000),
                "X: y\r\n".repeat(10_000).strip(),
                "no colon",
                ": no name",
                "X\u0000: y",
                " folded",
                "Host: evil.example",
                "Content-Length: -1",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Transfer-Encoding: gzip, x",
                "Expect: 100-continue",
                "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x",
                "Range: bytes=0-,0-,0-",
                "CamelHttpResponseCode: 500",
                "CamelHttpUri: /x");
    }

    private static void halfSent(RawHttp http, int kind) throws IOException {
        if (kind == 0) {
            http.send("GET /mixpanel-export/status.json HTTP/1.1", "Host: localh");
        } else {
            http.send(
                    "POST /mixpanel-export/actions HTTP/1.1",
                    "Host: localhost",
                    "X-Mixpanel-Export: page",
                    "Content-Type: application/json",
                    kind == 1 ? "Content-Length: 100" : "Transfer-Encoding: chunked",
                    "",
                    "5");
        }
    }

    private static final List<String[]> HEADS =
            List.of(
                    new String[] {"GET /mixpanel-export/ HTTP/1.1"},
                    new String[] {
                        "POST /mixpanel-export/actions HTTP/1.1", "Content-Type: text/plain"
                    },
                    new String[] {
                        "POST /mixpanel-export/actions HTTP/1.1",
                        "X-Mixpanel-Export: page",
                        "Content-Type: application/json"
                    });

    /** 80 clients that send 9.8 of 9.9 MB, and wait. */
    private void unfinished(List<RawHttp> open) throws Exception {
        List<Future<RawHttp>> sent = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            String[] head = HEADS.get(i % HEADS.size());
            sent.add(
                    clients.submit(
                            () -> {
                                RawHttp http = new RawHttp(port);
                                http.send(head);
                                http.send("Host: localhost", "Content-Length: 9900000", "");
                                try {
                                    for (int part = 0; part < PARTS; part++) {
                                        http.send(PART);
                                    }
                                } catch (IOException e) {
                                    // it does not want it
                                }
                                return http;
                            }));
        }
        for (Future<RawHttp> one : sent) {
            open.add(one.get());
        }
    }

    private interface Request {
        int status(int i) throws IOException;
    }

    private void all(int count, Request request, int status) throws Exception {
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            calls.add(() -> request.status(number));
        }
        ExecutorService atOnce = Executors.newFixedThreadPool(count);
        try {
            for (Future<Integer> answer : atOnce.invokeAll(calls)) {
                assertThat(answer.get()).isEqualTo(status);
            }
        } finally {
            atOnce.shutdownNow();
        }
    }

    /** The status; 0 when the server closes without one, or refuses to read on. */
    private int ask(String request, String... headers) throws IOException {
        try (RawHttp http = new RawHttp(port)) {
            http.send(request + " HTTP/1.1").send(headers).send("Connection: close", "");
            String head = http.head();
            return head.isEmpty() ? 0 : Integer.parseInt(head.split(" ")[1]);
        } catch (java.net.SocketException e) {
            return 0;
        }
    }

    private void assertAnswers() throws IOException {
        assertThat(ask("GET /mixpanel-export/status.json", "Host: localhost")).isEqualTo(200);
        assertThat(ask("GET /mixpanel-export/", "Host: localhost")).isEqualTo(200);
    }

    /** How many days are exported, as the page says. */
    private int done() throws IOException {
        try (RawHttp http = new RawHttp(port)) {
            http.send("GET /mixpanel-export/status.json HTTP/1.1", "Host: localhost");
            http.send("Connection: close", "");
            return http.rest().split("\"final\":true", -1).length - 1;
        }
    }

    private static String[] events(LocalDate day) {
        long start = day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        String[] lines = new String[EVENTS];
        for (int i = 0; i < EVENTS; i++) {
            lines[i] =
                    "{\"event\":\"view\",\"properties\":{\"time\":%d,\"distinct_id\":\"u\",\"$insert_id\":\"%d\"}}"
                            .formatted(start + i, i);
        }
        return lines;
    }
}
