package io.github.camelmixpanel.export.week;

import io.github.camelmixpanel.export.testkit.BreakingDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A database in memory that outlives a process, which cannot reach it once it is dead. */
final class WeeksDatabase implements AutoCloseable {

    private final BreakingDataSource dataSource;
    private final Connection open;

    WeeksDatabase(long seed) throws SQLException {
        JdbcDataSource real = new JdbcDataSource();
        real.setURL("jdbc:h2:mem:week-" + seed);
        open = real.getConnection();
        dataSource = new BreakingDataSource(real);
    }

    DataSource dataSource() {
        return dataSource;
    }

    void begin(Life life) {
        dataSource.whenConnecting(() -> live(!life.isOver()));
        dataSource.whenCommitting(() -> live(life.step()));
    }

    private static void live(boolean lives) throws SQLException {
        if (!lives) {
            throw new SQLException("this process is dead");
        }
    }

    /** As if the leases of a dead process had run out. */
    void endLeases() throws SQLException {
        try (Statement statement = open.createStatement();
                ResultSet tables =
                        open.getMetaData().getTables(null, null, "MIXPANEL_EXPORT_OWNER", null)) {
            if (tables.next()) { // or it died before they were made
                statement.execute("UPDATE mixpanel_export_owner SET expires = CURRENT_TIMESTAMP");
            }
        }
    }

    @Override
    public void close() throws SQLException {
        open.close();
    }
}
