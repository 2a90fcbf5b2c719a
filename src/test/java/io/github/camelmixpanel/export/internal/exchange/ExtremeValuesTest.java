package io.github.camelmixpanel.export.internal.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.MixpanelEvent;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.EventTime;
import io.github.camelmixpanel.export.internal.split.scan.NotAnEvent;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * JSON that is correct and beyond what readers of JSON take: a line with it is an event that every
 * reader can read, or no event. Which exponent is the last one that can be read depends on the JDK
 * by one.
 */
class ExtremeValuesTest {

    private static final EventScanner SCANNER =
            new EventScanner(
                    new EventTime(ZoneOffset.UTC, false),
                    new ExportQuery(List.of(), null, null, false, true));

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("1e2147483647", true),
                Arguments.of("1e2147483649", false),
                Arguments.of("-1E+2147483649", false),
                Arguments.of("0e2147483649", false),
                Arguments.of("0.5e2147483650", false),
                Arguments.of("1e-2147483647", true),
                Arguments.of("1e-2147483649", false),
                Arguments.of("1e9223372036854775808", false),
                Arguments.of("1e" + "9".repeat(90), false),
                Arguments.of("1e" + "9".repeat(900), false),
                Arguments.of("1e" + "0".repeat(80) + "1", true),
                Arguments.of("0e0", true),
                Arguments.of("-0", true),
                Arguments.of("-0.0e-0", true),
                Arguments.of("9".repeat(101), true),
                Arguments.of("-" + "9".repeat(999), true),
                Arguments.of("9".repeat(100_000), false),
                Arguments.of("0." + "9".repeat(998), true),
                Arguments.of("0." + "9".repeat(100_000), false),
                Arguments.of("[".repeat(900) + "]".repeat(900), true),
                Arguments.of("[".repeat(100_000) + "]".repeat(100_000), false),
                Arguments.of("{\"a\":".repeat(900) + "1" + "}".repeat(900), true),
                Arguments.of("{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000), false),
                Arguments.of("{\"" + "n".repeat(49_000) + "\":1}", true),
                Arguments.of("{\"" + "n".repeat(60_000) + "\":1}", false));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("values")
    void areReadByAllOrByNone(String value, boolean event) throws Exception {
        for (String line : lines(value)) {
            String what = line.substring(0, Math.min(100, line.length()));

            assertThat(isReadable(line)).as(what).isEqualTo(event);
        }
    }

    /** The value in each place where it may be. */
    private static List<String> lines(String value) {
        List<String> lines = new ArrayList<>();
        lines.add("{\"event\":%s,\"properties\":{}}".formatted(value));
        lines.add("{\"event\":\"a\",\"x\":%s,\"properties\":{}}".formatted(value));
        lines.add("{\"event\":\"a\",\"properties\":{\"x\":[1,{\"y\":%s}]}}".formatted(value));
        for (String name :
                List.of("time", "distinct_id", "$insert_id", "mp_processing_time_ms", "x")) {
            lines.add("{\"event\":\"a\",\"properties\":{\"%s\":%s}}".formatted(name, value));
        }
        return lines;
    }

    /** False when it is no event; fails when it is one that cannot be read. */
    private static boolean isReadable(String line) throws IOException {
        MixpanelEvent event;
        try {
            event = new EventBody(SCANNER.scan(1, line.getBytes(UTF_8)), null);
        } catch (NotAnEvent e) {
            assertThat(e.getMessage()).hasSizeLessThan(200);
            return false;
        }
        assertThat(event).containsKey("event");
        assertThat(event.toTree().has("event")).isTrue();
        return true;
    }
}
