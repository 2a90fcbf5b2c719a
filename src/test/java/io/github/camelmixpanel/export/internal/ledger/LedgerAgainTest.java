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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days that somebody asks for once more; the ledger's clock stands at noon. */
class LedgerAgainTest {

    private static final Instant BEFORE = NOON.minusSeconds(1);
    private static final Instant AFTER = NOON.plusSeconds(1);

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
        ledger.committed(new DayRecord(generation, queryStartedAt, null, window, 9, 0, 99), null);
    }

    private static OpenWindow spooled(Window window, Instant queryStartedAt) {
        OpenWindow open = LedgerFixture.spooled(window, 2);
        return new OpenWindow(window, 2, queryStartedAt, null, open.body());
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

    @Test
    void isAnsweredByAQueryThatStartsLater() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.requestReexport(days(1, 3), Reexport.REPAIR);

            commit(ledger, day(1), NOON);
            assertThat(ledger.isReexportRequested(october(1))).as("at the same moment").isTrue();
            commit(ledger, days(1, 2), AFTER);

            assertThat(ledger.isReexportRequested(october(1))).isFalse();
            assertThat(ledger.isReexportRequested(october(2))).isFalse();
            assertThat(ledger.isReexportRequested(october(3))).isTrue();
        }
    }

    @Test
    void replaysDaysOfALaterQueryAlone() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.requestReexport(day(2), Reexport.REPLAY);
            ledger.requestReexport(day(3), Reexport.REPAIR);
        }
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.replayed(spooled(days(1, 3), BEFORE))).isEmpty();
            assertThat(ledger.replayed(spooled(days(1, 3), AFTER))).isEqualTo(Set.of(october(2)));
        }
    }

    @Test
    void staysAReplayWhenARepairIsAskedForToo() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.requestReexport(days(1, 2), Reexport.REPAIR);
            ledger.requestReexport(days(2, 3), Reexport.REPLAY);
            ledger.requestReexport(days(1, 3), Reexport.REPAIR);

            assertThat(ledger.replayed(spooled(days(1, 3), AFTER)))
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
            assertThat(ledger.replayed(spooled(day(2), AFTER))).isEqualTo(Set.of(october(2)));
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
