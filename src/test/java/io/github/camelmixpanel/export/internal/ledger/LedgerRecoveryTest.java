package io.github.camelmixpanel.export.internal.ledger;

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
import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.internal.database.Store;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.ledger.LedgerFixture.Told;
import io.github.camelmixpanel.export.option.OnQueryChange;
import io.github.camelmixpanel.export.testkit.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerRecoveryTest {

    @FunctionalInterface
    private interface Step {
        void run(Ledger ledger) throws LedgerException;
    }

    private static final List<Step> STEPS =
            List.of(
                    ledger -> ledger.firstDay(october(1)),
                    ledger -> ledger.spooled(spooled(day(1), 1)),
                    ledger -> ledger.acknowledged(day(1), 300),
                    ledger -> ledger.spooled(spooled(days(2, 4), 1)),
                    ledger -> ledger.committed(record(day(1), 1), null),
                    ledger -> ledger.dropped(days(2, 4), "its body is gone: \"é\""),
                    ledger -> ledger.spooled(spooled(day(1), 2)),
                    ledger -> ledger.committed(record(day(1), 2), null));

    @TempDir Path folder;

    @Test
    void opensCutAtAnyByteAndTellsWhatItToldAtSomeMoment() throws Exception {
        List<Told> moments = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        try (Ledger ledger = open(folder)) {
            moments.add(told(ledger));
            sizes.add(Files.size(file()));
            for (Step step : STEPS) {
                step.run(ledger);
                moments.add(told(ledger));
                sizes.add(Files.size(file()));
            }
        }
        byte[] whole = Files.readAllBytes(file());

        for (int length = 0; length <= whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            int moment = 0;
            while (moment + 1 < sizes.size() && sizes.get(moment + 1) <= length) {
                moment++;
            }
            try (Ledger ledger = open(folder)) {
                assertThat(told(ledger)).as("%d bytes", length).isEqualTo(moments.get(moment));
                ledger.committed(record(day(31), 1), null);
            }
            try (Ledger ledger = open(folder)) {
                assertThat(ledger.day(october(31))).as("%d bytes", length).isPresent();
                assertThat(ledger.firstDay()).isEqualTo(moments.get(moment).firstDay());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"comm\n", "\0\0\0\n", "\n", "{}\n", "{\"type\":\"new\"}\n"})
    void cutsOffALastLineThatMeansNothing(String tail) throws Exception {
        Told before = writeSome();
        Files.writeString(file(), tail, StandardOpenOption.APPEND);

        try (Ledger ledger = open(folder)) {
            assertThat(told(ledger)).isEqualTo(before);
            ledger.committed(record(day(5), 1), null);
        }
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.day(october(5))).isPresent();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
"""
1 | not a ledger                                   | not JSON
1 | {"type":"firstDay","day":"2026-10-01"}         | first line
1 | {"type":"ledger","version":0}                  | no format version 0
2 | {"type":"firstDay","day":"2026-10-             | not JSON
2 | {"type":"firstDay","day":"2026-13-01"}         | day is no date
2 | {"type":"firstDay"}                            | "day" is missing
2 | {"type":"elsewhere"}                           | type "elsewhere" is unknown
2 | {"type":"firstDay","day":"2026-10-01"} {}      | not JSON
3 | {"type":"dropped",WINDOW,"reason":""}          | 2026-10-09 is not open
3 | {"type":"acknowledged",WINDOW,"line":1.5}      | "line" is missing
3 | {"type":"acknowledged",WINDOW,"line":1}        | 2026-10-09 is not open
3 | {"type":"reopened",WINDOW,"generation":1e10}   | integer overflow
3 | {"type":"reopened","from":"2026-10-09","to":"2026-10-08"} | cannot end before
""")
    void refusesDamageBeforeTheEndNamingFileAndLine(int number, String line, String why)
            throws Exception {
        writeSome();
        List<String> lines = new ArrayList<>(Files.readAllLines(file()));
        String window = "\"from\":\"2026-10-09\",\"to\":\"2026-10-09\"";
        lines.set(number - 1, line.replace("WINDOW", window));
        Files.write(file(), lines);
        byte[] damaged = Files.readAllBytes(file());

        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("Ledger " + file() + " is damaged in line " + number + ": ")
                .hasMessageContaining(why)
                .hasMessageContaining("backup");
        assertThat(file()).hasBinaryContent(damaged);
    }

    @Test
    void refusesANewerFormat() throws Exception {
        writeSome();
        Files.writeString(
                file(), Files.readString(file()).replace("\"version\":4", "\"version\":5"));

        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("has format version 5")
                .hasMessageContaining("reads versions up to 4");
    }

    @Test
    void refusesTheLedgerOfAnotherExport() throws Exception {
        writeSome();

        assertThatThrownBy(
                        () ->
                                Ledger.open(
                                        folder,
                                        "Orders",
                                        LedgerFixture.QUERY,
                                        OnQueryChange.KEEP,
                                        () -> LedgerFixture.NOON,
                                        Disk.REAL))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("is that of export \"orders\", not \"Orders\"");
    }

    @ParameterizedTest
    @EnumSource
    void isWhatItWasWhenAnyWriteFailsAndGoesOnWhenThereIsSpaceAgain(StateKind kind)
            throws Exception {
        try (Store store = Store.of(kind)) {
            isWhatItWasWhenAnyWriteFails(store);
        }
    }

    private void isWhatItWasWhenAnyWriteFails(Store store) throws Exception {
        for (int failing = 0; failing < STEPS.size(); failing++) {
            for (int good = 0; good < 2; good++) {
                store.edited();
                Files.deleteIfExists(file());
                FaultyDisk faulty = new FaultyDisk();
                Disk disk = store.disk(folder, faulty);
                Told end;
                try (Ledger ledger = open(folder, disk)) {
                    for (Step step : STEPS.subList(0, failing)) {
                        step.run(ledger);
                    }
                    Told before = told(ledger);
                    Step step = STEPS.get(failing);
                    faulty.failAlwaysAfter(good);
                    assertThatThrownBy(() -> step.run(ledger))
                            .as("step %d after %d good ones of the disk", failing, good)
                            .isInstanceOf(LedgerException.class)
                            .hasMessageContaining("No space left on device")
                            .hasMessageContaining(file().toString())
                            .hasMessageContaining(disk.remedy());
                    assertThat(told(ledger)).isEqualTo(before);
                    faulty.heal();
                    for (Step next : STEPS.subList(failing, STEPS.size())) {
                        next.run(ledger);
                    }
                    end = told(ledger);
                }
                assertThat(Files.readAllLines(file())).hasSize(1 + STEPS.size());
                try (Ledger ledger = open(folder, store.disk(folder, faulty))) {
                    assertThat(told(ledger)).isEqualTo(end);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesOnWithALongFileWhenItCannotBeShortened(StateKind kind) throws Exception {
        try (Store store = Store.of(kind)) {
            goesOnWithALongFile(store);
        }
    }

    private void goesOnWithALongFile(Store store) throws Exception {
        FaultyDisk faulty = new FaultyDisk();
        Disk disk = store.disk(folder, faulty);
        Told before;
        try (Ledger ledger = open(folder, disk)) {
            ledger.spooled(spooled(day(1), 1));
            for (int line = 1; line <= 100; line++) { // one more and it is shortened
                ledger.acknowledged(day(1), line);
            }
            faulty.failOnceAfter(2); // the first write of the shorter file
            ledger.committed(record(day(1), 1), null);
            before = told(ledger);
            assertThat(Files.readAllLines(file())).hasSizeGreaterThan(102);
        }

        try (Ledger ledger = open(folder, store.disk(folder, new FaultyDisk()))) {
            assertThat(told(ledger)).isEqualTo(before);
            assertThat(Files.readAllLines(file())).hasSize(2);
        }
    }

    @Test
    void saysWhenItCannotBeBegun() {
        FaultyDisk disk = new FaultyDisk();
        disk.failAlwaysAfter(0);

        assertThatThrownBy(() -> open(folder, disk))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("Cannot open ledger " + file() + " of export orders")
                .hasMessageContaining("No space left on device");
    }

    private Told writeSome() throws IOException, LedgerException {
        try (Ledger ledger = open(folder)) {
            for (Step step : STEPS) {
                step.run(ledger);
            }
            return told(ledger);
        }
    }

    private Path file() {
        return folder.resolve("ledger.jsonl");
    }
}
