package io.github.camelmixpanel.export.internal.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** Reads and writes {@code mixpanel_export_owner}, always in the caller's transaction. */
record OwnerTable(Connection connection, String scope) {

    /**
     * A row of the table.
     *
     * @param now by the clock of the database, at the start of the transaction
     */
    record Owner(long fence, String name, Instant expires, Duration clockOffset, Instant now) {}

    /** The row of a scope, locked against changes and other locks until the transaction ends. */
    Optional<Owner> lock() throws SQLException {
        String sql =
                """
                SELECT fence, owner, expires, clock_offset, CURRENT_TIMESTAMP \
                FROM mixpanel_export_owner WHERE scope = ? FOR UPDATE""";
        try (PreparedStatement select = Sql.prepare(connection, sql, scope);
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(
                    new Owner(
                            row.getLong(1),
                            row.getString(2),
                            instant(row, 3),
                            Duration.ofMillis(row.getLong(4)),
                            instant(row, 5)));
        }
    }

    /** Adds a scope that no process has owned yet. */
    int insert() throws SQLException {
        String sql =
                """
                INSERT INTO mixpanel_export_owner (scope, fence, owner, expires, clock_offset) \
                VALUES (?, 0, '', CURRENT_TIMESTAMP, 0)""";
        return Sql.update(connection, sql, scope);
    }

    void update(Owner owner) throws SQLException {
        String sql =
                """
                UPDATE mixpanel_export_owner SET fence = ?, owner = ?, expires = ?, clock_offset = ? \
                WHERE scope = ?""";
        Sql.update(
                connection,
                sql,
                owner.fence(),
                owner.name(),
                owner.expires().atOffset(ZoneOffset.UTC),
                owner.clockOffset().toMillis(),
                scope);
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
