package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.internal.model.HelperThread;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import javax.sql.DataSource;

/**
 * Does work in a transaction of its own: on return it is committed, after an exception nothing of
 * it is, or, when the connection broke at the commit, perhaps all of it.
 *
 * <p>The work is done by another thread, for which the caller waits, however often it is
 * interrupted: an interrupt would close the files of an embedded database for everybody. It also
 * keeps the work out of a transaction that the caller may be in. Each call uses one connection, so
 * that a small pool cannot be exhausted half-way. Thread-safe.
 */
final class Transactions {

    /** For one answer of the database, where its driver can be told. */
    private static final int ANSWER_MILLIS = 60_000;

    private final DataSource dataSource;
    private final Executor threads;

    Transactions(DataSource dataSource, Executor threads) {
        this.dataSource = dataSource;
        this.threads = threads;
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    interface Work<T> {
        T in(Connection connection) throws SQLException, IOException;
    }

    /**
     * @throws DatabaseException when the database refuses; its message has no URL and no credential
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
     * As {@link #run}, and once more when the database refuses: a pool may hand out a connection
     * that is broken.
     *
     * @param work does the same when it is done again
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
        if (cause instanceof Error e) {
            throw e;
        }
        throw (RuntimeException) cause;
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

    /** What fails here is the connection, which its pool will notice; the first failure counts. */
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

    /** The bound before; -1 where there is none to be had. */
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
