package io.github.camelmixpanel.export.simulator;

import static io.github.camelmixpanel.export.simulator.SimulatorClient.DAY;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.event;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.events;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.inflated;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers whose transport is in order: what is wrong with them, or odd, is in the body. */
class AnswerBodyTest {

    private static final LocalDate FIRST = LocalDate.parse("2026-01-01");

    private MixpanelSimulator simulator =
            MixpanelSimulator.builder().inOrder().limits(1000, 1000, 100).start();
    private SimulatorClient client = new SimulatorClient(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void compressesOnlyWhatIsLongerThanTheThresholdAndAskedFor() throws Exception {
        String atThreshold = "x".repeat(1399) + "\n";
        simulator.addDay(FIRST, bytes(atThreshold));
        simulator.addDay(LocalDate.parse("2026-01-02"), bytes("x" + atThreshold));
        String longer = "from_date=2026-01-02&to_date=2026-01-02";

        HttpResponse<byte[]> small = client.getGzip(DAY);
        assertThat(small.headers().firstValue("content-encoding")).isEmpty();
        assertThat(text(small)).isEqualTo(atThreshold);
        assertThat(inflated(client.getGzip(longer))).isEqualTo("x" + atThreshold);
        assertThat(text(client.get(longer))).isEqualTo("x" + atThreshold);
        assertThat(text(client.get(longer, "Accept-Encoding", "br, gzip;q=0")))
                .isEqualTo("x" + atThreshold);
        assertThat(inflated(client.get(longer, "Accept-Encoding", "br, GZIP;q=0.5")))
                .isEqualTo("x" + atThreshold);
    }

    @Test
    void givesAnswersInOrderAndThenServesNormally() throws Exception {
        simulator.addEvents(event("a", 0));
        simulator.answer(Answer.onlyLine("one"), Answer.normal(), Answer.onlyLine("two"));
        assertThat(text(client.get(DAY))).isEqualTo("one\n");
        assertThat(text(client.get(DAY))).isEqualTo(event("a", 0) + "\n");
        assertThat(text(client.get(DAY))).isEqualTo("two\n");
        assertThat(text(client.get(DAY))).isEqualTo(event("a", 0) + "\n");
    }

    @Test
    void keepsAnswersForAFirstDayForThatDay() throws Exception {
        simulator.answer(Answer.onlyLine("any"), Answer.onlyLine("any again"));
        simulator.answer(FIRST, Answer.onlyLine("day"));
        assertThat(text(client.get("from_date=2026-01-02&to_date=2026-01-02"))).isEqualTo("any\n");
        assertThat(text(client.get(DAY))).isEqualTo("day\n");
        assertThat(text(client.get(DAY))).isEqualTo("any again\n");
        assertThat(client.get(DAY).body()).isEmpty();
    }

    @Test
    void answersARefusalAsItIs() throws Exception {
        simulator.answer(Answer.gzipCut(0.5));
        HttpResponse<byte[]> answer = client.getGzip("from_date=2026-01-01");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(text(answer)).contains("to_date is required");
    }

    @Test
    void cutsAGzipBody() throws Exception {
        assertBroken(Answer.gzipCut(0.5), EOFException.class);
        assertBroken(Answer.gzipCut(1), EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 8})
    void cutsAGzipBodyInItsTrailer(int missing) throws Exception {
        byte[] body = assertBroken(Answer.gzipCutInTrailer(missing), EOFException.class);
        assertThat(body).hasSize(Gzip.compress(bytes(events(100))).length - missing);
    }

    @Test
    void breaksTheChecksum() throws Exception {
        assertBroken(Answer.gzipWrongCrc(), ZipException.class);
    }

    @Test
    void sendsAWholeBodyInSeveralMembers() throws Exception {
        simulator.addDay(FIRST, bytes(events(100))).answer(Answer.gzipMembers(3));
        byte[] body = client.getGzip(DAY).body();
        assertThat(inflated(body)).isEqualTo(events(100));
        byte[] firstMember = Gzip.members(bytes(events(100)), 3).get(0);
        assertThat(body).startsWith(firstMember).hasSizeGreaterThan(firstMember.length);
    }

    @Test
    void compressesAShortBodyUnaskedWhenTheFaultNeedsIt() throws Exception {
        simulator.addEvents(event("a", 0)).answer(Answer.gzipMembers(1));
        assertThat(inflated(client.get(DAY))).isEqualTo(event("a", 0) + "\n");
    }

    @Test
    void appendsBytesAfterTheEndOfTheGzip() throws Exception {
        simulator.addDay(FIRST, bytes(events(100)));
        simulator.answer(Answer.gzipTrailingBytes(new byte[] {1, 2, 3}));
        byte[] body = client.getGzip(DAY).body();
        byte[] whole = Gzip.compress(bytes(events(100)));
        assertThat(body).startsWith(whole).endsWith(1, 2, 3).hasSize(whole.length + 3);
    }

    @Test
    void cutsInTheLastLineWhateverTheEncoding() throws Exception {
        simulator.addDay(FIRST, bytes(events(100)));
        simulator.answer(Answer.cutInLine(), Answer.cutInLine());
        String gzip = inflated(client.getGzip(DAY));
        String identity = text(client.get(DAY));
        assertThat(gzip).isEqualTo(identity).startsWith(events(99)).doesNotEndWith("\n");
        assertThat(events(100)).startsWith(identity);
        assertThat(identity.length()).isGreaterThan(events(99).length());
    }

    @Test
    void beginsALineInAnEmptyBody() throws Exception {
        simulator.answer(Answer.cutInLine());
        assertThat(text(client.get(DAY))).isEqualTo("{\"event\":");
    }

    @Test
    void terminatesEarlyAfterHalfOfTheEventsOrBeforeAny() throws Exception {
        simulator.addDay(FIRST, bytes(events(5)));
        simulator.answer(
                Answer.terminatedEarly("terminated early", false, true),
                Answer.terminatedEarly("export terminated early", true, false));
        assertThat(text(client.get(DAY))).isEqualTo(events(3) + "terminated early\n");
        assertThat(text(client.get(DAY))).isEqualTo("export terminated early");
    }

    @Test
    void addsALastLine() throws Exception {
        simulator.addDay(FIRST, bytes(events(2))).answer(Answer.lastLine("{\"error\":"));
        assertThat(text(client.get(DAY))).isEqualTo(events(2) + "{\"error\":\n");
    }

    @Test
    void answersAnyStatus() throws Exception {
        simulator.answer(
                Answer.status(503, "text/html", "<p>busy</p>", Map.of("Retry-After", "7")));
        HttpResponse<byte[]> answer = client.getGzip("nothing=valid");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("content-type")).contains("text/html");
        assertThat(answer.headers().firstValue("retry-after")).contains("7");
        assertThat(text(answer)).isEqualTo("<p>busy</p>");
        assertThat(simulator.queries().get(0).status()).isEqualTo(503);
    }

    @Test
    void limitsTheRateWithoutCountingItAsItsOwn() throws Exception {
        simulator.answer(Answer.rateLimited("120"), Answer.rateLimited(null));
        HttpResponse<byte[]> answer = client.get(DAY);
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("retry-after")).contains("120");
        assertThat(client.get(DAY).headers().firstValue("retry-after")).isEmpty();
        assertThat(simulator.refused()).isZero();
    }

    @Test
    void doesNotCompressEvenIfAskedTo() throws Exception {
        simulator.addDay(FIRST, bytes(events(100))).answer(Answer.identity());
        HttpResponse<byte[]> answer = client.getGzip(DAY);
        assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
        assertThat(text(answer)).isEqualTo(events(100));
    }

    @Test
    void namesTheEncodingAsItIsAsked() throws Exception {
        simulator.addEvents(event("a", 0));
        simulator.answer(
                Answer.gzipNamed("GZIP"),
                Answer.gzipNamed("x-gzip"),
                Answer.gzipNamed(null),
                Answer.namedIdentity());
        for (String name : new String[] {"GZIP", "x-gzip", null}) {
            HttpResponse<byte[]> answer = client.get(DAY);
            assertThat(answer.headers().firstValue("content-encoding"))
                    .isEqualTo(Optional.ofNullable(name));
            assertThat(inflated(answer.body())).isEqualTo(event("a", 0) + "\n");
        }
        HttpResponse<byte[]> plain = client.getGzip(DAY);
        assertThat(plain.headers().firstValue("content-encoding")).contains("identity");
        assertThat(text(plain)).isEqualTo(event("a", 0) + "\n");
    }

    @Test
    void servesAGivenBodyInTheUsualWay() throws Exception {
        byte[] body = bytes(events(100) + "\u2028\n");
        simulator.answer(Answer.body(body), Answer.body(body));
        Arrays.fill(body, (byte) 0);
        assertThat(inflated(client.getGzip(DAY))).isEqualTo(events(100) + "\u2028\n");
        assertThat(text(client.get(DAY))).isEqualTo(events(100) + "\u2028\n");
    }

    @Test
    void servesRawBytesAsGiven() throws Exception {
        simulator.answer(
                Answer.rawBody(bytes("not gzip"), Map.of("Content-Encoding", "gzip")),
                Answer.rawBody(bytes("cut short"), Map.of("Content-Length", "3")));
        HttpResponse<byte[]> answer = client.get(DAY);
        assertThat(answer.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(text(answer)).isEqualTo("not gzip");
        assertThat(text(client.get(DAY))).isEqualTo("cut");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void refusesAFractionThatIsNone(double fraction) {
        assertThatThrownBy(() -> Answer.reset(fraction))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected fraction: 0 to 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9})
    void refusesATrailerCutOutsideOfTheTrailer(int missing) {
        assertThatThrownBy(() -> Answer.gzipCutInTrailer(missing))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private byte[] assertBroken(Answer answer, Class<? extends Exception> error) throws Exception {
        simulator.removeDay(FIRST).addDay(FIRST, bytes(events(100))).answer(answer);
        byte[] body = client.get(DAY).body();
        assertThatThrownBy(() -> inflated(body)).isInstanceOf(error);
        return body;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
