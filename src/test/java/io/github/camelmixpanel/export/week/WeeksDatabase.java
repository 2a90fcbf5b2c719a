package io.github.camelmixpanel.export.week;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A database in memory that outlives a process, which cannot reach it any more once it is dead. It
 * may die before a commit, or when that is done and nobody was told.
 */
final class WeeksDatabase implements DataSource, AutoCloseable {

    private final JdbcDataSource real = new JdbcDataSource();
    private final Connection open;
    private Life life;

    WeeksDatabase(long seed) throws SQLException {
        real.setURL("jdbc:h2:mem:week-" + seed);
        open = real.getConnection();
    }

    void begin(Life next) {
        life = next;
    }

    /** As if the leases of a dead process had run out. */
    void endLeases() throws SQLException {
        try (Statement statement = open.createStatement()) {
            statement.execute("UPDATE mixpanel_export_owner SET expires = CURRENT_TIMESTAMP");
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (life.isOver()) {
            throw dead();
        }
        Connection connection = real.getConnection();
        return (Connection)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                            boolean commits = method.getName().equals("commit");
                            if (commits && !life.step()) {
                                throw dead();
                            }
                            Object result;
                            try {
                                result = method.invoke(connection, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                            if (commits && !life.step()) {
                                throw dead();
                            }
                            return result;
                        });
    }

    private static SQLException dead() {
        return new SQLException("this process is dead");
    }

    @Override
    public void close() throws SQLException {
        open.close();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
