package io.github.camelmixpanel.export.internal.ledger;

import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.QUERY;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.day;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.days;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.october;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.open;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.record;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.spooled;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.ledger.LedgerFixture.Told;
import io.github.camelmixpanel.export.option.OnQueryChange;
import io.github.camelmixpanel.export.testkit.FaultyDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerQueryChangeTest {

    private static final Map<String, String> OTHER =
            Map.of("projectId", "123", "timeZone", "Europe/Berlin", "events", "[\"Order\"]");

    @TempDir Path folder;

    private Told before;

    @BeforeEach
    void exportSomeDays() throws LedgerException, java.io.IOException {
        try (Ledger ledger = open(folder)) {
            ledger.firstDay(october(1));
            ledger.committed(record(days(1, 3), 1), null);
            ledger.committed(record(day(2), 2), null);
            ledger.spooled(spooled(day(4), 1));
            ledger.acknowledged(day(4), 10);
            before = told(ledger);
        }
    }

    @Test
    void failsNamingEveryDifferenceAndTheThreeChoices() throws Exception {
        byte[] file = Files.readAllBytes(folder.resolve("ledger.jsonl"));

        assertThatThrownBy(() -> open(folder, OTHER, OnQueryChange.FAIL, Disk.REAL))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("Export orders")
                .hasMessageContaining(
                        "(events: was not set, now \"[\"Order\"]\"; timeZone: was \"UTC\", now"
                                + " \"Europe/Berlin\"; where: was \"a\", now not set)")
                .hasMessageContaining("change it back")
                .hasMessageContaining("onQueryChange=REEXPORT")
                .hasMessageContaining("onQueryChange=KEEP");
        assertThat(folder.resolve("ledger.jsonl")).hasBinaryContent(file);
    }

    @Test
    void keepsWhatIsDoneForTheNewQuery() throws Exception {
        try (Ledger ledger = open(folder, OTHER, OnQueryChange.KEEP, Disk.REAL)) {
            assertThat(told(ledger)).isEqualTo(before);
        }
        try (Ledger ledger = open(folder, OTHER, OnQueryChange.FAIL, Disk.REAL)) {
            assertThat(told(ledger)).isEqualTo(before);
        }
        assertThatThrownBy(() -> open(folder, QUERY, OnQueryChange.FAIL, Disk.REAL))
                .hasMessageContaining("where: was not set, now \"a\"");
    }

    @Test
    void opensAllDaysAgainForTheNewQuery() throws Exception {
        for (OnQueryChange choice :
                new OnQueryChange[] {OnQueryChange.REEXPORT, OnQueryChange.FAIL}) {
            try (Ledger ledger = open(folder, OTHER, choice, Disk.REAL)) {
                assertThat(ledger.firstDay()).contains(october(1));
                assertThat(ledger.day(october(1))).isEmpty();
                assertThat(ledger.day(october(2))).isEmpty();
                assertThat(ledger.openWindows()).isEmpty();
                assertThat(ledger.nextGeneration(day(1))).isEqualTo(2);
                assertThat(ledger.nextGeneration(day(2))).isEqualTo(3);
                assertThat(ledger.nextGeneration(day(3))).isEqualTo(2);
                assertThat(ledger.nextGeneration(day(4))).isEqualTo(1);
            }
        }
    }

    @Test
    void commitsDaysThatWereOpenedAgain() throws Exception {
        try (Ledger ledger = open(folder, OTHER, OnQueryChange.REEXPORT, Disk.REAL)) {
            ledger.committed(record(day(2), 3), null);
        }
        // the option stays set in the route, and must not open them once more
        try (Ledger ledger = open(folder, OTHER, OnQueryChange.REEXPORT, Disk.REAL)) {
            assertThat(ledger.day(october(1))).isEmpty();
            assertThat(ledger.day(october(2))).contains(record(day(2), 3));
            assertThat(ledger.nextGeneration(days(1, 2))).isEqualTo(4);
        }
    }

    @Test
    void isChangedAtOnceOrNotAtAll() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        for (int good = 0; good < 3; good++) {
            disk.failAlwaysAfter(good);
            assertThatThrownBy(() -> open(folder, OTHER, OnQueryChange.REEXPORT, disk))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("No space left on device");
            try (Ledger ledger = open(folder)) {
                assertThat(told(ledger)).as("after %d good steps", good).isEqualTo(before);
            }
        }
    }
}
