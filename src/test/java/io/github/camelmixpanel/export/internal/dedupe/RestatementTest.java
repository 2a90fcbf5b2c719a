package io.github.camelmixpanel.export.internal.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.split.scan.ParsedEvent;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What changed from one export of a day to the next. */
class RestatementTest {

    private static final LocalDate DAY = Keys.DAY;
    private static final Window WINDOW = Window.ofDay(DAY);
    private static final long SEED = 7_311;

    @TempDir Path state;

    private int generation;

    private record Changes(long newKeys, long known, long vanished, long rewritten) {}

    /** A row of an export: whose it is, and which event. */
    private static ExportEvent row(String distinctId, String insertId) {
        byte[] json = (distinctId + "/" + insertId).getBytes();
        long time = DAY.toEpochDay() * 86_400 + 5;
        return new ParsedEvent(
                1,
                json,
                "a",
                null,
                distinctId,
                insertId,
                new ExportEvent.ReadTime(null, time),
                null);
    }

    /** A row with another property. */
    private static ExportEvent row(String distinctId, String insertId, int amount) {
        ExportEvent plain = row(distinctId, insertId);
        return new ParsedEvent(
                1,
                ("{\"event\":\"a\",\"properties\":{\"amount\":" + amount + "}}").getBytes(),
                plain.name(),
                null,
                distinctId,
                insertId,
                plain.readTime(),
                null);
    }

    private KeyFiles open(DedupeRecipe recipe) throws Exception {
        return KeyFiles.open(state.resolve(recipe.name()), recipe, 16 * 32, Disk.REAL);
    }

    private Changes export(DedupeRecipe recipe, ExportEvent... rows) throws Exception {
        return export(recipe, Set.of(DAY), Arrays.asList(rows));
    }

    private Changes export(DedupeRecipe recipe, Set<LocalDate> wholeDays, List<ExportEvent> rows)
            throws Exception {
        Duplicates found = compare(recipe, wholeDays, rows);
        return new Changes(
                found.newKeys(), found.alreadyEmitted(), found.vanished(), found.rewritten());
    }

    private long changed(DedupeRecipe recipe, ExportEvent... rows) throws Exception {
        return compare(recipe, Set.of(DAY), Arrays.asList(rows)).changed();
    }

    private Duplicates compare(
            DedupeRecipe recipe, Set<LocalDate> wholeDays, List<ExportEvent> rows)
            throws Exception {
        generation++;
        KeyMaker maker = new KeyMaker(recipe);
        try (KeyFiles files = open(recipe);
                KeyIndex index = files.newIndex()) {
            long line = 1;
            for (ExportEvent row : rows) {
                index.add(line++, maker.keyOf(row), maker.mark());
            }
            Duplicates found = Keys.duplicates(index, files, WINDOW, generation, wholeDays);
            files.commit(index, WINDOW, wholeDays);
            return found;
        }
    }

    @Test
    void findsARewriteByItsIdentityUnderAnUnchangedKey() throws Exception {
        DedupeRecipe recipe = DedupeRecipe.INSERT_ID;

        assertThat(export(recipe, row("u", "1"), row("u", "2"))).isEqualTo(changes(2, 0, 0, 0));
        assertThat(export(recipe, row("v", "1"), row("u", "2"))).isEqualTo(changes(0, 2, 0, 1));
        assertThat(export(recipe, row("v", "1"), row("u", "2")))
                .as("counted once")
                .isEqualTo(changes(0, 2, 0, 0));
        assertThat(export(recipe, row("u", "1"), row("u", "2"))).isEqualTo(changes(0, 2, 0, 1));
        assertThat(export(recipe, row(null, "1"), row("u", "2"))).isEqualTo(changes(0, 2, 0, 1));
    }

    @Test
    void findsARewriteAsAKeyThatWentAndOneThatCame() throws Exception {
        DedupeRecipe recipe = DedupeRecipe.MIXPANEL;

        assertThat(export(recipe, row("u", "1"), row("u", "2"))).isEqualTo(changes(2, 0, 0, 0));
        assertThat(export(recipe, row("v", "1"), row("u", "2"))).isEqualTo(changes(1, 1, 1, 1));
        assertThat(export(recipe, row("v", "1"), row("u", "2"), row("w", "3")))
                .isEqualTo(changes(1, 2, 0, 0));
        assertThat(export(recipe, row("u", "1"), row("u", "2"), row("w", "3")))
                .as("back again: the key is known, and the other one went")
                .isEqualTo(changes(0, 3, 1, 1));
    }

    @ParameterizedTest
    @EnumSource
    void takesAnEventThatStandsThereBeforeAndAfterAMergeForUnchanged(DedupeRecipe recipe)
            throws Exception {
        export(recipe, row("u", "1"));

        assertThat(export(recipe, row("v", "1"), row("u", "1")).rewritten()).isZero();
        boolean oneKey = recipe == DedupeRecipe.INSERT_ID;
        assertThat(export(recipe, row("v", "1")))
                .as("the old row is compacted away, %s", recipe)
                .isEqualTo(oneKey ? changes(0, 1, 0, 1) : changes(0, 1, 1, 0));
    }

    @ParameterizedTest
    @EnumSource
    void tellsOfWhatVanishedOnceAndTakesItBack(DedupeRecipe recipe) throws Exception {
        export(recipe, row("u", "1"), row("u", "2"), row("u", "3"));

        assertThat(export(recipe, row("u", "3"))).isEqualTo(changes(0, 1, 2, 0));
        assertThat(export(recipe, row("u", "3"))).isEqualTo(changes(0, 1, 0, 0));
        assertThat(export(recipe, row("u", "2"), row("u", "3"))).isEqualTo(changes(0, 2, 0, 0));
        assertThat(export(recipe)).isEqualTo(changes(0, 0, 2, 0));
        assertThat(export(recipe)).isEqualTo(changes(0, 0, 0, 0));
    }

    /** One that asks for what was processed lately holds only a part of its days. */
    @ParameterizedTest
    @EnumSource
    void takesNothingForGoneOfADayThatIsNotWhole(DedupeRecipe recipe) throws Exception {
        export(recipe, row("u", "1"), row("u", "2"));

        assertThat(export(recipe, Set.of(), List.of(row("u", "3")))).isEqualTo(changes(1, 0, 0, 0));
        assertThat(export(recipe, row("u", "1"), row("u", "2"), row("u", "3")))
                .isEqualTo(changes(0, 3, 0, 0));
    }

    @ParameterizedTest
    @EnumSource
    void takesNoEventWithoutAnInsertIdForRewritten(DedupeRecipe recipe) throws Exception {
        export(recipe, row("u", null), row("u", ""));

        assertThat(export(recipe, row("v", null), row("v", ""))).isEqualTo(changes(2, 0, 2, 0));
    }

    @ParameterizedTest
    @EnumSource
    void findsOtherContentUnderAKnownKeyOnce(DedupeRecipe recipe) throws Exception {
        assertThat(changed(recipe, row("u", "1", 10), row("u", "2", 10))).isZero();
        assertThat(changed(recipe, row("u", "1", 25), row("u", "2", 10))).isEqualTo(1);
        assertThat(changed(recipe, row("u", "1", 25), row("u", "2", 10))).isZero();
        assertThat(changed(recipe, row("u", "2", 10))).as("one that is gone").isZero();
        assertThat(changed(recipe, row("u", "1", 10), row("u", "2", 10))).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void findsOtherContentInOneBody(DedupeRecipe recipe) throws Exception {
        assertThat(changed(recipe, row("u", "1", 10), row("u", "1", 25), row("u", "1", 10)))
                .isEqualTo(1);
        assertThat(changed(recipe, row("u", "1", 25), row("u", "1", 10)))
                .as("both are there as before, in another order")
                .isZero();
        assertThat(changed(recipe, row("u", "1", 25)))
                .as("the one that counted was compacted away")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void doesNotKnowTheContentOfEventsWithoutAnInsertId(DedupeRecipe recipe) throws Exception {
        assertThat(changed(recipe, row("u", null, 10))).isZero();
        assertThat(changed(recipe, row("u", null, 25))).isZero();
    }

    @Test
    void knowsIdentityAndContentApart() throws Exception {
        DedupeRecipe recipe = DedupeRecipe.INSERT_ID;
        compare(recipe, Set.of(DAY), List.of(row("u", "1", 10)));

        Duplicates other = compare(recipe, Set.of(DAY), List.of(row("v", "1", 25)));
        assertThat(List.of(other.rewritten(), other.changed())).containsExactly(1L, 1L);
        Duplicates merged = compare(recipe, Set.of(DAY), List.of(row("w", "1", 25)));
        assertThat(List.of(merged.rewritten(), merged.changed())).containsExactly(1L, 0L);
        Duplicates corrected = compare(recipe, Set.of(DAY), List.of(row("w", "1", 10)));
        assertThat(List.of(corrected.rewritten(), corrected.changed())).containsExactly(0L, 1L);
    }

    /** Against sets in memory: events that come, go, come back and are rewritten at random. */
    @ParameterizedTest
    @EnumSource
    void countsWhatSetsInMemoryCount(DedupeRecipe recipe) throws Exception {
        Random random = new Random(SEED);
        Set<String> everSeen = new HashSet<>();
        Map<String, String> before = new HashMap<>();
        for (int round = 0; round < 12; round++) {
            Map<String, String> now = new HashMap<>();
            for (int event = 0; event < 300; event++) {
                String id = "i" + event;
                if (random.nextInt(10) > 0) {
                    String owner = before.getOrDefault(id, "u" + event % 7);
                    now.put(id, random.nextInt(8) == 0 ? "m" + random.nextInt(3) : owner);
                }
            }
            List<ExportEvent> rows = new ArrayList<>();
            now.forEach((id, owner) -> rows.add(row(owner, id)));
            rows.addAll(rows.subList(0, 20));

            assertThat(export(recipe, Set.of(DAY), rows))
                    .as("seed %d, round %d", SEED, round)
                    .isEqualTo(expected(recipe, before, now, everSeen));
            before = now;
        }
    }

    private static Changes expected(
            DedupeRecipe recipe,
            Map<String, String> before,
            Map<String, String> now,
            Set<String> everSeen) {
        boolean byInsertId = recipe == DedupeRecipe.INSERT_ID;
        long known = 0;
        long rewritten = 0;
        long vanished = 0;
        for (Map.Entry<String, String> event : now.entrySet()) {
            String key = byInsertId ? event.getKey() : event.toString();
            known += everSeen.add(key) ? 0 : 1;
            String owner = before.get(event.getKey());
            rewritten += owner != null && !owner.equals(event.getValue()) ? 1 : 0;
        }
        for (Map.Entry<String, String> event : before.entrySet()) {
            String owner = now.get(event.getKey());
            vanished += owner == null || !byInsertId && !owner.equals(event.getValue()) ? 1 : 0;
        }
        return new Changes(now.size() - known, known, vanished, rewritten);
    }

    private static Changes changes(long newKeys, long known, long vanished, long rewritten) {
        return new Changes(newKeys, known, vanished, rewritten);
    }
}
