package io.github.camelmixpanel.export.internal.ledger;

import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.NOON;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.QUERY;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.day;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.october;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.open;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.record;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.spooled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.model.Arrivals;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.option.OnQueryChange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What arrival queries have brought, beside the days. */
class LedgerArrivalsTest {

    private static final Window ARRIVALS =
            new Window(
                    october(1), october(20), new Arrivals(NOON.minus(Duration.ofHours(2)), NOON));
    private static final ArrivalRecord FIRST = new ArrivalRecord(1, NOON.minusSeconds(9), NOON);

    @TempDir Path folder;

    @Test
    void keepsAnOpenArrivalWindowBesideOpenDays() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.spooled(spooled(day(3), 1));
            ledger.spooled(spooled(ARRIVALS, 1));
            ledger.spooled(spooled(day(4), 1));
            ledger.acknowledged(ARRIVALS, 7);
            ledger.committed(record(day(3), 1), null);
        }
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.openWindows())
                    .containsExactly(spooled(day(4), 1), spooled(ARRIVALS, 1).acknowledgedUpTo(7));
            ledger.dropped(ARRIVALS, "its body is gone");
            assertThat(ledger.openWindows()).containsExactly(spooled(day(4), 1));
        }
    }

    @Test
    void remembersWhatIsCovered() throws Exception {
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.arrived()).isEmpty();
            assertThat(ledger.nextGeneration(ARRIVALS)).isEqualTo(1);
            ledger.spooled(spooled(ARRIVALS, 1));
            ledger.arrived(FIRST, null);
        }
        for (int opening = 0; opening < 2; opening++) {
            try (Ledger ledger = open(folder)) {
                assertThat(ledger.arrived()).contains(FIRST);
                assertThat(ledger.openWindows()).isEmpty();
                assertThat(ledger.nextGeneration(ARRIVALS)).isEqualTo(2);
                assertThat(ledger.day(october(5))).as("the days have nothing of it").isEmpty();
                assertThatThrownBy(() -> ledger.arrived(FIRST, null))
                        .isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void asksAnewWhenAllDaysAreReopened() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.arrived(FIRST, null);
        }
        for (int opening = 0; opening < 2; opening++) {
            try (Ledger ledger =
                    open(folder, Map.of("projectId", "9"), OnQueryChange.REEXPORT, Disk.REAL)) {
                assertThat(ledger.arrived()).isEmpty();
                assertThat(ledger.nextGeneration(ARRIVALS)).isEqualTo(2);
            }
        }
    }

    @Test
    void remembersSinceWhenArrivalsAreOwed() throws Exception {
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.arrivalsFrom()).isEmpty();
            ledger.arrivalsFrom(NOON);
            ledger.arrivalsFrom(NOON.plusSeconds(1));
            assertThat(ledger.arrivalsFrom()).contains(NOON);
            ledger.arrivalsFrom(NOON.minusSeconds(1));
        }
        for (int opening = 0; opening < 2; opening++) {
            try (Ledger ledger = open(folder)) {
                assertThat(ledger.arrivalsFrom()).contains(NOON.minusSeconds(1));
            }
        }
        try (Ledger ledger =
                open(folder, Map.of("projectId", "9"), OnQueryChange.REEXPORT, Disk.REAL)) {
            assertThat(ledger.arrivalsFrom()).as("all days are exported anew").isEmpty();
        }
    }

    @Test
    void readsTheFormatBeforeItAndWritesItAnew() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.committed(record(day(1), 1), null);
        }
        Path file = folder.resolve("ledger.jsonl");
        Files.writeString(file, Files.readString(file).replace("\"version\":4", "\"version\":1"));

        try (Ledger ledger = open(folder)) {
            assertThat(ledger.day(october(1))).contains(record(day(1), 1));
        }
        assertThat(Files.readAllLines(file).get(0)).contains("\"version\":4");
    }

    @Test
    void takesTheEarlierOfTwoClocksThatDisagree() throws LedgerException {
        Instant daysEarlier = NOON.minus(Duration.ofDays(2));

        assertThat(DayRecord.asOf(NOON, null)).isEqualTo(NOON);
        assertThat(DayRecord.asOf(NOON, daysEarlier)).isEqualTo(daysEarlier);
        assertThat(DayRecord.asOf(daysEarlier, NOON)).isEqualTo(daysEarlier);
        assertThat(DayRecord.asOf(NOON, NOON.minusSeconds(59))).isEqualTo(NOON);
        assertThat(QUERY).isNotEmpty();
    }
}
