package io.github.camelmixpanel.export.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A real database that breaks where a test says: before it is asked, before a commit, or when that
 * is done and nobody was told. Thread-safe.
 */
public final class BreakingDataSource extends DelegatingDataSource {

    private volatile Step connecting = () -> {};
    private volatile Step committing = () -> {};

    /** A step of the database, which it does not do when this throws. */
    @FunctionalInterface
    public interface Step {
        void take() throws SQLException;
    }

    public BreakingDataSource(DataSource real) {
        super(real);
    }

    public void whenConnecting(Step step) {
        connecting = step;
    }

    /** Taken before each commit, and again after it. */
    public void whenCommitting(Step step) {
        committing = step;
    }

    @Override
    public Connection getConnection() throws SQLException {
        connecting.take();
        Connection connection = super.getConnection();
        return (Connection)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                            boolean commits = method.getName().equals("commit");
                            if (commits) {
                                committing.take();
                            }
                            Object result;
                            try {
                                result = method.invoke(connection, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                            if (commits) {
                                committing.take();
                            }
                            return result;
                        });
    }
}
