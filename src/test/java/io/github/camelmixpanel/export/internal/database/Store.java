package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.testkit.BreakingDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * What keeps the files of a folder for a test: the folder alone, or a database behind it. All work
 * is done by the thread that asks, over one connection.
 */
public final class Store implements AutoCloseable {

    private static final Pattern KEPT =
            Pattern.compile("(.*/)?[^/]+\\.(jsonl|keys|run|tsv|log)|lines");

    private final SingleConnectionDataSource connection;
    private final BreakingDataSource dataSource;
    private Databases databases;

    private Store(SingleConnectionDataSource connection) {
        this.connection = connection;
        this.dataSource = connection == null ? null : new BreakingDataSource(connection);
    }

    public static Store of(StateKind kind) throws SQLException {
        DataSource real = kind.newDatabase();
        return new Store(
                real == null ? null : new SingleConnectionDataSource(real.getConnection(), true));
    }

    /**
     * As a process that begins to use the folder has it. With a database the folder is empty then,
     * as on another machine, and the previous owner has lost it.
     */
    public Disk disk(Path folder, Disk local) throws LedgerException {
        if (dataSource == null) {
            return local;
        }
        databases = new Databases(Instant::now, () -> Instant.EPOCH, this::oneAtATime, () -> null);
        Scope scope = new Scope("test", folder.toAbsolutePath(), KEPT, null);
        try {
            if (count() > 0) {
                for (Path file : scope.files()) {
                    Files.delete(file);
                }
            }
            execute("UPDATE mixpanel_export_owner SET expires = CURRENT_TIMESTAMP");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return databases.hold(dataSource, scope, local).disk();
    }

    private synchronized void oneAtATime(Runnable work) {
        work.run();
    }

    /** The files were changed by hand: the next process finds them as they are. */
    public void edited() {
        execute("DELETE FROM mixpanel_export_file");
    }

    /** Has the database break. */
    public void whenCommitting(BreakingDataSource.Step step) {
        if (dataSource != null) {
            dataSource.whenCommitting(step);
        }
    }

    private long count() {
        try (Statement statement = connection.getConnection().createStatement();
                var row = statement.executeQuery("SELECT COUNT(*) FROM mixpanel_export_file")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            return 0; // no table yet
        }
    }

    private void execute(String sql) {
        if (connection == null) {
            return;
        }
        try (Connection open = connection.getConnection();
                Statement statement = open.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            // no table yet
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.destroy();
        }
    }
}
