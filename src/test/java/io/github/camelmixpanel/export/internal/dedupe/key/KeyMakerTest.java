package io.github.camelmixpanel.export.internal.dedupe.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import io.github.camelmixpanel.export.internal.split.BadLines;
import io.github.camelmixpanel.export.internal.split.EventReader;
import io.github.camelmixpanel.export.internal.split.LineReader;
import io.github.camelmixpanel.export.internal.split.RandomLines;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.EventTime;
import io.github.camelmixpanel.export.internal.split.scan.ParsedEvent;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.ByteArrayInputStream;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyMakerTest {

    private static final long TIME = 1602611311;
    private static final int DAY = DedupeKey.dayOf(LocalDate.of(2020, 10, 13));

    private final KeyMaker mixpanel = new KeyMaker(DedupeRecipe.MIXPANEL);
    private final KeyMaker insertId = new KeyMaker(DedupeRecipe.INSERT_ID);

    /** Worked out by another program: a change here makes all keys on disk worthless. */
    @Test
    void neverChangesTheRecipes() {
        ExportEvent event = event("Signed up", TIME, "u-1", "hpuDqcvpltpCj");

        assertThat(mixpanel.keyOf(event).hex()).isEqualTo("fc16d92c6ec31b49f3c18653c1324059");
        assertThat(insertId.keyOf(event).hex()).isEqualTo("040fffd55f22637222a0005a6890cc40");
        assertThat(mixpanel.keyOf(event("Käufe \ud83d\uded2", -1L, "", "x")).hex())
                .isEqualTo("fecbdd80c817c735349bed9508e16ab5");
        assertThat(mixpanel.keyOf(event(null, 0L, null, "x")).hex())
                .isEqualTo("417e1c50da0807948b5e71773dec4fa4");
        assertThat(mixpanel.keyOf(event("n".repeat(5000), TIME, "d".repeat(1000) + "é", "i")).hex())
                .isEqualTo("3d42f051478aa557714553e48cc9a549");
        ExportEvent withoutId =
                line(
                        "{\"event\":\"Signed up\",\"properties\":{\"time\":1602611311}}",
                        "Signed up",
                        TIME,
                        "u-1",
                        null);
        assertThat(mixpanel.keyOf(withoutId).hex()).isEqualTo("64f4871fe69e6619644fbcdde5e9249d");
        assertThat(insertId.keyOf(withoutId).hex()).isEqualTo("64f4871fe69e6619644fbcdde5e9249d");
    }

    @Test
    void takesTheDayOfTheRawTime() {
        assertThat(mixpanel.keyOf(event("a", TIME, "u", "i")).keyDay()).isEqualTo(DAY);
        assertThat(mixpanel.keyOf(event("a", DAY * 86400L, "u", "i")).keyDay()).isEqualTo(DAY);
        assertThat(mixpanel.keyOf(event("a", DAY * 86400L - 1, "u", "i")).keyDay())
                .isEqualTo(DAY - 1);
        assertThat(mixpanel.keyOf(event("a", -1L, "u", "i")).keyDay()).isEqualTo(-1);
        assertThat(mixpanel.keyOf(event("a", TIME, "u", null)).keyDay()).isEqualTo(DAY);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -62_167_219_201L, 253_402_300_800L, Long.MAX_VALUE})
    void givesNoDayToATimeBeyondFourDigitYears(long time) {
        assertThat(mixpanel.keyOf(event("a", time, "u", "i")).keyDay())
                .isEqualTo(DedupeKey.UNDATED);
    }

    @Test
    void givesNoDayToAnEventWithoutTime() {
        assertThat(mixpanel.keyOf(event("a", null, "u", "i")).keyDay())
                .isEqualTo(DedupeKey.UNDATED);
        assertThat(mixpanel.keyOf(event("a", -62_167_219_200L, "u", "i")).keyDay())
                .isEqualTo(DedupeKey.dayOf(LocalDate.of(0, 1, 1)));
        assertThatThrownBy(() -> new DedupeKey(1, 2, Integer.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void looksAtEachFieldOfTheRecipe() {
        assertThat(
                        keys(
                                mixpanel,
                                event("a", TIME, "u", "i"),
                                event("b", TIME, "u", "i"),
                                event("a", TIME + 1, "u", "i"),
                                event("a", TIME, "v", "i"),
                                event("a", TIME, "u", "j")))
                .hasSize(5);
        assertThat(keys(insertId, event("a", TIME, "u", "i"), event("a", TIME, "v", "i")))
                .hasSize(1);
        assertThat(
                        keys(
                                insertId,
                                event("a", TIME, "u", "i"),
                                event("b", TIME, "u", "i"),
                                event("a", TIME + 1, "u", "i"),
                                event("a", TIME, "u", "j")))
                .hasSize(4);
    }

    @Test
    void doesNotMixUpNeighbouringFields() {
        assertThat(
                        keys(
                                mixpanel,
                                event("a", TIME, "bc", "d"),
                                event("a", TIME, "b", "cd"),
                                event("a", TIME, "", "bcd"),
                                event("ab", TIME, "c", "d"),
                                event("", TIME, "ab", "cd")))
                .hasSize(5);
    }

    @Test
    void tellsWhatIsMissingFromWhatIsEmpty() {
        assertThat(
                        keys(
                                mixpanel,
                                event("a", TIME, null, "i"),
                                event("a", TIME, "", "i"),
                                event(null, TIME, "", "i"),
                                event("", TIME, "", "i")))
                .hasSize(4);
    }

    @Test
    void tellsUnpairedSurrogatesApart() {
        assertThat(
                        keys(
                                mixpanel,
                                event("a", TIME, "\ud83d", "i"),
                                event("a", TIME, "\ud83e", "i"),
                                event("a", TIME, "\uded2", "i"),
                                event("a", TIME, "?", "i")))
                .hasSize(4);
    }

    /** The same fields, and yet two events: only their lines differ. */
    @Test
    void takesTheWholeLineWhereTheFieldsMayNotTell() {
        for (KeyMaker maker : Set.of(mixpanel, insertId)) {
            assertDiffersByLine(maker, "a", null, "u", "i");
            assertDiffersByLine(maker, "a", TIME, "u", null);
            assertDiffersByLine(maker, "a", TIME, "u", "");
            assertDiffersByLine(maker, "a\ufffd", TIME, "u", "i");
            assertDiffersByLine(maker, "a", TIME, "u", "\ufffd");
        }
        assertDiffersByLine(mixpanel, "a", TIME, "\ufffd", "i");
        assertThat(
                        keys(
                                insertId,
                                line("{1}", "a", TIME, "\ufffd", "i"),
                                line("{2}", "a", TIME, "\ufffd", "i")))
                .hasSize(1);
        assertThat(
                        keys(
                                mixpanel,
                                line("{1}", "a", TIME, "u", "i"),
                                line("{2}", "a", TIME, "u", "i")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'properties':{'b':[{'y':1,'x':2},'}'],'a':{'d':'\\\\','c':null}},'event':'a'}",
                "{'event':'a','properties':{'a':{'c':null,'d':'\\\\'},'b':[{'y':1,'x':2},'}']}}",
                " { 'event' : 'a' , 'properties' : { 'a' : { 'd' : '\\\\' , 'c' : null },"
                        + " 'b':[{'y':1,'x':2},'}'] } } \t"
            })
    void doesNotDependOnTheOrderOfMembersInAWholeLine(String json) {
        String sorted =
                "{'event':'a','properties':{'a':{'c':null,'d':'\\\\'},'b':[{'y':1,'x':2},'}']}}";

        assertThat(mixpanel.keyOf(line(quoted(json), "a", TIME, "u", null)))
                .isEqualTo(mixpanel.keyOf(line(quoted(sorted), "a", TIME, "u", null)));
    }

    @Test
    void dependsOnTheValuesInAWholeLine() {
        assertThat(
                        Stream.of(
                                        "{'a':1,'b':2}",
                                        "{'a':2,'b':1}",
                                        "{'a':{'b':2}}",
                                        "{'a':{},'b':2}",
                                        "{'a':[1,2]}",
                                        "{'a':[2,1]}",
                                        "{'a':'1','b':2}",
                                        "{'a':1,'a':2}",
                                        "{'a':2,'a':1}",
                                        "{}")
                                .map(json -> line(quoted(json), "a", TIME, "u", null))
                                .map(mixpanel::keyOf))
                .doesNotHaveDuplicates();
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }

    @Test
    void isTheSameHoweverTheTimeIsWrittenAndWhateverTheZone() throws Exception {
        Set<DedupeKey> keys = new HashSet<>();
        for (String time : new String[] {"1602611311", "1602611311.25", "\"1602611311\""}) {
            keys.add(scanned(time, "UTC", false));
            keys.add(scanned(time, "America/New_York", false));
        }
        keys.add(scanned("1602611311999", "UTC", true));
        keys.add(scanned("1602611311999", "America/New_York", true));
        keys.add(scanned("\"2020-10-13T17:48:31\"", "America/New_York", false));

        assertThat(keys).hasSize(1);
    }

    @Test
    void writesAKeyAsThirtyTwoDigits() {
        assertThat(new DedupeKey(1, -2, 0).hex()).isEqualTo("0000000000000001fffffffffffffffe");
    }

    private DedupeKey scanned(String time, String zone, boolean timeInMs) throws Exception {
        String json =
                "{\"event\":\"a\",\"properties\":{\"time\":"
                        + time
                        + ",\"distinct_id\":\"u\",\"$insert_id\":\"i\"}}";
        return mixpanel.keyOf(
                new EventScanner(
                                new EventTime(ZoneId.of(zone), timeInMs),
                                new ExportQuery(List.of(), null, null, timeInMs, true))
                        .scan(1, json.getBytes(UTF_8)));
    }

    private static void assertDiffersByLine(
            KeyMaker maker, String name, Long time, String distinctId, String insertId) {
        assertThat(
                        keys(
                                maker,
                                line("{1}", name, time, distinctId, insertId),
                                line("{1}", name, time, distinctId, insertId),
                                line("{2}", name, time, distinctId, insertId)))
                .hasSize(2);
    }

    @Test
    void givesARewrittenEventAnIdentityThatTells() {
        KeyMaker mixpanel = new KeyMaker(DedupeRecipe.MIXPANEL);
        KeyMaker insertId = new KeyMaker(DedupeRecipe.INSERT_ID);
        ExportEvent before = event("a", 1L, "u", "i");

        assertThat(identity(mixpanel, event("a", 1L, "v", "i")))
                .isPositive()
                .isEqualTo(identity(mixpanel, before))
                .isNotEqualTo(identity(mixpanel, event("a", 1L, "u", "j")))
                .isNotEqualTo(identity(mixpanel, event("a", 2L, "u", "i")))
                .isNotEqualTo(identity(mixpanel, event("b", 1L, "u", "i")));
        assertThat(identity(insertId, event("a", 1L, "u", "i")))
                .isPositive()
                .isEqualTo(identity(insertId, event("b", 2L, "u", "j")))
                .isNotEqualTo(identity(insertId, event("a", 1L, "v", "i")))
                .isNotEqualTo(identity(insertId, event("a", 1L, "", "i")))
                .isNotEqualTo(identity(insertId, event("a", 1L, null, "i")));
    }

    @Test
    void givesNoIdentityToAnEventThatIsComparedByItsWholeLine() {
        for (DedupeRecipe recipe : DedupeRecipe.values()) {
            KeyMaker maker = new KeyMaker(recipe);
            assertThat(identity(maker, event("a", 1L, "u", null))).isZero();
            assertThat(identity(maker, event("a", null, "u", "i"))).isZero();
            assertThat(identity(maker, event("a\ufffd", 1L, "u", "i"))).isZero();
        }
    }

    /** Whether its texts come as strings or are copied from where its line stands. */
    @Test
    void makesTheSameOfAnEventHoweverItIsHeld() throws Exception {
        int known = 0;
        for (int seed = 0; seed < 200; seed++) {
            byte[] body = new RandomLines(new Random(seed)).body(50);
            LineReader lines = new LineReader(new ByteArrayInputStream(body), 10_000);
            EventReader events =
                    new EventReader(
                            lines,
                            new EventScanner(
                                    new EventTime(ZoneOffset.UTC, false),
                                    new ExportQuery(List.of(), null, null, false, true)),
                            BadLines.IGNORE);
            for (ExportEvent event; (event = events.next()) != null; ) {
                for (DedupeRecipe recipe : DedupeRecipe.values()) {
                    KeyMaker maker = new KeyMaker(recipe);
                    KeyMaker ofStrings = new KeyMaker(recipe);

                    assertThat(maker.keyOf(event)).isEqualTo(ofStrings.keyOf(parsed(event)));
                    assertThat(maker.mark()).isEqualTo(ofStrings.mark());
                    known += maker.mark() == KeyMaker.UNKNOWN ? 0 : 1;
                }
            }
        }
        assertThat(known).isGreaterThan(2_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {900, 995, 1_000, 1_010, 1_020, 1_024, 3_000})
    void makesTheSameOfTextsLongerThanItsRoom(int length) throws Exception {
        String json =
                "{\"event\":\"%s\",\"properties\":{\"time\":1,\"distinct_id\":\"u\",\"$insert_id\":\"%s\"}}"
                        .formatted("n".repeat(length), "i".repeat(length));
        ExportEvent event =
                new EventScanner(
                                new EventTime(ZoneOffset.UTC, false),
                                new ExportQuery(List.of(), null, null, false, true))
                        .scan(1, json.getBytes(UTF_8));
        KeyMaker ofStrings = new KeyMaker(DedupeRecipe.MIXPANEL);

        assertThat(mixpanel.keyOf(event)).isEqualTo(ofStrings.keyOf(parsed(event)));
        assertThat(mixpanel.mark()).isEqualTo(ofStrings.mark());
    }

    private static ExportEvent parsed(ExportEvent event) {
        return new ParsedEvent(
                event.line(),
                event.json(),
                event.name(),
                event.originalName(),
                event.distinctId(),
                event.insertId(),
                event.readTime(),
                event.processed());
    }

    private static int identity(KeyMaker maker, ExportEvent event) {
        maker.keyOf(event);
        return maker.identity();
    }

    private static Set<DedupeKey> keys(KeyMaker maker, ExportEvent... events) {
        Set<DedupeKey> keys = new HashSet<>();
        for (ExportEvent event : events) {
            keys.add(maker.keyOf(event));
        }
        return keys;
    }

    private static ExportEvent event(String name, Long time, String distinctId, String insertId) {
        return line("{}", name, time, distinctId, insertId);
    }

    private static ExportEvent line(
            String json, String name, Long time, String distinctId, String insertId) {
        return new ParsedEvent(
                1,
                json.getBytes(UTF_8),
                name,
                null,
                distinctId,
                insertId,
                new ExportEvent.ReadTime(null, time),
                null);
    }
}
