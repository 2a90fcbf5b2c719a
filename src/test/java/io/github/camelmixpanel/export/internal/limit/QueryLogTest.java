package io.github.camelmixpanel.export.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.internal.database.Store;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.testkit.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
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
class QueryLogTest {

    private static final Instant NOON = Instant.parse("2026-10-20T12:00:00Z");
    private static final Window DAY = Window.ofDay(LocalDate.parse("2026-10-19"));

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

    @TempDir Path state;

    @Test
    void writesALineForEachStart() throws Exception {
        Window week = new Window(LocalDate.parse("2026-10-01"), LocalDate.parse("2026-10-07"));
        try (QueryLog log = QueryLog.open(file(), NOON, Disk.REAL)) {
            log.append(NOON, DAY, "orders");
            log.append(NOON.plusMillis(400), week, "visits");
        }

        assertThat(file())
                .hasContent(
                        "1792497600000\t2026-10-19\torders\n"
                                + "1792497600400\t2026-10-01..2026-10-07\tvisits\n");
    }

    @Test
    void namesItsFileAfterHostAndProjectWithoutLeavingItsFolder() throws Exception {
        Path file = QueryLog.file(state, "Data-EU.mixpanel.com", "../../x y*");
        QueryLog.open(file, NOON, Disk.REAL).close();

        assertThat(state.resolve("queries"))
                .isDirectoryContaining("glob:**/data-eu.mixpanel.com-..%2F..%2Fx%20y%2A.log");
    }

    @Test
    void canBeReadByItsOwnerOnly() throws Exception {
        open(NOON).close();

        assertThat(permissions(file())).isEqualTo("rw-------");
        assertThat(permissions(file().getParent())).isEqualTo("rwx------");
    }

    @Test
    void readsBackTheStartsOfTheLastHour() throws Exception {
        append(NOON.minusSeconds(7_200), NOON.minusSeconds(3_601), NOON.minusSeconds(3_600), NOON);

        try (QueryLog log = open(NOON)) {
            assertThat(log.startsAtOpening()).containsExactly(NOON.minusSeconds(3_600), NOON);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"17924", "1792497600000", "1792497600000\t2026-10", "\0\0\0\0"})
    void cutsOffATornLastLine(String tail) throws Exception {
        append(NOON);
        store.edited();
        Files.writeString(file(), tail, StandardOpenOption.APPEND);

        try (QueryLog log = open(NOON.plusSeconds(1))) {
            assertThat(log.startsAtOpening()).containsExactly(NOON);
            log.append(NOON.plusSeconds(2), DAY, "orders");
        }
        try (QueryLog log = open(NOON.plusSeconds(3))) {
            assertThat(log.startsAtOpening()).containsExactly(NOON, NOON.plusSeconds(2));
        }
    }

    @Test
    void leavesOutLinesThatCannotBeRead() throws Exception {
        append(NOON);
        store.edited();
        Files.writeString(
                file(), "\nx\ty\tz\n99999999999999999999\t\t\n", StandardOpenOption.APPEND);
        append(NOON.plusSeconds(1));

        try (QueryLog log = open(NOON.plusSeconds(2))) {
            assertThat(log.startsAtOpening()).containsExactly(NOON, NOON.plusSeconds(1));
        }
        assertThat(Files.readAllLines(file())).hasSize(2);
    }

    @Test
    void takesAStartInTheFutureForNowOnceAndNotAfterEachRestart() throws Exception {
        append(NOON.plus(Duration.ofDays(400)));

        try (QueryLog log = open(NOON)) {
            assertThat(log.startsAtOpening()).containsExactly(NOON);
        }
        try (QueryLog log = open(NOON.plusSeconds(3_601))) {
            assertThat(log.startsAtOpening()).isEmpty();
        }
    }

    @Test
    void dropsOldLinesOnceTheyOutnumberTheOthers() throws Exception {
        int starts = 5_000;
        Instant now = NOON;
        long longest = 0;
        try (QueryLog log = open(now)) {
            for (int i = 0; i < starts; i++) {
                now = now.plusSeconds(61);
                log.append(now, DAY, "orders");
                longest = Math.max(longest, Files.size(file()));
            }
        }

        int line = "1792497600000\t2026-10-19\torders\n".length();
        assertThat(longest).isLessThanOrEqualTo(201L * line);
        try (QueryLog log = open(now)) {
            assertThat(log.startsAtOpening()).hasSize(60).endsWith(now);
        }
    }

    @Test
    void keepsEveryRecentLineHoweverManyThereAre() throws Exception {
        Instant now = NOON;
        try (QueryLog log = open(now)) {
            for (int i = 0; i < 1_000; i++) {
                now = now.plusSeconds(1);
                log.append(now, DAY, "orders");
            }
        }

        try (QueryLog log = open(now)) {
            assertThat(log.startsAtOpening()).hasSize(1_000);
        }
    }

    @Test
    void isSoundAgainAfterAFailureAtAnyStepOfAnAppend() throws Exception {
        for (int good = 0; good < 2; good++) {
            store.edited();
            Files.deleteIfExists(file());
            FaultyDisk disk = new FaultyDisk();
            try (QueryLog log = QueryLog.open(file(), NOON, store.disk(state, disk))) {
                log.append(NOON, DAY, "orders");
                disk.failAlwaysAfter(good);
                assertThatThrownBy(() -> log.append(NOON.plusSeconds(1), DAY, "orders"))
                        .isInstanceOf(LedgerException.class)
                        .hasMessageContaining(file().toString())
                        .hasMessageContaining("No space left on device")
                        .hasMessageContaining("2026-10-19");
                disk.heal();
                log.append(NOON.plusSeconds(2), DAY, "orders");
            }
            try (QueryLog log = open(NOON.plusSeconds(3))) {
                assertThat(log.startsAtOpening())
                        .as("failed after %d good steps", good)
                        .containsExactly(NOON, NOON.plusSeconds(2));
            }
        }
    }

    @Test
    void saysWhichFileCannotBeOpened() throws Exception {
        Files.createDirectories(file());

        assertThatThrownBy(() -> open(NOON))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("Cannot open query log " + file());
    }

    private void append(Instant... starts) throws IOException, LedgerException {
        try (QueryLog log = open(starts[0])) {
            for (Instant start : List.of(starts)) {
                log.append(start, DAY, "orders");
            }
        }
    }

    private QueryLog open(Instant now) throws LedgerException {
        return QueryLog.open(file(), now, store.disk(state, new FaultyDisk()));
    }

    private Path file() {
        return state.resolve("queries").resolve("host-1.log");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
