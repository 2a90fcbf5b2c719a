package io.github.camelmixpanel.export.internal.ledger;

import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.NOON;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.day;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.days;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.october;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.record;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.spooled;
import static io.github.camelmixpanel.export.internal.ledger.LedgerFixture.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.internal.database.Store;
import io.github.camelmixpanel.export.internal.ledger.LedgerFixture.Told;
import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.DownloadSummary;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.testkit.FaultyDisk;
import io.github.camelmixpanel.export.testkit.Patiently;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@MethodSource(StateKind.ALL)
class LedgerTest {

    @Parameter StateKind kind;
    private Store store;

    @BeforeEach
    void openStore() throws Exception {
        store = Store.of(kind);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @TempDir Path folder;

    @Test
    void beginsWithNothing() throws Exception {
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.firstDay()).isEmpty();
            assertThat(ledger.day(october(1))).isEmpty();
            assertThat(ledger.openWindows()).isEmpty();
            assertThat(ledger.nextGeneration(day(1))).isEqualTo(1);
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void tellsTheSameAfterItIsOpenedAgain() throws Exception {
        Told before;
        try (Ledger ledger = open(folder)) {
            ledger.firstDay(october(1));
            ledger.spooled(spooled(day(2), 1));
            ledger.spooled(spooled(day(1), 1));
            ledger.acknowledged(day(2), 400);
            ledger.committed(record(day(1), 1), null);
            ledger.spooled(spooled(days(3, 5), 1));
            ledger.dropped(days(3, 5), "spool full");
            ledger.spooled(spooled(day(4), 1));
            before = told(ledger);
        }

        try (Ledger ledger = open(folder)) {
            assertThat(told(ledger)).isEqualTo(before);
            assertThat(ledger.firstDay()).contains(october(1));
            assertThat(ledger.day(october(1))).contains(record(day(1), 1));
            assertThat(ledger.day(october(2))).isEmpty();
            assertThat(ledger.openWindows())
                    .containsExactly(spooled(day(2), 1).acknowledgedUpTo(400), spooled(day(4), 1));
        }
    }

    @Test
    void keepsWhatFailedUntilItsBodyIsGone() throws Exception {
        List<FailedLines> failed =
                List.of(
                        new FailedLines(List.of(3L, 500L), 2, null),
                        new FailedLines(List.of(999L), 0, NOON));
        try (Ledger ledger = open(folder)) {
            ledger.spooled(spooled(day(1), 1));
            ledger.spooled(spooled(day(2), 1));
            ledger.failed(day(1), failed);
            ledger.failed(day(2), failed);
            ledger.acknowledged(day(1), 2);
            ledger.spooled(spooled(day(2), 1)); // another body
            for (int i = 3; i < 300; i++) { // which shortens the file
                ledger.acknowledged(day(1), i);
            }
        }
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.openWindows())
                    .extracting(OpenWindow::failed)
                    .containsExactly(failed, List.of());
        }
    }

    @Test
    void keepsHowABodyComparedWithWhatWasThereBefore() throws Exception {
        OpenWindow compared = spooled(day(1), 2).compared(new Comparison(5, 4, 3, 2, 1, 6));
        WindowSummary notice =
                new WindowSummary(
                        day(3),
                        2,
                        new DownloadSummary(12, 6, 7, 500, 1, NOON, Duration.ofMillis(1500)),
                        new Comparison(5, 4, 3, 2, 1, 6),
                        2,
                        List.of(
                                new WindowSummary.Day(october(3), 8, 1, true),
                                new WindowSummary.Day(october(4), 4, 4, false)),
                        false);
        try (Ledger ledger = open(folder)) {
            ledger.spooled(spooled(day(1), 2));
            ledger.acknowledged(day(1), 5);
            ledger.spooled(compared);
            ledger.acknowledged(day(1), 9);
            ledger.committed(record(day(3), 2), notice);
        }
        try (Ledger ledger = open(folder)) {
            assertThat(ledger.openWindows()).containsExactly(compared.acknowledgedUpTo(9));
            assertThat(ledger.owedNotices()).containsExactly(notice);
        }
    }

    @Test
    void showsItsFormatInPlainLines() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.firstDay(october(1));
            ledger.spooled(spooled(day(1), 1));
            ledger.acknowledged(day(1), 2);
            ledger.committed(record(day(1), 1), null);
        }

        String at = ",\"at\":\"2026-10-20T12:00:00Z\"}";
        String window = "\"from\":\"2026-10-01\",\"to\":\"2026-10-01\",";
        String query = window + "\"generation\":1,\"queryStartedAt\":\"2026-10-20T12:00:00.007Z\",";
        assertThat(Files.readAllLines(file()))
                .containsExactly(
                        "{\"type\":\"ledger\",\"version\":4,\"name\":\"orders\",\"fingerprint\":"
                                + "{\"projectId\":\"123\",\"timeZone\":\"UTC\",\"where\":\"a\"}"
                                + at,
                        "{\"type\":\"firstDay\",\"day\":\"2026-10-01\"" + at,
                        "{\"type\":\"spooled\","
                                + query
                                + "\"file\":\"2026-10-01.gz\",\"gzip\":true,\"bytes\":5000,"
                                + "\"sha256\":\"ab12\",\"lines\":1000,\"events\":990,"
                                + "\"badLines\":3,\"otherEvents\":4,\"acknowledged\":0"
                                + at,
                        "{\"type\":\"acknowledged\"," + window + "\"line\":2" + at,
                        "{\"type\":\"committed\","
                                + query
                                + "\"events\":990,\"badLines\":3,\"bytes\":5000"
                                + at);
    }

    /** Fields that came later are missing from the lines of earlier programs. */
    @Test
    void readsTheLinesOfAnEarlierProgram() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.firstDay(october(1));
        }
        String window = "\"from\":\"2026-10-0%1$d\",\"to\":\"2026-10-0%1$d\",\"generation\":1,";
        store.edited();
        Files.writeString(
                file(),
                ("{\"type\":\"owed\","
                                        + window
                                        + "\"events\":9,\"emitted\":7,\"duplicates\":2,\"badLines\":1,"
                                        + "\"bytes\":500,\"queries\":1,\"started\":\"2026-10-20T12:00:00Z\","
                                        + "\"tookMillis\":1500,\"final\":true}\n")
                                .formatted(1)
                        + ("{\"type\":\"spooled\","
                                        + window
                                        + "\"queryStartedAt\":\"2026-10-20T12:00:00Z\",\"file\":\"a.gz\","
                                        + "\"gzip\":true,\"bytes\":5,\"sha256\":\"ab\",\"lines\":10,"
                                        + "\"events\":9,\"badLines\":1,\"acknowledged\":0}\n")
                                .formatted(2),
                StandardOpenOption.APPEND);

        try (Ledger ledger = open(folder)) {
            assertThat(ledger.owedNotices())
                    .containsExactly(
                            new WindowSummary(
                                    day(1),
                                    1,
                                    new DownloadSummary(
                                            9,
                                            0,
                                            1,
                                            500,
                                            1,
                                            Instant.parse("2026-10-20T12:00:00Z"),
                                            Duration.ofMillis(1500)),
                                    new Comparison(7, 0, 2, 0, 0, 0),
                                    0,
                                    List.of(),
                                    true));
            assertThat(ledger.openWindows().get(0).body().otherEvents()).isZero();
            assertThat(ledger.openWindows().get(0).compared()).isNull();
        }
    }

    @Test
    void keepsDaysWhenWindowsGroupThemOtherwiseInTheNextRun() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.committed(record(days(1, 7), 1), null);
            assertThat(ledger.nextGeneration(days(5, 12))).isEqualTo(2);
        }
        try (Ledger ledger = open(folder)) {
            ledger.committed(record(day(3), 2), null);
            ledger.committed(record(day(8), 1), null);
            assertThat(ledger.day(october(2))).contains(record(days(1, 7), 1));
            assertThat(ledger.day(october(3))).contains(record(day(3), 2));
            assertThat(ledger.day(october(4))).contains(record(days(1, 7), 1));
            assertThat(ledger.nextGeneration(days(1, 2))).isEqualTo(2);
            assertThat(ledger.nextGeneration(days(1, 3))).isEqualTo(3);
        }
        try (Ledger ledger = open(folder)) {
            ledger.committed(record(days(2, 9), 3), null);
            assertThat(ledger.day(october(1))).contains(record(days(1, 7), 1));
            assertThat(ledger.day(october(9))).contains(record(days(2, 9), 3));
            assertThat(ledger.day(october(10))).isEmpty();
        }
    }

    @Test
    void writesNothingWhenNothingChanges() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.firstDay(october(1));
            ledger.spooled(spooled(day(1), 1));
            ledger.acknowledged(day(1), 5);
            long size = Files.size(file());

            ledger.firstDay(october(1));
            ledger.acknowledged(day(1), 5);

            assertThat(file()).hasSize(size);
        }
    }

    @Test
    void replacesABodyThatIsSpooledAgain() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.spooled(spooled(day(1), 1));
            ledger.acknowledged(day(1), 5);
            ledger.spooled(spooled(day(1), 1));

            assertThat(ledger.openWindows()).containsExactly(spooled(day(1), 1));
        }
    }

    @Test
    void refusesWhatContradictsItAndWritesNothingOfIt() throws Exception {
        try (Ledger ledger = open(folder)) {
            ledger.spooled(spooled(days(2, 4), 1));
            ledger.acknowledged(days(2, 4), 100);
            ledger.committed(record(day(9), 1), null);
            Told before = told(ledger);
            long size = Files.size(file());

            assertRefused("shares days", () -> ledger.spooled(spooled(day(4), 1)));
            assertRefused("shares days", () -> ledger.spooled(spooled(days(1, 2), 1)));
            assertRefused("shares days", () -> ledger.spooled(spooled(days(1, 9), 1)));
            assertRefused("shares days", () -> ledger.committed(record(day(3), 1), null));
            assertRefused("up to line 99", () -> ledger.acknowledged(days(2, 4), 99));
            assertRefused("up to line 1001", () -> ledger.acknowledged(days(2, 4), 1_001));
            assertRefused("is not open", () -> ledger.acknowledged(day(2), 100));
            assertRefused("is not open", () -> ledger.dropped(day(9), "no reason"));
            assertRefused("as generation 1", () -> ledger.committed(record(days(8, 9), 1), null));

            assertThat(told(ledger)).isEqualTo(before);
            assertThat(file()).hasSize(size);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void tellsTheSameWhenHistoryIsLeftOut(long seed) throws Exception {
        Random random = new Random(seed);
        long longest = 0;
        for (int run = 0; run < 20; run++) {
            Told before;
            try (Ledger ledger = open(folder)) {
                for (int i = 0; i < 20; i++) {
                    exportSomething(ledger, random);
                    longest = Math.max(longest, Files.readAllLines(file()).size());
                }
                before = told(ledger);
            }
            try (Ledger ledger = open(folder)) {
                assertThat(told(ledger)).as("seed %d, run %d", seed, run).isEqualTo(before);
            }
        }

        assertThat(longest).isBetween(100L, 200L);
    }

    @Test
    void takesCallsFromSeveralThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Ledger ledger = open(folder)) {
            List<Future<?>> exports =
                    IntStream.rangeClosed(1, 8)
                            .<Future<?>>mapToObj(day -> threads.submit(() -> export(ledger, day)))
                            .toList();
            for (Future<?> export : exports) {
                Patiently.get(export);
            }
        } finally {
            threads.shutdownNow();
        }

        try (Ledger ledger = open(folder)) {
            for (int day = 1; day <= 8; day++) {
                assertThat(ledger.day(october(day))).contains(record(day(day), 5));
            }
            assertThat(ledger.openWindows()).isEmpty();
        }
    }

    @Test
    void takesNothingOnceItIsClosed() throws Exception {
        Ledger ledger = open(folder);
        ledger.close();

        assertThatThrownBy(() -> ledger.committed(record(day(1), 1), null))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("is closed");
        assertThat(ledger.day(october(1))).isEmpty();
    }

    private static Void export(Ledger ledger, int day) throws LedgerException {
        for (int generation = 1; generation <= 5; generation++) {
            ledger.spooled(spooled(day(day), generation));
            ledger.acknowledged(day(day), 500);
            ledger.committed(record(day(day), generation), null);
        }
        return null;
    }

    /** As a process that starts opens it, on another machine where there is a database. */
    private Ledger open(Path folder) throws LedgerException {
        return LedgerFixture.open(folder, store.disk(folder, new FaultyDisk()));
    }

    private static void exportSomething(Ledger ledger, Random random) throws LedgerException {
        int from = 1 + random.nextInt(31);
        Window window = days(from, Math.min(31, from + random.nextInt(3)));
        for (OpenWindow open : ledger.openWindows()) {
            if (!open.window().toDate().isBefore(window.fromDate())
                    && !open.window().fromDate().isAfter(window.toDate())) {
                ledger.dropped(open.window(), "random");
            }
        }
        int generation = ledger.nextGeneration(window);
        ledger.spooled(spooled(window, generation));
        for (int line = 1; line < random.nextInt(4); line++) {
            ledger.acknowledged(window, line);
        }
        if (random.nextInt(4) > 0) {
            ledger.committed(record(window, generation), null);
        }
    }

    private static void assertRefused(String message, Step step) {
        assertThatThrownBy(step::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(message);
    }

    private Path file() {
        return folder.resolve("ledger.jsonl");
    }

    @FunctionalInterface
    private interface Step {
        void run() throws LedgerException;
    }
}
