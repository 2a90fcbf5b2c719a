package io.github.camelmixpanel.export.internal.ledger;

import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.NOON;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.QUERY;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.day;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.days;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.october;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.option.OnQueryChange;
import io.github.camelmixpanel.export.option.Reexport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Days that an operator requests once more, whatever clocks say: the ledger's stands at noon. */
class LedgerAgainTest {

    private static final Instant BEFORE = NOON.minusSeconds(1);
    private static final Instant AFTER = NOON.plusSeconds(1);
    private static final Duration DIFFERENCE = Duration.ofHours(3);

    @TempDir Path folder;

    @BeforeEach
    void exportThreeDays() throws Exception {
        try (Ledger ledger = open(folder)) {
            commit(ledger, days(1, 3), BEFORE);
        }
    }

    private static void commit(Ledger ledger, Window window, Instant queryStartedAt)
            throws LedgerException {
        int generation = ledger.nextGeneration(window);
        ledger.committed(
                new DayRecord(generation, queryStartedAt, null, window, 9, 0, 99, List.of()), null);
    }

    private static OpenWindow spooled(Window window, int generation, Instant queryStartedAt) {
        OpenWindow open = LedgerFixture.spooled(window, generation);
        return new OpenWindow(window, generation, queryStartedAt, null, open.body());
    }

    @Test
    void makesDaysDueAgainAndKeepsTheirGeneration() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.requestReexport(days(2, 5), Reexport.REPAIR);
        }
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.day(october(1))).isPresent();
            assertThat(ledger.day(october(2))).isEmpty();
            assertThat(ledger.lastCommit(october(2))).isPresent();
            assertThat(ledger.isReexportRequested(october(3))).isTrue();
            assertThat(ledger.isReexportRequested(october(4))).as("never exported").isFalse();
            assertThat(ledger.nextGeneration(day(2))).isEqualTo(2);
            assertThat(ledger.firstExportedDay()).contains(october(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT3H", "PT-3H"})
    void isSatisfiedByTheNextQueryHoweverTheClockIsSet(Duration set) throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.requestReexport(days(1, 3), Reexport.REPAIR);

            commit(ledger, days(1, 2), AFTER.plus(set));

            assertThat(ledger.isReexportRequested(october(1))).isFalse();
            assertThat(ledger.isReexportRequested(october(2))).isFalse();
            assertThat(ledger.isReexportRequested(october(3))).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isNotSatisfiedByABodyThatWasThere(boolean rewritten) throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.spooled(spooled(day(1), 2, AFTER.plus(DIFFERENCE)));
            ledger.requestReexport(days(1, 2), Reexport.REPLAY);
            ledger.spooled(spooled(day(2), 2, BEFORE.minus(DIFFERENCE)));
        }
        if (rewritten) {
            rewrite();
        }
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.replayed(ledger.openWindows().get(0))).isEmpty();
            assertThat(ledger.replayed(ledger.openWindows().get(1))).isEqualTo(Set.of(october(2)));
            ledger.committed(spooled(day(1), 2, AFTER).record(), null);
            ledger.committed(spooled(day(2), 2, AFTER).record(), null);
            assertThat(ledger.isReexportRequested(october(1))).isTrue();
            assertThat(ledger.isReexportRequested(october(2))).isFalse();

            commit(ledger, day(1), BEFORE);
            assertThat(ledger.isReexportRequested(october(1))).isFalse();
        }
    }

    @Test
    void isSatisfiedByTheQueryThatReplacesALostBody() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.spooled(spooled(day(1), 2, BEFORE));
            ledger.requestReexport(day(1), Reexport.REPAIR);
            ledger.dropped(day(1), "lost");

            commit(ledger, day(1), BEFORE);

            assertThat(ledger.isReexportRequested(october(1))).isFalse();
        }
    }

    @Test
    void isNumbered() throws Exception {
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.lastRequest(days(1, 5))).isZero();
            ledger.requestReexport(days(1, 2), Reexport.REPAIR);
            int first = ledger.lastRequest(days(1, 5));
            ledger.requestReexport(day(2), Reexport.REPAIR);

            assertThat(ledger.lastRequest(days(1, 5))).isGreaterThan(first);
            assertThat(ledger.lastRequest(day(1))).isLessThanOrEqualTo(first);
            assertThat(ledger.lastRequest(day(3))).isZero();
        }
    }

    /** As one of an earlier version is rewritten at its opening. */
    private void rewrite() throws Exception {
        Path file = folder.resolve("ledger.jsonl");
        Files.writeString(file, Files.readString(file).replace("\"version\":4", "\"version\":2"));
    }

    @Test
    void replaysDaysOfALaterQueryAlone() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.requestReexport(day(2), Reexport.REPLAY);
            ledger.requestReexport(day(3), Reexport.REPAIR);
        }
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.replayed(spooled(days(1, 3), 1, AFTER))).isEmpty();
            assertThat(ledger.replayed(spooled(days(1, 3), 2, BEFORE)))
                    .isEqualTo(Set.of(october(2)));
        }
    }

    @Test
    void staysAReplayWhenARepairIsAskedForToo() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.requestReexport(days(1, 2), Reexport.REPAIR);
            ledger.requestReexport(days(2, 3), Reexport.REPLAY);
            ledger.requestReexport(days(1, 3), Reexport.REPAIR);

            assertThat(ledger.replayed(spooled(days(1, 3), 2, AFTER)))
                    .isEqualTo(Set.of(october(2), october(3)));
        }
    }

    @Test
    void isRememberedWhenHistoryIsLeftOutAndWhenTheQueryChanges() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.requestReexport(day(2), Reexport.REPLAY);
            ledger.keysFrom(october(1));
            for (int i = 0; i < 200; i++) {
                commit(ledger, day(20), AFTER.plus(Duration.ofSeconds(i)));
            }
        }
        Map<String, String> other = new HashMap<>(QUERY);
        other.put("where", "b");
        open(folder, other, OnQueryChange.REEXPORT, Disk.REAL).close();

        try (Ledger ledger = Ledger.openExisting(folder, "orders", () -> AFTER, Disk.REAL)) {
            assertThat(ledger.replayed(spooled(day(2), 2, AFTER))).isEqualTo(Set.of(october(2)));
            assertThat(ledger.keysFrom()).contains(october(1));
            assertThat(ledger.fingerprint()).containsEntry("where", "b");
        }
    }

    @Test
    void keysAreGoneForGood() throws Exception {
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.keysFrom()).isEmpty();
            ledger.keysFrom(october(2));
            ledger.keysFrom(october(1));
        }
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.keysFrom()).contains(october(2));
        }
    }

    @Test
    void isNotBegunByALookAtIt(@TempDir Path empty) {
        assertThatThrownBy(() -> Ledger.openExisting(empty, "orders", () -> NOON, Disk.REAL))
                .isInstanceOf(LedgerException.class)
                .hasMessageStartingWith("Export orders has no progress in " + empty);
    }
}
