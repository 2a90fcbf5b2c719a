package io.github.camelmixpanel.export.internal.ledger;

import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.NOON;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.day;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.days;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.open;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Window;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks count until their window is committed, given up or not. */
class LedgerTasksTest {

    @TempDir Path folder;

    private static ExportTask task(String id, Window window, int generation) {
        return new ExportTask("orders", id, window, generation, NOON, NOON, NOON.plusSeconds(60));
    }

    @Test
    void countWhenTheyAreGivenUpToo() throws Exception {
        ExportTask first = task("a", day(1), 1);
        ExportTask second = task("b", day(1), 1);
        ExportTask third = task("c", day(2), 1);
        try (Ledger ledger = open(folder)) {
            ledger.issued(first);
            ledger.issued(third);
            ledger.issued(second);
            ledger.taskOver(third);

            assertThat(ledger.tasks()).containsExactly(second);
        }

        try (Ledger ledger = open(folder)) {
            assertThat(ledger.tasks()).containsExactly(second);
            assertThat(ledger.countingTasks()).containsExactly(first, third, second);
        }
    }

    @Test
    void areForgottenWithTheCommitOfAnyOfTheirDays() throws Exception {
        ExportTask next = task("c", day(3), 1);
        try (Ledger ledger = open(folder)) {
            ledger.issued(task("a", days(1, 2), 1));
            ledger.taskOver(task("a", days(1, 2), 1));
            ledger.issued(next);
            ledger.committed(record(day(2), 1), null);

            assertThat(ledger.countingTasks()).containsExactly(next);
        }
    }

    @Test
    void stayTheSameWhenTheFileIsShortened() throws Exception {
        ExportTask given = task("given up", day(2), 1);
        ExportTask out = task("out", day(3), 1);
        try (Ledger ledger = open(folder)) {
            ledger.issued(given);
            ledger.taskOver(given);
            ledger.issued(out);
            for (int i = 1; i <= 150; i++) {
                ledger.committed(record(day(1), i), null);
            }
        }

        try (Ledger ledger = open(folder)) {
            assertThat(ledger.tasks()).containsExactly(out);
            assertThat(ledger.countingTasks()).containsExactly(given, out);
        }
    }

    @Test
    void ofAWindowThatFailsForEverAreTheLastTwenty() throws Exception {
        try (Ledger ledger = open(folder)) {
            for (int i = 1; i <= 50; i++) {
                ledger.issued(task("task " + i, day(1), 1));
            }

            assertThat(ledger.countingTasks()).hasSize(20);
            assertThat(ledger.tasks()).extracting(ExportTask::id).containsExactly("task 50");
        }
    }
}
