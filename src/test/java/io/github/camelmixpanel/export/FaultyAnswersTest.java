package io.github.camelmixpanel.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an answer lacks: no event before the day is proven complete, every event once after. */
class FaultyAnswersTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";
    private static final int EVENTS = 500;

    private static final byte[] ONE_LINE = (lines(DAY, 1)[0] + "\n").getBytes(UTF_8);

    private static final Map<String, String> GZIP = Map.of("Content-Encoding", "gzip");
    private static final Map<String, String> BROTLI = Map.of("Content-Encoding", "br");

    private static final Map<String, Answer> FAULTS =
            Map.ofEntries(
                    Map.entry("connection reset half-way", Answer.reset(0.5)),
                    Map.entry("connection closed half-way", Answer.close(0.5)),
                    Map.entry("gzip cut in the middle", Answer.gzipCut(0.5)),
                    Map.entry("gzip cut in its trailer", Answer.gzipCutInTrailer(3)),
                    Map.entry("gzip without its trailer", Answer.gzipCutInTrailer(8)),
                    Map.entry("gzip with a wrong CRC", Answer.gzipWrongCrc()),
                    Map.entry(
                            "bytes behind the gzip trailer",
                            Answer.gzipTrailingBytes(new byte[10])),
                    Map.entry("a zip bomb", Answer.rawBody(gzip(new byte[70 << 20]), GZIP)),
                    Map.entry("gzip without a byte", Answer.rawBody(new byte[0], GZIP)),
                    Map.entry("no gzip where the head says gzip", Answer.rawBody(ONE_LINE, GZIP)),
                    Map.entry(
                            "gzip where the head says none",
                            Answer.rawBody(gzip(ONE_LINE), Map.of())),
                    Map.entry("an unknown encoding", Answer.rawBody(gzip(ONE_LINE), BROTLI)),
                    Map.entry("clean end in the middle of a line", Answer.cutInLine()),
                    Map.entry(
                            "terminated early, last line",
                            Answer.terminatedEarly("terminated early", false, true)),
                    Map.entry(
                            "export terminated early, no line end",
                            Answer.terminatedEarly("export terminated early", false, false)),
                    Map.entry(
                            "terminated early, only line",
                            Answer.terminatedEarly("terminated early", true, true)),
                    Map.entry(
                            "JSON error, last line",
                            Answer.lastLine("{\"error\":\"x\",\"status\":\"error\"}")),
                    Map.entry(
                            "JSON error, only line",
                            Answer.onlyLine("{\"error\":\"x\",\"status\":\"error\"}")),
                    Map.entry(
                            "HTML page with 200",
                            Answer.onlyLine("<html><body>Bad gateway</body></html>")),
                    Map.entry("500", Answer.status(500, "text/plain", "oops", Map.of())),
                    Map.entry(
                            "503", Answer.status(503, "text/html", "<html>busy</html>", Map.of())),
                    Map.entry("408", Answer.status(408, "text/plain", "", Map.of())),
                    Map.entry(
                            "400 Timeout",
                            Answer.status(
                                    400, "text/plain", "{\"error\":\"Timeout Error.\"}", Map.of())),
                    Map.entry("429 with Retry-After", Answer.rateLimited("0")),
                    Map.entry("hang before the answer", Answer.hang()),
                    Map.entry("hang in the body", Answer.hangAfter(0.5)),
                    Map.entry("short Content-Length", Answer.shortContentLength()),
                    Map.entry("missing last chunk", Answer.missingLastChunk()));

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Stream<Arguments> faults() {
        return FAULTS.entrySet().stream()
                .map(fault -> Arguments.of(fault.getKey(), fault.getValue()));
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void isAskedForAgain(String name, Answer fault) throws Exception {
        mixpanel.addEvents(lines(DAY, EVENTS));
        mixpanel.answer(fault);
        // so that an event which leaves before its day is proven would come twice
        collect(
                uri(
                        DAY,
                        DAY,
                        "repeatCount=1",
                        "maxRetries=1",
                        "responseTimeout=3000",
                        "deduplicate=false"));
        context.start();

        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies()).containsExactly(lines(DAY, EVENTS));
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @Test
    void survivesThemAllInARow() throws Exception {
        mixpanel.addEvents(lines(DAY, EVENTS));
        mixpanel.answer(LocalDate.parse(DAY), FAULTS.values().toArray(Answer[]::new));
        collect(uri(DAY, DAY, "repeatCount=1", "maxRetries=30", "responseTimeout=3000"));
        context.start();

        await().until(() -> mixpanel.queries().size() > FAULTS.size() / 2);
        assertThat(received).isEmpty();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies()).containsExactly(lines(DAY, EVENTS));
        assertThat(mixpanel.queries()).hasSize(FAULTS.size() + 1);
    }

    @Test
    void refusesAnEndThatNothingProves() throws Exception {
        mixpanel.addEvents(lines(DAY, 2)); // too small to be compressed
        mixpanel.answer(Answer.closeDelimited());
        collect(uri(DAY, DAY, "repeatCount=1", "maxRetries=1"));
        context.start();

        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies()).containsExactly(lines(DAY, 2));
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "Gzip", " gzip ", "x-gzip", "X-GZip"})
    void takesGzipUnderAnyOfItsNames(String encoding) throws Exception {
        byte[] body = gzip((String.join("\n", lines(DAY, 5)) + "\n").getBytes(UTF_8));
        mixpanel.answer(Answer.rawBody(body, Map.of("Content-Encoding", encoding)));
        collect(uri(DAY, DAY, "repeatCount=1", "maxRetries=0"));
        context.start();

        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies()).containsExactly(lines(DAY, 5));
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "Identity"})
    void takesABodyThatIsNotCompressedUnderAnyOfItsNames(String encoding) throws Exception {
        mixpanel.answer(Answer.rawBody(ONE_LINE, Map.of("Content-Encoding", encoding)));
        collect(uri(DAY, DAY, "repeatCount=1", "maxRetries=0"));
        context.start();

        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies()).containsExactly(lines(DAY, 1));
    }

    @Test
    void namesAProxyThatStripsTheEncoding() throws Exception {
        byte[] body = gzip((String.join("\n", lines(DAY, 5)) + "\n").getBytes(UTF_8));
        mixpanel.answer(Answer.rawBody(body, Map.of()));

        assertThat(troubleOfOneTry())
                .isEqualTo(
                        "Window 2026-10-05: the lines of the body are gzip bytes: its Content-Encoding is"
                                + " missing, or does not name all of its codings. Look for a proxy that"
                                + " strips or changes this header. The window is exported again.");
    }

    @Test
    void namesTheTimeoutThatEndsSilence() throws Exception {
        mixpanel.answer(Answer.hang());

        assertThat(troubleOfOneTry("responseTimeout=500"))
                .startsWith("Window 2026-10-05: 127.0.0.1:" + mixpanel.port())
                .contains("sent no byte of an answer for longer than responseTimeout")
                .endsWith(
                        "if this happens again, set responseTimeout higher, or choose fewer events, or"
                                + " a where that leaves out more.");
    }

    private String troubleOfOneTry(String... options) throws Exception {
        collect(uri(DAY, DAY, options) + "&repeatCount=1&maxRetries=0");
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        return consumer().trouble().get(0);
    }

    @Test
    void takesEveryFormOfACompleteAnswer() throws Exception {
        String[] days = {"2026-10-05", "2026-10-06", "2026-10-07", "2026-10-08", "2026-10-09"};
        for (String day : days) {
            mixpanel.addEvents(lines(day, 100));
        }
        mixpanel.answer(
                Answer.gzipMembers(5),
                Answer.identity(),
                Answer.closeDelimited(),
                Answer.dribble(300, java.time.Duration.ofMillis(1)),
                Answer.body(new byte[0]));
        collect(uri("2026-10-05", "2026-10-09", "repeatCount=1", "maxConcurrentWindows=1"));
        context.start();

        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).hasSize(400);
        assertThat(mixpanel.queries()).hasSize(5);
    }
}
