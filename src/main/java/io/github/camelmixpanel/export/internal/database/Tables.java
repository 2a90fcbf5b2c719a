package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.failure.LedgerException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Makes sure that the two tables exist in a layout that this version knows.
 *
 * <table>
 * <caption>{@code mixpanel_export_owner}: who may write a scope</caption>
 * <tr><th>column</th><th>content</th></tr>
 * <tr><td>scope</td><td>{@code exports/<name>} or {@code queries/<host>-<project>}; the row {@code
 * layout} has the version of the tables as its fence</td></tr>
 * <tr><td>fence</td><td>how many owners the scope has had</td></tr>
 * <tr><td>owner</td><td>the last one, for people</td></tr>
 * <tr><td>expires</td><td>until when no other process can take it, by the clock of the
 * database</td></tr>
 * <tr><td>clock_offset</td><td>by how many ms the owner's clock is ahead of the
 * database's</td></tr>
 * </table>
 *
 * <table>
 * <caption>{@code mixpanel_export_file}: the content of the files of a scope</caption>
 * <tr><th>column</th><th>content</th></tr>
 * <tr><td>scope</td><td>as above</td></tr>
 * <tr><td>path</td><td>of the file, in the scope's folder</td></tr>
 * <tr><td>position</td><td>of the first byte in the file; each row begins where the previous one
 * ends</td></tr>
 * <tr><td>data</td><td>up to 64 KB</td></tr>
 * <tr><td>checksum</td><td>CRC32C of the data</td></tr>
 * </table>
 */
final class Tables {

    private static final int VERSION = 1;

    private static final List<String> DDL =
            List.of(
                    """
                    CREATE TABLE IF NOT EXISTS mixpanel_export_owner (scope VARCHAR(600) NOT NULL \
                    PRIMARY KEY, fence BIGINT NOT NULL, owner VARCHAR(600) NOT NULL, \
                    expires TIMESTAMP WITH TIME ZONE NOT NULL, clock_offset BIGINT NOT NULL)""",
                    """
                    CREATE TABLE IF NOT EXISTS mixpanel_export_file (scope VARCHAR(600) NOT NULL, \
                    path VARCHAR(600) NOT NULL, position BIGINT NOT NULL, data BYTEA NOT NULL, \
                    checksum BIGINT NOT NULL, PRIMARY KEY (scope, path, position))""");

    private Tables() {}

    /**
     * @throws LedgerException when a newer version has created them, or when they do not exist and
     *     cannot be created
     */
    static void require(Transactions transactions) throws LedgerException {
        long version;
        try {
            // otherwise a database that is down would look like an empty one
            transactions.run(Connection::getMetaData);
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot open the database of dataSource: %s. Make it reachable, and restart the route"
                            .formatted(e.getMessage()),
                    e);
        }
        try {
            version = transactions.run(Tables::version);
        } catch (IOException e) {
            version = create(transactions);
        }
        if (version > VERSION) {
            throw new LedgerException(
                    """
                    The tables mixpanel_export_owner and mixpanel_export_file have layout version %d, \
                    and this component knows versions up to %d. Use the component version that created \
                    them, or a newer one"""
                            .formatted(version, VERSION));
        }
    }

    private static long create(Transactions transactions) throws LedgerException {
        IOException last = null;
        for (int i = 0; i < 3; i++) {
            try {
                transactions.run(Tables::create);
            } catch (IOException e) {
                last = e;
            }
            try { // another process may just have created them
                return transactions.run(Tables::version);
            } catch (IOException e) {
                last = last == null ? e : last;
            }
        }
        throw new LedgerException(
                "Cannot create the tables for dataSource: %s. Grant the right to, or run: %s; %s"
                        .formatted(last.getMessage(), String.join("; ", DDL), layoutRow()),
                last);
    }

    private static Void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : DDL) {
                statement.execute(table);
            }
            statement.execute(layoutRow());
        }
        return null;
    }

    private static String layoutRow() {
        return """
        INSERT INTO mixpanel_export_owner (scope, fence, owner, expires, clock_offset) \
        VALUES ('layout', %d, 'layout', CURRENT_TIMESTAMP, 0)"""
                .formatted(VERSION);
    }

    private static long version(Connection connection) throws SQLException, IOException {
        String sql = "SELECT fence FROM mixpanel_export_owner WHERE scope = 'layout'";
        try (PreparedStatement select = Sql.prepare(connection, sql);
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new IOException("mixpanel_export_owner has no row 'layout'");
            }
            return row.getLong(1);
        }
    }
}
