package io.github.camelmixpanel.export.split;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.ExportQuery;
import io.github.camelmixpanel.export.model.SpoolException;
import java.io.ByteArrayInputStream;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventReaderTest {

    private static final ExportQuery ALL = new ExportQuery(List.of(), null, null, false, true);
    private static final EventScanner SCANNER =
            new EventScanner(new EventTime(ZoneId.of("UTC"), false), ALL);
    private static final String BODY =
            """
            {"event":"a","properties":{}}

            garbage
            \t\s
            {"event":"b","properties":{}}
            {"event":"too long","properties":{"x":"0123456789"}}
            {"event":"c","properties":{}}""";

    private final List<String> bad = new ArrayList<>();

    @Test
    void givesEventsInOrderAndReportsBadLinesInBetween() throws Exception {
        try (EventReader reader = reader(BODY)) {
            assertThat(rest(reader)).containsExactly("1 a", "5 b", "7 c");
            assertThat(bad)
                    .containsExactly(
                            "3 no valid JSON at column 8: garbage",
                            "6 longer than maxLineSize: "
                                    + "{\"event\":\"too long\",\"properties\":{\"x");
            assertThat(reader.lineNumber()).isEqualTo(7);
        }
    }

    @Test
    void goesOnFromALineWithoutALookAtThoseBefore() throws Exception {
        try (EventReader reader = reader(BODY)) {
            reader.skipTo(5, () -> true);
            assertThat(bad).isEmpty();
            assertThat(rest(reader)).containsExactly("5 b", "7 c");
        }
    }

    @Test
    void goesNotBackAndNotPastTheEnd() throws Exception {
        try (EventReader reader = reader(BODY)) {
            reader.next();
            reader.skipTo(1, () -> true);
            assertThat(reader.next().name()).isEqualTo("b");
            reader.skipTo(1000, () -> true);
            assertThat(reader.next()).isNull();
            assertThat(reader.lineNumber()).isEqualTo(7);
        }
    }

    @Test
    void endsWhenABadLineCannotBeSetAside() throws Exception {
        BadLines full =
                (line, reason, bytes) -> {
                    throw new SpoolException("disk full");
                };
        try (EventReader reader = new EventReader(lines("x\n"), SCANNER, full)) {
            assertThatThrownBy(reader::next).isInstanceOf(SpoolException.class);
        }
    }

    private EventReader reader(String body) {
        return new EventReader(
                lines(body),
                SCANNER,
                (line, reason, bytes) ->
                        bad.add(line + " " + reason + ": " + new String(bytes, UTF_8)));
    }

    private static LineReader lines(String body) {
        return new LineReader(new ByteArrayInputStream(body.getBytes(UTF_8)), 36);
    }

    private static List<String> rest(EventReader reader) throws Exception {
        List<String> events = new ArrayList<>();
        for (ExportEvent event; (event = reader.next()) != null; ) {
            events.add(event.line() + " " + event.name());
        }
        return events;
    }
}
