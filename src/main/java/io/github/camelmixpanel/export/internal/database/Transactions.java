package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.internal.durable.HelperThread;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import javax.sql.DataSource;

/**
 * Runs work in a transaction of its own: on return all of it is committed, after an exception none
 * of it, or possibly all of it if the connection broke during the commit.
 *
 * <p>Another thread does the work while the caller waits, even when interrupted: an interrupt would
 * close the files of an embedded database for all threads. This also keeps the work out of a
 * transaction of the caller. Each call uses one connection, so that a small pool cannot run out
 * half-way. Thread-safe.
 */
record Transactions(DataSource dataSource, Executor threads) {

    /** Time limit for each response of the database, if its driver supports one. */
    private static final int ANSWER_MILLIS = 60_000;

    /** The same by the thread that calls, which nobody interrupts. */
    Transactions direct() {
        return new Transactions(dataSource, Runnable::run);
    }

    @FunctionalInterface
    interface Work<T> {
        T in(Connection connection) throws SQLException, IOException;
    }

    /**
     * @throws DatabaseException when the database fails; its message has no URL and no credential
     */
    <T> T run(Work<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(() -> inTransaction(work));
        threads.execute(task);
        try {
            return HelperThread.outcome(task);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /**
     * As {@link #run}, with one retry when the database fails: a pool may return a broken
     * connection.
     *
     * @param work idempotent
     */
    <T> T repeat(Work<T> work) throws IOException {
        try {
            return run(work);
        } catch (DatabaseException e) {
            try {
                return run(work);
            } catch (IOException next) {
                next.addSuppressed(e);
                throw next;
            }
        }
    }

    private static IOException failure(Throwable cause) {
        if (cause instanceof SQLException e) {
            return new DatabaseException(e);
        }
        if (cause instanceof IOException e) {
            return e;
        }
        if (cause instanceof VirtualMachineError e) {
            throw e;
        }
        return new DatabaseException(cause);
    }

    private <T> T inTransaction(Work<T> work) throws SQLException, IOException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            int millis = limitAnswers(connection, ANSWER_MILLIS);
            boolean done = false;
            try {
                connection.setAutoCommit(false);
                T result = work.in(connection);
                connection.commit();
                done = true;
                return result;
            } finally {
                end(connection, done, autoCommit, millis);
            }
        }
    }

    /** Ignores a broken connection, which its pool will detect; the first failure counts. */
    private void end(Connection connection, boolean done, boolean autoCommit, int millis) {
        try {
            if (!done) {
                connection.rollback();
            }
            connection.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            return;
        }
        if (millis >= 0) {
            limitAnswers(connection, millis);
        }
    }

    /** The limit before; -1 if the driver supports none. */
    private int limitAnswers(Connection connection, int millis) {
        try {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(threads, millis);
            return before;
        } catch (SQLException e) {
            return -1;
        }
    }
}
