package io.github.camelmixpanel.export.internal.dedupe.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import io.github.camelmixpanel.export.internal.split.RandomLines;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.EventTime;
import io.github.camelmixpanel.export.internal.split.scan.NotAnEvent;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentHashTest {

    private static final String EVENT =
            """
            {"event":"purchase","properties":{"time":1790000001,"distinct_id":"user-1",\
            "$insert_id":"id0001","mp_processing_time_ms":1790000001900,"amount":10,\
            "note":"a \\" , } b","cart":{"items":[1,{"a":"}"}],"n":null},"empty":""}}""";

    private static int hash(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        byte[] block = ("}\n" + line + "\n{\"x\":").getBytes(StandardCharsets.UTF_8);
        int hash = new ContentHash().of(bytes, 0);
        if (hash != KeyMaker.UNKNOWN) { // a line that was checked
            assertThat(new ContentHash().of(block, 2)).as("among others").isEqualTo(hash);
        }
        return hash;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                {"properties":{"empty":"","cart":{"items":[1,{"a":"}"}],"n":null},"amount":10,\
                "time":1790000001,"note":"a \\" , } b"},"event":"purchase"}""",
                """
                {"event":"$hotshard_events","properties":{"time":1790000001000,"distinct_id":"merged",\
                "$distinct_id_before_identity":"user-1","$is_reshuffled":true,\
                "$mp_api_timestamp_ms":1790000002900,"mp_original_event_name":"purchase","amount":10,\
                "note":"a \\" , } b","cart":{"items":[1,{"a":"}"}],"n":null},"empty":""}}""",
                """
                { "properties" : { "time" : 1 , "amount":10 , "note":"a \\" , } b" ,\t"empty":"", \
                "cart":{"items":[1,{"a":"}"}],"n":null} } , "event" : "purchase" }\s""",
            })
    void isTheSameInAnyOrderAndWhateverMixpanelAdds(String line) {
        assertThat(hash(line)).isEqualTo(hash(EVENT)).isNotEqualTo(KeyMaker.UNKNOWN);
    }

    @Test
    void isAnotherOneWhereAnyOtherPropertyIs() {
        Set<Integer> found = new HashSet<>(Set.of(hash(EVENT)));
        for (String[] change :
                new String[][] {
                    {"\"amount\":10", "\"amount\":25"},
                    {"\"amount\":10", "\"amounts\":10"},
                    {"\"amount\":10,", ""},
                    {"\"amount\":10", "\"amount\":10,\"mp\":1"},
                    {"} b", "} c"},
                    {"\"n\":null", "\"n\":0"},
                    {"\"empty\":\"\"", "\"empty\":null"},
                    {"\"empty\":\"\"", "\"empty\":\"        \""},
                }) {
            assertThat(EVENT).contains(change[0]);
            assertThat(found.add(hash(EVENT.replace(change[0], change[1])))).as(change[1]).isTrue();
        }
    }

    @Test
    void isTheSameOfOneValueOnlyUnderItsName() {
        assertThat(hash("{\"event\":\"a\",\"properties\":{\"x\":1,\"y\":2}}"))
                .isNotEqualTo(hash("{\"event\":\"a\",\"properties\":{\"x\":2,\"y\":1}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "u/1", "{", "{\"properties\":{\"a\":\""})
    void isUnknownOfWhatIsNoEvent(String line) {
        assertThat(hash(line)).isEqualTo(KeyMaker.UNKNOWN);
    }

    @Test
    void isKnownWithoutProperties() {
        assertThat(hash("{\"event\":\"a\",\"properties\":{}}")).isNotEqualTo(KeyMaker.UNKNOWN);
    }

    @Test
    void isTheSameWhereTheEventShowsItsProperties() throws Exception {
        EventScanner scanner =
                new EventScanner(
                        new EventTime(ZoneOffset.UTC, false),
                        new ExportQuery(List.of(), null, null, false, true));
        EventScanner.Lines lines = scanner.lines(BodyOffsets.NONE, BodyOffsets.NONE);
        ContentHash hash = new ContentHash();
        int shown = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            byte[] line = new RandomLines(new Random(seed)).next();
            ExportEvent event;
            try {
                event = lines.scan(seed + 1, line, 0, line.length);
            } catch (NotAnEvent e) {
                continue;
            }
            if (event.visitProperties((name, nameEnd, valueEnd) -> {})) {
                shown++;
                assertThat(hash.of(event))
                        .as("seed %d", seed)
                        .isEqualTo(new ContentHash().of(line, event.start()));
            }
        }
        assertThat(shown).isGreaterThan(2_000);
    }
}
