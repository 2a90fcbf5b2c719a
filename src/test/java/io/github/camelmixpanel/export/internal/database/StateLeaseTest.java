package io.github.camelmixpanel.export.internal.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.StateInUseException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableLines;
import io.github.camelmixpanel.export.testkit.BreakingDataSource;
import io.github.camelmixpanel.export.testkit.FakeTime;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import io.github.camelmixpanel.export.testkit.Patiently;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may write, when several processes want to; each has a folder of its own. */
@ParameterizedClass
@MethodSource(StateKind.DATABASES)
class StateLeaseTest {

    @Parameter StateKind kind;
    @TempDir Path temporary;

    private BreakingDataSource dataSource;
    private final FakeTime passing = FakeTime.at("2026-10-20T12:00:00Z");

    @BeforeEach
    void newDatabase() throws Exception {
        dataSource = new BreakingDataSource(kind.newDatabase());
    }

    /** A process, and what it has of export "shop". */
    private final class Process {

        private final Path folder;
        private final StateDatabase database;
        private final StateLease lease;
        private final DatabaseDisk disk;

        Process(String name) throws Exception {
            this(name, Duration.ZERO);
        }

        Process(String name, Duration clockAhead) throws Exception {
            folder = temporary.resolve(name).resolve("exports").resolve("shop");
            Files.createDirectories(folder);
            Transactions transactions = new Transactions(dataSource, Runnable::run);
            database =
                    new StateDatabase(
                            transactions,
                            () -> Instant.now().plus(clockAhead),
                            passing,
                            () -> null);
            lease = database.acquire(scope());
            disk = new DatabaseDisk(Disk.REAL, lease);
            new WorkingCopy(scope(), transactions).update(disk);
        }

        Scope scope() {
            return Scope.ofExport("shop", folder);
        }

        Path ledger() {
            return folder.resolve("ledger.jsonl");
        }

        DurableLines open() throws IOException {
            return DurableLines.open(ledger(), disk);
        }
    }

    private void leaseRunsOut() throws SQLException {
        update("UPDATE mixpanel_export_owner SET expires = CURRENT_TIMESTAMP");
    }

    private void update(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void keepsOthersOutAndSaysWhoHasIt() throws Exception {
        new Process("a");

        assertThatThrownBy(() -> new Process("b"))
                .isInstanceOf(StateInUseException.class)
                .hasMessageContaining("The state of exports/shop")
                .hasMessageContaining("in use by process " + ProcessHandle.current().pid())
                .hasMessageContaining("by the clock of the database")
                .hasMessageContaining("onStateInUse=WAIT");
    }

    @Test
    void letsOthersHaveItAtOnceWhenItIsReleased() throws Exception {
        Process a = new Process("a");
        try (DurableLines lines = a.open()) {
            lines.append("one");
        }
        a.database.release(a.lease);

        assertThat(new Process("b").ledger()).hasContent("one\n");
    }

    @Test
    void staysAsLongAsItIsRenewed() throws Exception {
        Process a = new Process("a");
        leaseRunsOut();
        a.database.renew();

        assertThatThrownBy(() -> new Process("b")).isInstanceOf(StateInUseException.class);
    }

    @Test
    void isNotRenewedOnceItIsReleased() throws Exception {
        Process a = new Process("a");
        a.database.release(a.lease);
        a.lease.renew(); // one that had begun before

        new Process("b");
    }

    @Test
    void refusesEveryWriteOfAStaleOwner() throws Exception {
        Process a = new Process("a");
        DurableLines stale = a.open();
        stale.append("one");
        Files.createDirectories(a.folder.resolve("parked"));
        leaseRunsOut();
        Process b = new Process("b");
        try (DurableLines lines = b.open()) {
            lines.append("two");
        }

        assertThat(a.lease.trouble()).as("it has not noticed yet").isEmpty();
        String taken = "The state of exports/shop was taken over by process";
        assertThatThrownBy(() -> stale.append("three")).hasMessageContaining(taken);
        assertThatThrownBy(() -> stale.replace(List.of("four"))).hasMessageContaining(taken);
        assertThatThrownBy(() -> a.disk.delete(a.folder.resolve("parked/2026-10-11.g1.tsv")))
                .hasMessageContaining(taken);
        assertThat(a.disk.trouble().orElseThrow()).contains(taken);
        assertThat(a.lease.isLost()).isTrue();
        a.database.release(a.lease); // which changes nothing for the new owner
        assertThatThrownBy(() -> new Process("c")).isInstanceOf(StateInUseException.class);
        b.database.release(b.lease);
        assertThat(new Process("c").ledger()).hasContent("one\ntwo\n");
    }

    @Test
    void noticesAtARenewalThatItIsLost() throws Exception {
        Process a = new Process("a");
        leaseRunsOut();
        new Process("b");
        a.database.renew();

        assertThat(a.lease.isLost()).isTrue();
    }

    @Test
    void isInTroubleWhileItCannotBeRenewedForAsLongAsItLasts() throws Exception {
        Process a = new Process("a");
        dataSource.whenConnecting(
                () -> {
                    throw new SQLException(
                            "cannot reach jdbc:x://host/db?password=secret", "08001");
                });
        passing.advance(Duration.ofSeconds(19));
        a.database.renew();
        assertThat(a.disk.trouble()).isEmpty();
        passing.advance(Duration.ofSeconds(1));
        a.database.renew();
        assertThat(a.disk.trouble().orElseThrow())
                .contains("The lease of the state could not be renewed in time")
                .contains("08001")
                .doesNotContain("secret")
                .doesNotContain("host");
        assertThat(a.lease.isLost()).isFalse();

        dataSource.whenConnecting(() -> {});
        a.database.renew();
        assertThat(a.disk.trouble()).isEmpty();
    }

    @Test
    void isRenewedAgainWhateverAPoolThrew() throws Exception {
        Process a = new Process("a");
        BreakingDataSource.Step closing =
                () -> {
                    throw new IllegalStateException("closing jdbc:x://host/db?password=secret");
                };
        BreakingDataSource.Step undeployed =
                () -> {
                    throw new NoClassDefFoundError("Driver");
                };
        leaseRunsOut();
        try (LogRecorder log = new LogRecorder(Level.WARN)) {
            for (BreakingDataSource.Step each : List.of(closing, closing, undeployed)) {
                dataSource.whenConnecting(each);
                a.database.renew();
            }
            assertThat(log.lines(Level.WARN))
                    .as("once per cause")
                    .hasSize(2)
                    .allMatch(line -> line.contains("Cannot renew the lease of exports/shop"))
                    .noneMatch(line -> line.contains("secret"));
            passing.advance(Duration.ofSeconds(20));
            assertThat(a.disk.trouble().orElseThrow()).contains("NoClassDefFoundError: Driver");
        }

        dataSource.whenConnecting(() -> {});
        a.database.renew();
        assertThat(a.disk.trouble()).isEmpty();
        assertThatThrownBy(() -> new Process("b")).isInstanceOf(StateInUseException.class);
    }

    @Test
    void waitsForNoOtherDatabase() throws Exception {
        BreakingDataSource hanging = new BreakingDataSource(kind.newDatabase());
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        hanging.whenConnecting(
                () -> {
                    hangs.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        Databases databases = new Databases(Instant::now, passing);
        LeasedState held =
                databases.hold(
                        dataSource, Scope.ofExport("b", temporary.resolve("exports/b")), Disk.REAL);
        FutureTask<LeasedState> other =
                new FutureTask<>(
                        () ->
                                databases.hold(
                                        hanging,
                                        Scope.ofExport("a", temporary.resolve("exports/a")),
                                        Disk.REAL));
        new Thread(other).start();
        hangs.await();

        Patiently.get(CompletableFuture.runAsync(held::close));

        assertThat(other.isDone()).isFalse();
        end.countDown();
        Patiently.get(other).close();
    }

    @Test
    void isHadByOneOfManyThatWantItAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> wishes = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String name = "p" + i;
                wishes.add(
                        () -> {
                            try {
                                new Process(name);
                                return true;
                            } catch (StateInUseException e) {
                                return false;
                            }
                        });
            }
            int owners = 0;
            for (Future<Boolean> had : threads.invokeAll(wishes)) {
                owners += had.get() ? 1 : 0;
            }
            assertThat(owners).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void tellsByHowMuchTheClockOfTheOwnerBeforeDiffers() throws Exception {
        Process a = new Process("a", Duration.ofHours(-3));
        assertThat(a.lease.clockDifference()).isZero();
        a.database.renew();
        leaseRunsOut();
        Process b = new Process("b", Duration.ofHours(2));

        assertThat(b.lease.clockDifference())
                .isBetween(Duration.ofHours(5).minusSeconds(1), Duration.ofHours(5).plusSeconds(1));
    }

    @Test
    void findsFileAndDatabaseAlikeAfterAnUnknownOutcome() throws Exception {
        Process a = new Process("a");
        try (DurableLines lines = a.open()) {
            lines.append("one");
            int[] commits = {0};
            dataSource.whenCommitting(
                    () -> {
                        if (++commits[0] >= 2) { // committed, but the caller does not learn that
                            throw new SQLException("connection reset");
                        }
                    });
            assertThatThrownBy(() -> lines.append("two, which is longer"))
                    .hasMessageContaining("connection reset");
            assertThat(a.ledger()).hasContent("one\n");
            dataSource.whenCommitting(() -> {});
            lines.append("3");
        }
        leaseRunsOut();

        assertThat(new Process("b").ledger()).hasContent("one\n3\n");
    }

    @Test
    void worksForAnInterruptedThread() throws Exception {
        Process a = new Process("a");
        try (DurableLines lines = a.open()) {
            Thread.currentThread().interrupt();
            lines.append("one");
            assertThat(Thread.interrupted()).isTrue();
        }
        leaseRunsOut();
        assertThat(new Process("b").ledger()).hasContent("one\n");
    }

    @Test
    void bringsAFolderInLineThatWasLeftBehind() throws Exception {
        Process a = new Process("a");
        try (DurableLines lines = a.open()) {
            lines.append("one");
            lines.append("x".repeat(200_000)); // several rows
        }
        String whole = Files.readString(a.ledger());
        Files.writeString(a.ledger(), "one\ntwo, not committed\n");
        Files.createDirectories(a.folder.resolve("keys-mixpanel"));
        Files.writeString(a.folder.resolve("keys-mixpanel/2026-10-11.keys"), "of a crash");
        Files.createDirectories(a.folder.resolve("spool"));
        Files.writeString(a.folder.resolve("spool/2026-10-11.g1.gz"), "a body");
        leaseRunsOut();
        Process again = new Process("a");

        assertThat(again.ledger()).hasContent(whole);
        assertThat(a.folder.resolve("keys-mixpanel/2026-10-11.keys")).doesNotExist();
        assertThat(a.folder.resolve("spool/2026-10-11.g1.gz")).hasContent("a body");
    }

    @Test
    void cutsInTheMiddleOfARow() throws Exception {
        Process a = new Process("a");
        try (DurableLines lines = a.open()) {
            lines.replace(List.of("one", "two", "three"));
            lines.dropLast();
            lines.dropLast();
            lines.append("2");
        }
        leaseRunsOut();

        assertThat(new Process("b").ledger()).hasContent("one\n2\n");
    }

    @Test
    void doesNotMixAFolderOfItsOwnWithTheDatabase() throws Exception {
        Path folder = temporary.resolve("a/exports/shop");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("ledger.jsonl"), "{}\n");

        assertThatThrownBy(() -> new Process("a"))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("Folder " + folder + " has state of exports/shop that is not")
                .hasMessageContaining("Move the folder away to start over in the database")
                .hasMessageContaining("or leave dataSource out");
        assertThat(folder.resolve("ledger.jsonl")).hasContent("{}\n");
        assertThat(folder).isDirectoryNotContaining("glob:**/kept-in-database");
    }

    @Test
    void doesNotFillAnEmptyDatabaseFromAWorkingCopy() throws Exception {
        Process a = new Process("a");
        try (DurableLines lines = a.open()) {
            lines.append("one");
        }
        update("DELETE FROM mixpanel_export_file");
        leaseRunsOut();

        assertThatThrownBy(() -> new Process("a"))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("is this the right database?");
        assertThat(a.ledger()).hasContent("one\n");
    }

    @Test
    void doesNotGoOnWithAWorkingCopyAlone() throws Exception {
        Process a = new Process("a");

        assertThatThrownBy(
                        () -> new Databases(Instant::now, passing).hold(null, a.scope(), Disk.REAL))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("is a working copy of state that is kept in a database");
    }

    @Test
    void refusesANewerLayout() throws Exception {
        new Process("a");
        update("UPDATE mixpanel_export_owner SET fence = 2 WHERE scope = 'layout'");

        assertThatThrownBy(() -> new Process("b"))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("have layout version 2")
                .hasMessageContaining("knows versions up to 1");
    }

    @Test
    void saysWhatToRunWhereItMayNotMakeTables() throws Exception {
        update(
                kind == StateKind.H2
                        ? "CREATE VIEW mixpanel_export_owner AS SELECT 1 AS wrong"
                        : "CREATE TABLE mixpanel_export_owner (wrong INT)");

        assertThatThrownBy(() -> new Process("a"))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("Cannot create the tables")
                .hasMessageContaining("CREATE TABLE IF NOT EXISTS mixpanel_export_file")
                .hasMessageContaining("INSERT INTO mixpanel_export_owner");
    }

    @Test
    void noticesDamage() throws Exception {
        Process a = new Process("a");
        try (DurableLines lines = a.open()) {
            lines.append("one");
            lines.append("two");
        }
        leaseRunsOut();
        update("DELETE FROM mixpanel_export_file WHERE position = 0");

        assertThatThrownBy(() -> new Process("b")).hasMessageContaining("is damaged: exports/shop");
    }

    @Test
    void leavesAConnectionAsItWas() throws Exception {
        try (Connection connection = dataSource.getConnection()) {
            new Process("a");
            assertThat(connection.getAutoCommit()).isTrue();
            try (Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT COUNT(*) FROM mixpanel_export_owner")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(2);
            }
        }
    }
}
