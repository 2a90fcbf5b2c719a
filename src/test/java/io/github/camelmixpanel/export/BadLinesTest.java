package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelmixpanel.export.simulator.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.spi.ExceptionHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines that are no events, in a body that is otherwise complete. */
class BadLinesTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    private final List<String> told = new CopyOnWriteArrayList<>();

    @BeforeEach
    void bind() {
        context.getRegistry().bind("told", new Told());
    }

    @Test
    void areSetAsideAndTheOthersEmitted() throws Exception {
        String[] lines = lines(DAY, 300);
        lines[99] = "99 Luftballons";
        lines[199] = "{\"event\":\"x\"}";
        serve(lines);
        collect(uri(DAY, DAY, "repeatCount=1", "exceptionHandler=#told"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).hasSize(298);
        assertThat(received.get(99).header(MixpanelExportConstants.LINE)).isEqualTo(101L);
        assertThat(told)
                .containsExactly(
                        "Window 2026-10-05, line 100 is not an event (not a JSON object). It is in the quarantine"
                                + " folder; the other lines are emitted.",
                        "Window 2026-10-05, line 200 is not an event (a JSON object without \"properties\"). It is"
                                + " in the quarantine folder; the other lines are emitted.");
        assertThat(quarantine()).hasSize(1);
        assertThat(Files.readAllLines(quarantine().get(0))).containsExactly(lines[99], lines[199]);
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void includeNoControlCharacterInAString() throws Exception {
        String[] lines = lines(DAY, 300);
        for (int control = 0; control < ' '; control++) {
            lines[control] = withControl(lines[control], (char) control);
        }
        lines[199] = lines[199].replace("\"n\":199", "\"n\":\"\\u0000\"");
        lines[249] = "\0";
        serve(lines);
        collect(uri(DAY, DAY, "repeatCount=1", "exceptionHandler=#told"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        lines[249] = null;
        assertThat(bodies())
                .as("a line feed is written as an escape, as it ends the line")
                .containsExactlyElementsOf(Stream.of(lines).filter(Objects::nonNull).toList());
        assertThat(told)
                .singleElement()
                .asString()
                .startsWith("Window 2026-10-05, line 250 is not an event");
    }

    @Test
    void includeANumberThatNoReaderTakes() throws Exception {
        String[] lines = lines(DAY, 300);
        lines[99] = lines[99].replace("\"n\":99", "\"n\":1e2147483649");
        serve(lines);
        handle(
                uri(DAY, DAY, "repeatCount=1", "exceptionHandler=#told"),
                each -> {
                    each.getMessage().getBody(MixpanelEvent.class).getProperties();
                    received.add(Received.of(each));
                });
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).hasSize(299);
        assertThat(told)
                .singleElement()
                .asString()
                .contains("line 100", "a number with an exponent beyond 2147483647");
        assertThat(Files.readAllLines(quarantine().get(0))).containsExactly(lines[99]);
    }

    /** The event as Mixpanel exports it when a property holds the character. */
    private static String withControl(String line, char control) {
        String text = control == '\n' ? "\\n" : String.valueOf(control);
        return line.replace("{\"time\"", "{\"$carrier\":\"EXA" + text + "\",\"time\"");
    }

    @ParameterizedTest
    @CsvSource({"25, 51", "1000, 1001"})
    void includeNoControlCharacterWhereverItsLineIs(int at, int events) throws Exception {
        String[] lines = lines(DAY, events);
        lines[at] = withControl(lines[at], '\6');
        serve(lines);
        List<Object> carriers = new CopyOnWriteArrayList<>();
        handle(
                uri(DAY, DAY, "repeatCount=1"),
                each -> {
                    received.add(Received.of(each));
                    MixpanelEvent event = each.getMessage().getBody(MixpanelEvent.class);
                    JsonNode tree = each.getMessage().getBody(JsonNode.class);
                    String carrier = tree.at("/properties/$carrier").textValue();
                    if (carrier != null) {
                        carriers.add(event.getProperties().get("$carrier"));
                        carriers.add(carrier);
                    }
                });
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies()).containsExactly(lines);
        assertThat(carriers).containsExactly("EXA\6", "EXA\6");
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void failTheirWindowWhenToldSo() throws Exception {
        String[] lines = lines(DAY, 300);
        lines[99] = "99 Luftballons";
        serve(lines);
        collect(uri(DAY, DAY, "repeatCount=1", "exceptionHandler=#told", "onBadLine=FAIL"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).isEmpty();
        assertThat(told)
                .singleElement()
                .asString()
                .startsWith("Window 2026-10-05: line 100 (not a JSON object) is not an event");
        assertThat(quarantine()).isEmpty();
        assertThat(mixpanel.queries()).as("asking again would bring the same").hasSize(1);
    }

    @Test
    void areNotToleratedAbovePerCent() throws Exception {
        inOrder();
        String[] lines = lines(DAY, 300);
        for (int i = 0; i < 4; i++) {
            lines[i] = "broken";
        }
        serve(lines);
        mixpanel.addEvents(lines(DAY, 300));
        collect(uri(DAY, DAY, "repeatCount=1", "maxRetries=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies()).containsExactly(lines(DAY, 300));
        assertThat(quarantine()).isEmpty();
        assertThat(mixpanel.queries()).hasSize(2);
        assertThat(health().getMessage()).isEmpty();
    }

    @Test
    void areSetAsideWhateverTheirShareWhenTheSameAnswerComesAgainInAnotherOrder() throws Exception {
        List<String> lines = new ArrayList<>(List.of(lines(DAY, 270)));
        for (int i = 0; i < 30; i++) {
            lines.add("{\"event\":\"broken " + i);
        }
        List<String> events = lines.subList(0, 270);
        serve(lines.toArray(String[]::new));
        List<String> shuffled = new ArrayList<>(lines);
        Collections.shuffle(shuffled, new Random(1));
        serve(shuffled.toArray(String[]::new));
        collect(uri(DAY, DAY, "maxRetries=1", "delay=600000"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies()).containsExactlyInAnyOrderElementsOf(events);
        assertThat(mixpanel.queries()).hasSize(2);
        assertThat(quarantined())
                .containsExactlyInAnyOrderElementsOf(lines.subList(270, lines.size()));
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(health().getMessage())
                .hasValue(
                        "Window 2026-10-05: 30 bad lines beside 270 events. The bad lines are in"
                                + " the quarantine folder.");
    }

    @Test
    void areSetAsideWhenTheSameAnswerComesAgainAfterARestart() throws Exception {
        String[] lines = lines(DAY, 50);
        lines[49] = "broken";
        serve(lines);
        collect(uri(DAY, DAY, "maxRetries=0"));
        context.start();
        await().until(() -> health().getState() == HealthCheck.State.DOWN);
        assertThat(health().getMessage().orElseThrow()).contains("its last line is not an event");

        restart();
        serve(lines);
        collect(uri(DAY, DAY, "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        assertThat(bodies()).containsExactly(Arrays.copyOf(lines, 49));
        assertThat(mixpanel.queries()).hasSize(2);
        assertThat(quarantined()).containsExactly("broken");
    }

    @Test
    void doNotPassWithAnAnswerThatSaysItWasTerminated() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 300));
        List<String> lines = new ArrayList<>(List.of(lines(DAY, 300)));
        lines.add(150, "export terminated early");
        for (int i = 0; i < 3; i++) {
            serve(lines.toArray(String[]::new));
        }
        collect(uri(DAY, DAY, "repeatCount=1", "maxRetries=3"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(bodies()).containsExactly(lines(DAY, 300));
        assertThat(mixpanel.queries()).hasSize(4);
        assertThat(quarantine()).isEmpty();
    }

    @Test
    void includeLinesThatAreTooLong() throws Exception {
        String[] lines = lines(DAY, 300);
        lines[10] = lines[10].replace("\"n\":10", "\"n\":\"" + "x".repeat(5_000) + "\"");
        serve(lines);
        collect(uri(DAY, DAY, "repeatCount=1", "exceptionHandler=#told", "maxLineSize=4KB"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).hasSize(299);
        assertThat(told)
                .singleElement()
                .asString()
                .contains("line 11")
                .contains("longer than maxLineSize");
    }

    @Test
    void includeNothingElseThatIsOddInABody() throws Exception {
        String[] lines = lines(DAY, 300);
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        lines[150] = lines[150].replace("\"n\":150", "\"n\":" + deep);
        byte[] body =
                ('\ufeff' + String.join("\r\n", lines) + "\r\n")
                        .replace("\"n\":200", "\"n\":\"\u00e9\"")
                        .getBytes(StandardCharsets.UTF_8);
        int second = indexOf(body, (byte) 0xc3) + 1;
        body[second] = 'X'; // é was two bytes, now it is no UTF-8
        mixpanel.answer(Answer.body(body));
        List<byte[]> bytes = new CopyOnWriteArrayList<>();
        handle(
                uri(DAY, DAY, "repeatCount=1", "exceptionHandler=#told"),
                e -> bytes.add(e.getMessage().getBody(byte[].class)));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(told).singleElement().asString().contains("line 151", "is not an event");
        assertThat(bytes).hasSize(299);
        assertThat(bytes.get(0)).as("BOM and CR are off").asString().isEqualTo(lines[0]);
        assertThat(bytes.get(199)).as("kept as it came").contains(0xc3, 'X');
    }

    private static int indexOf(byte[] bytes, byte wanted) {
        int i = 0;
        while (bytes[i] != wanted) {
            i++;
        }
        return i;
    }

    @Test
    void areKeptForTheirOwnerAlone() throws Exception {
        String[] lines = lines(DAY, 300);
        lines[99] = "99 Luftballons";
        serve(lines);
        collect(uri(DAY, DAY, "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(quarantine()).hasSize(1);
        assertIsItsOwnersAlone(state());
    }

    private void serve(String[] lines) {
        mixpanel.answer(
                Answer.body((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private List<Path> quarantine() throws Exception {
        Path folder = exportFolder().resolve("quarantine");
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** The lines in the only file of them. */
    private List<String> quarantined() throws Exception {
        return Files.readAllLines(
                quarantine().stream()
                        .filter(file -> file.toString().endsWith(".g1.jsonl"))
                        .findFirst()
                        .orElseThrow());
    }

    private final class Told implements ExceptionHandler {

        @Override
        public void handleException(Throwable exception) {
            told.add(exception.getMessage());
        }

        @Override
        public void handleException(String message, Throwable exception) {
            told.add(exception.getMessage());
        }

        @Override
        public void handleException(String message, Exchange exchange, Throwable exception) {
            told.add(exception.getMessage());
        }
    }
}
