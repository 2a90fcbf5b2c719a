package io.github.camelmixpanel.export.internal.ledger;

import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.NOON;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.day;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.days;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.october;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.open;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.camelmixpanel.export.internal.model.Window;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the days of a window brought, each. */
class LedgerDaysTest {

    private static final DayRecord WEEK = record(days(1, 3), 1).counted(Stream.of(900L, 0L, 90L));

    @TempDir Path folder;

    private Path file() {
        return folder.resolve("ledger.jsonl");
    }

    @Test
    void areKnownAfterARestartAndWhenTheFileIsShortened() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.committed(WEEK, null);
            ledger.committed(record(day(2), 2), null);
            assertThat(Files.readString(file())).contains("\"eventsByDay\":[900,0,90]");
        }
        try (Ledger ledger = open(folder)) {
            for (int i = 0; i < 300; i++) { // lines that are history at once
                ledger.spooled(LedgerFixture.spooled(day(20), 1));
                ledger.acknowledged(day(20), 1 + i);
            }
        }
        assertThat(Files.readAllLines(file())).hasSizeLessThan(300);

        try (Ledger ledger = open(folder)) {
            assertThat(ledger.day(october(1))).contains(WEEK);
            assertThat(ledger.day(october(2)).orElseThrow().events(october(2))).contains(990L);
            assertThat(ledger.day(october(3)).orElseThrow().events(october(3))).contains(90L);
        }
    }

    @Test
    void haveTheirPartOfTheDownload() {
        assertThat(WEEK.bytes(october(1))).isEqualTo(5_000 * 900 / 990.0, within(0.001));
        assertThat(WEEK.bytes(october(2))).isZero();
        assertThat(record(day(1), 1).bytes(october(1))).isEqualTo(5_000);
        assertThat(record(days(1, 4), 1).events(october(1))).isEmpty();
        assertThat(record(days(1, 4), 1).bytes(october(1))).isEqualTo(1_250);
        DayRecord empty = new DayRecord(1, NOON, null, days(1, 2), 0, 1, 60, List.of(0L, 0L));
        assertThat(empty.bytes(october(2))).as("a bad line has no day").isEqualTo(30);
    }

    @Test
    void takeLittleRoom() throws Exception {
        Window year = new Window(LocalDate.of(2025, 1, 1), LocalDate.of(2026, 1, 1));
        try (Ledger ledger = open(folder)) {
            ledger.committed(record(year, 1).counted(LongStream.range(9_000, 9_366).boxed()), null);
        }

        assertThat(Files.size(file())).isLessThan(2_500);
    }

    @Test
    void areNotWrittenOfOneDay() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.committed(record(day(1), 1).counted(Stream.of(990L)), null);
        }

        assertThat(Files.readString(file())).doesNotContain("eventsByDay");
    }

    /** A line that a crash has torn counts as not written. */
    @ParameterizedTest
    @ValueSource(strings = {"[900,0]", "[900,0,-90]", "[900,0,\"x\"]", "7"})
    void areOnePerDay(String counts) throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.committed(WEEK, null);
        }
        Files.writeString(file(), Files.readString(file()).replace("[900,0,90]", counts));

        try (Ledger ledger = open(folder)) {
            assertThat(ledger.day(october(1))).isEmpty();
        }
    }
}
