package io.github.camelmixpanel.export.internal.ledger;

import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.NOON;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.day;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.days;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.october;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.open;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Window;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows that were too large. */
class LedgerCutTest {

    @TempDir Path folder;

    @Test
    void areRememberedUntilTheirDaysAreCommitted() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.cut(days(1, 8), 4);
            ledger.cut(days(3, 6), 2);
            ledger.cut(days(9, 10), 4);
            ledger.committed(record(day(4), 1), null);

            assertThat(ledger.longest())
                    .hasSize(9)
                    .containsEntry(october(2), 4)
                    .containsEntry(october(3), 2)
                    .doesNotContainKey(october(4))
                    .containsEntry(october(10), 4);
        }
    }

    @Test
    void areTheSameWhenTheFileIsShortened() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.cut(days(1, 8), 4);
            ledger.cut(days(1, 4), 2);
            for (int i = 0; i < 300; i++) { // lines that are history at once
                ledger.spooled(LedgerFixture.spooled(day(20), 1));
                ledger.acknowledged(day(20), 1 + i);
            }
        }

        try (Ledger ledger = open(folder)) {
            assertThat(ledger.longest())
                    .hasSize(8)
                    .containsEntry(october(4), 2)
                    .containsEntry(october(5), 4);
        }
    }

    /** Its events come in smaller windows. */
    @Test
    void endTheirTasks() throws Exception {
        ExportTask whole = task(days(1, 8));
        ExportTask other = task(days(9, 10));
        try (Ledger ledger = open(folder)) {
            ledger.issued(whole);
            ledger.issued(other);
            ledger.cut(days(1, 8), 4);

            assertThat(ledger.countingTasks()).containsExactly(other);
        }
    }

    private static ExportTask task(Window window) {
        return new ExportTask("orders", window.toString(), window, 1, NOON, NOON, NOON);
    }
}
