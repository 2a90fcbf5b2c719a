package io.github.camelmixpanel.export.internal.split;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.IncompleteExportException;
import io.github.camelmixpanel.export.failure.MalformedEventException;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.EventTime;
import io.github.camelmixpanel.export.option.OnBadLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyCheckTest {

    private static final Window WINDOW = Window.ofDay(LocalDate.of(2026, 10, 11));
    private static final ExportQuery ALL = new ExportQuery(List.of(), null, null, false, true);
    private static final EventScanner SCANNER =
            new EventScanner(new EventTime(ZoneId.of("UTC"), false), ALL);
    private static final String EVENT = "{\"event\":\"a\",\"properties\":{\"time\":1}}\n";

    private final List<String> bad = new ArrayList<>();
    private final Set<Long> fingerprints = new HashSet<>();

    @ParameterizedTest
    @CsvSource({"'', 0, 0", "E, 1, 1", "E~, 1, 1", "EE, 2, 2", "E\\n\\nE \\n, 5, 2"})
    void passesACompleteBody(String form, long lines, long events) throws Exception {
        assertThat(check(body(form))).isEqualTo(new BodyCounts(lines, events, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "terminated early",
                "export terminated early",
                "{\"error\": \"Timeout Error.\"}",
                "{\"error\":",
                "<html><body>502 Bad Gateway</body></html>",
                "error completing export request",
                "null",
                "[]"
            })
    void refusesABodyWhoseLastLineIsAMessageAndShowsIt(String message) {
        for (String form : List.of("%s", "%s\n", "%s\r\n\n", EVENT + "%s", EVENT + "%s\n\n \n")) {
            String body = String.format(form, message);
            assertThatThrownBy(() -> check(body))
                    .as(body)
                    .isInstanceOf(IncompleteExportException.class)
                    .hasMessageContainingAll(
                            "Window 2026-10-11", "last line", message, "exported again");
        }
    }

    @Test
    void refusesAMessageAfterAnyNumberOfEvents() {
        assertThatThrownBy(() -> check(EVENT.repeat(5_000) + "terminated early\n"))
                .isInstanceOf(IncompleteExportException.class)
                .hasMessageContainingAll("line 5001", "events before it: 5000");
    }

    @Test
    void passesTheSameWordsInsideAnEvent() throws Exception {
        String event =
                "{\"event\":\"terminated early\"," + "\"properties\":{\"x\":\"terminated early\"}}";

        assertThat(check(EVENT + event)).isEqualTo(new BodyCounts(2, 2, 0, 0));
    }

    @Test
    void refusesABodyCutAnywhereButAtALineEnd() throws Exception {
        byte[] body = (EVENT + "\n" + EVENT.replace("\"a\"", "\"bé\"") + EVENT).getBytes(UTF_8);
        for (int length = 1; length < body.length; length++) {
            byte[] cut = Arrays.copyOf(body, length);
            boolean atALineEnd = cut[length - 1] == '\n' || body[length] == '\n';
            Throwable thrown = catchThrowable(() -> check(cut, OnBadLine.QUARANTINE));
            if (atALineEnd) {
                assertThat(thrown).as("cut to %d bytes", length).isNull();
            } else {
                assertThat(thrown)
                        .as("cut to %d bytes", length)
                        .isInstanceOf(IncompleteExportException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", " \n\t", "\n\n\n", "\ufeff"})
    void refusesABodyThatHasBytesAndNoEvent(String body) {
        assertThatThrownBy(() -> check(body)).isInstanceOf(IncompleteExportException.class);
    }

    @ParameterizedTest
    @EnumSource
    void refusesMoreThanOneBadLineInAHundredWhateverTheOption(OnBadLine onBadLine) {
        String body = EVENT.repeat(98) + "x\n\n\n" + EVENT.repeat(100) + "y\n" + "z\n" + EVENT;

        assertThatThrownBy(() -> check(body.getBytes(UTF_8), onBadLine))
                .isInstanceOf(IncompleteExportException.class)
                .hasMessageContainingAll(
                        "Window 2026-10-11", "3 of 202", "1 %", "line 99 (invalid JSON");
    }

    @Test
    void passesOneBadLineInAHundredAndTellsOfIt() throws Exception {
        String body = EVENT.repeat(98) + "x\n" + EVENT;

        assertThat(check(body)).isEqualTo(new BodyCounts(100, 99, 1, 0));
        assertThat(bad).containsExactly("99 invalid JSON at column 2: x");
    }

    @Test
    void passesTheSameLinesTheSecondTimeWhateverTheirOrder() throws Exception {
        assertThatThrownBy(() -> check("x\n" + EVENT + "y\n"))
                .isInstanceOf(IncompleteExportException.class);
        assertThatThrownBy(() -> check("x\n" + EVENT + "z\n"))
                .isInstanceOf(IncompleteExportException.class);
        assertThatThrownBy(() -> check("x\n" + EVENT + EVENT + "y\n"))
                .isInstanceOf(IncompleteExportException.class);
        bad.clear();

        String reordered = "{\"properties\":{\"time\":1},\"event\":\"a\"}\n";
        assertThat(check("y\n" + reordered + "x\n")).isEqualTo(new BodyCounts(3, 1, 2, 0));
        assertThat(bad)
                .containsExactly("1 invalid JSON at column 2: y", "3 invalid JSON at column 2: x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "E{\"event\":\"a\",\"properties\":{\"time\":1\\n~",
                "Ex\\n~",
                "E\nterminated early\n",
                "Eexport terminated early\nE",
                "terminated early\nE",
                "E{\"error\":\"x\",\"status\":\"error\"}\n",
                "E {\"error\":\n",
                "E<html>\n</html>\n",
                "Eerror completing export request\n",
                "x\ny\n"
            })
    void neverPassesWhatIsCutOrNoExport(String form) {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> check(body(form)))
                    .isInstanceOf(IncompleteExportException.class);
        }
    }

    @Test
    void passesABrokenEventAloneTheSecondTime() throws Exception {
        String broken = "{\"event\":\"a\",\"properties\":{\"time\":01}}\n";

        assertThatThrownBy(() -> check(broken)).isInstanceOf(IncompleteExportException.class);
        assertThat(check(broken)).isEqualTo(new BodyCounts(1, 0, 1, 0));
    }

    @Test
    void refusesABodyThatSaysInTheMiddleThatItIsNotWhole() {
        assertThatThrownBy(
                        () ->
                                check(
                                        EVENT.repeat(150)
                                                + "export terminated early\n"
                                                + EVENT.repeat(150)))
                .isInstanceOf(IncompleteExportException.class)
                .hasMessageContainingAll("line 151", "export terminated early", "300");
    }

    @Test
    void doesNotCountBlankLinesForTheHundred() {
        String body = EVENT.repeat(97) + "x\n\n\n\n\n" + EVENT;

        assertThatThrownBy(() -> check(body))
                .isInstanceOf(IncompleteExportException.class)
                .hasMessageContaining("1 of 99");
    }

    @Test
    void failsACompleteBodyForABadLineWhenToldSo() {
        byte[] body = (EVENT.repeat(98) + "x\n" + EVENT).getBytes(UTF_8);

        assertThatThrownBy(() -> check(body, OnBadLine.FAIL))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContainingAll("Window 2026-10-11", "line 99", "onBadLine=FAIL");
    }

    @Test
    void takesALineThatIsTooLongForABadOne() throws Exception {
        String tooLong = EVENT.replace("\"a\"", "\"" + "a".repeat(1000) + "\"");

        assertThat(check(EVENT.repeat(98) + tooLong + EVENT).badLines()).isEqualTo(1);
        assertThat(bad).singleElement().asString().startsWith("99 longer than maxLineSize: {");
        assertThatThrownBy(() -> check(EVENT.repeat(200) + tooLong))
                .isInstanceOf(IncompleteExportException.class)
                .hasMessageContaining("line 201 (longer than maxLineSize)");
    }

    @Test
    void showsNoPartOfAnEventInItsMessage() {
        assertThatThrownBy(() -> check(EVENT + "{\"event\":\"a\",\"properties\":{\"phone\":\"0151"))
                .hasMessageContaining("JSON ends early at column 41")
                .hasMessageNotContaining("0151");
    }

    @Test
    void showsTwoHundredCharactersOfAMessageAndNoControls() {
        String message = "<html>\u001b[31m\r\u2028" + "x".repeat(300);

        assertThatThrownBy(() -> check(message + "\n"))
                .hasMessageContaining("<html>?[31m??" + "x".repeat(187) + ";")
                .hasMessageNotContaining("x".repeat(188));
    }

    /** A hot shard holds whatever its user did; only the names asked for are taken. */
    @Test
    void countsEventsOfAHotShardThatWereNotAskedForApart() throws Exception {
        ExportQuery query = new ExportQuery(List.of("a", "buy"), null, null, false, true);
        EventScanner scanner = new EventScanner(new EventTime(ZoneId.of("UTC"), false), query);
        String hot =
                "{\"event\":\"$hotshard_events\",\"properties\":{\"mp_original_event_name\":\"%s\"}}\n";
        String body =
                EVENT.repeat(60) + "x\n" + hot.formatted("buy") + hot.formatted("view").repeat(50);
        List<Long> taken = new ArrayList<>();

        try (LineReader lines = lines(body.getBytes(UTF_8))) {
            BodyCounts counts =
                    BodyCheck.check(
                            WINDOW,
                            OnBadLine.QUARANTINE,
                            lines,
                            scanner,
                            BodyOffsets.NONE,
                            BadLines.IGNORE,
                            () -> false,
                            event -> taken.add(event.line()));
            assertThat(counts).isEqualTo(new BodyCounts(112, 61, 1, 50));
        }
        assertThat(taken).hasSize(61).contains(62L);
    }

    private static String body(String form) {
        String body = form.replace("E", EVENT).replace("\\n", "\n");
        return body.endsWith("~") ? body.substring(0, body.length() - 2) : body;
    }

    private BodyCounts check(String body) throws IOException, ExportException {
        return check(body.getBytes(UTF_8), OnBadLine.QUARANTINE);
    }

    private BodyCounts check(byte[] body, OnBadLine onBadLine) throws IOException, ExportException {
        try (LineReader lines = lines(body)) {
            return BodyCheck.check(
                    WINDOW,
                    onBadLine,
                    lines,
                    SCANNER,
                    BodyOffsets.NONE,
                    (line, reason, bytes) ->
                            bad.add(line + " " + reason + ": " + new String(bytes, UTF_8)),
                    () -> !fingerprints.add(fingerprint(body)),
                    event -> {});
        }
    }

    private static long fingerprint(byte[] body) throws IOException {
        try (LineReader lines = lines(body)) {
            return BodyCheck.fingerprint(lines);
        }
    }

    private static LineReader lines(byte[] body) {
        return new LineReader(new ByteArrayInputStream(body), 500);
    }
}
