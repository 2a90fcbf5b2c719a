package io.github.camelmixpanel.export.internal.split.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ExportEvent.ReadTime;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import io.github.camelmixpanel.export.internal.split.RandomLines;
import io.github.camelmixpanel.export.testkit.FullBuild;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scanner agrees with a full parse of the line into a tree. */
class EventScannerDifferenceTest {

    private static final int LINES = FullBuild.IS_RUNNING ? 200_000 : 50_000;

    /** Keeps decimals as they are; one with an exponent beyond 2^31 is refused. */
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private final EventTime eventTime = new EventTime(ZoneId.of("America/New_York"), false);
    private final EventScanner scanner =
            new EventScanner(eventTime, new ExportQuery(List.of(), null, null, false, true));

    @Test
    void agreesWithAFullParseOnEveryLine() throws Exception {
        int events = 0;
        for (int seed = 0; seed < LINES; seed++) {
            byte[] line = new RandomLines(new Random(seed)).next();
            ExportEvent event = scan(line);
            if ((event != null) != (parse(line) != null)) {
                fail(what(seed, line) + ": event by the scanner only, or by the parser only");
            }
            if (event != null) {
                events++;
                assertSameFields(event, line, what(seed, line));
            }
        }
        assertThat(events).isBetween(LINES / 4, LINES * 3 / 4);
    }

    private void assertSameFields(ExportEvent event, byte[] line, String what) throws IOException {
        ObjectNode expected = parse(line);
        JsonNode properties = expected.get("properties");
        assertSame(event.name(), expected.get("event"), what);
        assertSame(event.distinctId(), properties.get("distinct_id"), what);
        assertSame(event.insertId(), properties.get("$insert_id"), what);
        assertThat(new ReadTime(event.time(), event.rawTimeSeconds()))
                .as(what)
                .isEqualTo(time(properties.get("time")));
    }

    private static String what(int seed, byte[] line) {
        return "seed " + seed + ": " + new String(line, UTF_8);
    }

    private ExportEvent scan(byte[] line) {
        try {
            return scanner.scan(2, line);
        } catch (NotAnEvent e) {
            return null;
        }
    }

    /** The line as a tree if it is an event: bytes that are no UTF-8 replaced. */
    private static ObjectNode parse(byte[] line) throws IOException {
        String text = new String(line, UTF_8);
        try {
            // of bytes, Jackson may take a name with 0xFF in it for another one
            boolean filler = new String(line, ISO_8859_1).indexOf(0xff) >= 0;
            return shaped(filler ? MAPPER.readTree(text) : MAPPER.readTree(line));
        } catch (NumberFormatException exponentTooBig) {
            return null;
        } catch (JsonProcessingException refused) {
            try {
                return text.contains("\ufffd") ? shaped(MAPPER.readTree(text)) : null;
            } catch (JsonProcessingException | NumberFormatException e) {
                return null;
            }
        }
    }

    private static ObjectNode shaped(JsonNode node) {
        return node instanceof ObjectNode object
                        && object.has("event")
                        && object.path("properties").isObject()
                ? object
                : null;
    }

    private static void assertSame(String found, JsonNode expected, String what) {
        if (expected != null && expected.isNumber()) {
            assertThat(new BigDecimal(found))
                    .as(what)
                    .isEqualByComparingTo(expected.decimalValue());
        } else if (expected == null || expected.isNull() || expected.isContainerNode()) {
            assertThat(found).as(what).isNull();
        } else {
            assertThat(found).as(what).isEqualTo(expected.asText());
        }
    }

    private ReadTime time(JsonNode node) {
        if (node == null || !node.isValueNode() || node.isNull()) {
            return ReadTime.NONE;
        }
        return eventTime.of(node.isNumber() ? node.decimalValue().toString() : node.asText());
    }
}
