package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.option.OnQueryChange;
import io.github.camelmixpanel.export.testkit.FaultyDisk;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the tests of the ledger have in common. */
final class LedgerFixture {

    static final Instant NOON = Instant.parse("2026-10-20T12:00:00Z");
    static final Map<String, String> QUERY =
            Map.of("projectId", "123", "timeZone", "UTC", "where", "a");

    /** All that a ledger tells. */
    record Told(
            Optional<LocalDate> firstDay,
            List<Optional<DayRecord>> october,
            List<Integer> nextGenerations,
            List<OpenWindow> openWindows) {}

    private LedgerFixture() {}

    static Ledger open(Path folder) throws LedgerException {
        return open(folder, new FaultyDisk());
    }

    static Ledger open(Path folder, Disk disk) throws LedgerException {
        return open(folder, QUERY, OnQueryChange.FAIL, disk);
    }

    static Ledger open(
            Path folder, Map<String, String> query, OnQueryChange onQueryChange, Disk disk)
            throws LedgerException {
        return Ledger.open(folder, "orders", query, onQueryChange, () -> NOON, disk);
    }

    static Told told(Ledger ledger) {
        List<LocalDate> days = days(1, 31).days().toList();
        return new Told(
                ledger.firstDay(),
                days.stream().map(ledger::day).toList(),
                days.stream().map(Window::ofDay).map(ledger::nextGeneration).toList(),
                ledger.openWindows());
    }

    static LocalDate october(int day) {
        return LocalDate.of(2026, 10, day);
    }

    static Window day(int day) {
        return Window.ofDay(october(day));
    }

    static Window days(int from, int to) {
        return new Window(october(from), october(to));
    }

    static OpenWindow spooled(Window window, int generation) {
        SpooledBody body = new SpooledBody(window + ".gz", true, 5_000, "ab12", 1_000, 990, 3, 4);
        return new OpenWindow(window, generation, NOON.plusMillis(7), null, body);
    }

    static DayRecord record(Window window, int generation) {
        return new DayRecord(
                generation, NOON.plusMillis(7), null, window, 990, 3, 5_000, List.of());
    }
}
