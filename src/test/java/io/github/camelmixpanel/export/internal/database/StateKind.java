package io.github.camelmixpanel.export.internal.database;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.camelmixpanel.export.testkit.FullBuild;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** Where state can be kept; the same tests run on each, on PostgreSQL in the full build alone. */
public enum StateKind {
    DIRECTORY,
    H2,
    POSTGRESQL;

    /** For {@code @MethodSource}: the kinds that this build tests. */
    public static final String ALL =
            "io.github.camelmixpanel.export.internal.database.StateKind#all";

    /** For {@code @MethodSource}: those of {@link #ALL} that are databases. */
    public static final String DATABASES =
            "io.github.camelmixpanel.export.internal.database.StateKind#databases";

    static List<StateKind> all() {
        return FullBuild.IS_RUNNING ? List.of(values()) : List.of(DIRECTORY, H2);
    }

    static List<StateKind> databases() {
        return all().stream().filter(kind -> kind != DIRECTORY).toList();
    }

    /** One server for all tests of this JVM, which ends it. */
    private static final class Server {

        private static final EmbeddedPostgres POSTGRES;
        private static final Exception FAILURE;

        static {
            EmbeddedPostgres started = null;
            Exception failure = null;
            try {
                started =
                        EmbeddedPostgres.builder()
                                .setPGStartupWait(Duration.ofMinutes(5))
                                .setServerConfig("fsync", "off")
                                .setServerConfig("synchronous_commit", "off")
                                .start();
            } catch (IOException | RuntimeException e) {
                failure = e;
            }
            POSTGRES = started;
            FAILURE = failure;
        }
    }

    /**
     * A database with nothing in it; none for {@link #DIRECTORY}. The test is skipped where
     * PostgreSQL cannot be started, or fails with CI_POSTGRES=true in the environment.
     */
    public DataSource newDatabase() throws SQLException {
        return switch (this) {
            case DIRECTORY -> null;
            case H2 -> {
                JdbcDataSource h2 = new JdbcDataSource();
                h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
                yield h2;
            }
            case POSTGRESQL -> newSchema();
        };
    }

    private static DataSource newSchema() throws SQLException {
        if (Server.POSTGRES == null) {
            String reason = "PostgreSQL cannot be started here: " + Server.FAILURE;
            if ("true".equals(System.getenv("CI_POSTGRES"))) {
                throw new AssertionError(reason, Server.FAILURE);
            }
            assumeTrue(false, reason);
        }
        String schema = "s" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        }
        return Server.POSTGRES.getDatabase("postgres", "postgres", Map.of("currentSchema", schema));
    }
}
