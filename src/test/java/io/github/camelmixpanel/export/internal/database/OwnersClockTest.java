package io.github.camelmixpanel.export.internal.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.limit.QueryLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** By whose clock the times in a query log are, while hosts with other clocks take it and die. */
@ParameterizedClass
@MethodSource(StateKind.DATABASES)
class OwnersClockTest {

    private static final Duration BEHIND = Duration.ofHours(-3);
    private static final InstantSource PASSING = () -> Instant.EPOCH.plusNanos(System.nanoTime());

    @Parameter StateKind kind;
    @TempDir Path temporary;

    private DataSource dataSource;

    @BeforeEach
    void newDatabase() throws Exception {
        dataSource = kind.newDatabase();
    }

    /** A process that has the log until it dies. */
    private final class Process {

        private final AtomicReference<Duration> ahead;
        private final StateDatabase database;
        private final StateLease lease;
        private final DatabaseDisk disk;
        private final Path log;

        Process(String name, Duration clockAhead) throws Exception {
            ahead = new AtomicReference<>(clockAhead);
            log = QueryLog.file(temporary.resolve(name), "host", "7");
            Files.createDirectories(log.getParent());
            Scope scope = Scope.ofQueryLog(log);
            Transactions transactions = new Transactions(dataSource, Runnable::run);
            database =
                    new StateDatabase(
                            transactions,
                            () -> Instant.now().plus(ahead.get()),
                            PASSING,
                            () -> null);
            lease = database.acquire(scope);
            disk = new DatabaseDisk(Disk.REAL, lease);
            new WorkingCopy(scope, transactions).update(disk);
        }

        /** Moves the log to the clock of this process. */
        void takeUp() throws Exception {
            QueryLog.clockDiffers(log, lease.clockDifference(), disk);
        }

        void writes() throws Exception {
            Files.writeString(log, "1\t2026-10-19\torders\n");
            disk.upload(log);
        }

        void dies() throws SQLException {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("UPDATE mixpanel_export_owner SET expires = CURRENT_TIMESTAMP");
            }
        }
    }

    private static void assertDiffers(Process process, Duration expected) {
        assertThat(process.lease.clockDifference()).isCloseTo(expected, Duration.ofSeconds(30));
    }

    @Test
    void isThatOfTheLastWriterUntilTheLogIsMoved() throws Exception {
        Process writer = new Process("a", BEHIND);
        writer.writes();
        writer.dies();
        for (String name : new String[] {"b", "c"}) {
            Process next = new Process(name, Duration.ZERO);
            assertDiffers(next, BEHIND.negated());
            next.database.renew();
            next.dies(); // before it moved the log
        }

        Process mover = new Process("d", Duration.ZERO);
        mover.takeUp();
        mover.dies();

        assertDiffers(new Process("e", Duration.ZERO), Duration.ZERO);
    }

    @Test
    void isNotThatOfAHolderWhoseClockWasSetAfterItsLastWrite() throws Exception {
        Process writer = new Process("a", Duration.ZERO);
        writer.writes();
        writer.ahead.set(BEHIND);
        writer.database.renew();
        writer.dies();

        assertDiffers(new Process("b", Duration.ZERO), Duration.ZERO);
    }
}
