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

/** The statements about {@code mixpanel_export_owner}; each is part of the caller's transaction. */
final class OwnerTable {

    private OwnerTable() {}

    /**
     * A row of the table.
     *
     * @param now by the clock of the database, when the transaction began
     */
    record Owner(long fence, String name, Instant expires, Duration clockOffset, Instant now) {}

    /** The row of a scope, which nobody else can change or read like this before the end. */
    static Optional<Owner> lock(Connection connection, String scope) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT fence, owner, expires, clock_offset, CURRENT_TIMESTAMP"
                                + " FROM mixpanel_export_owner WHERE scope = ? FOR UPDATE")) {
            select.setString(1, scope);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Owner(
                                        row.getLong(1),
                                        row.getString(2),
                                        instant(row, 3),
                                        Duration.ofMillis(row.getLong(4)),
                                        instant(row, 5)))
                        : Optional.empty();
            }
        }
    }

    /** A scope that nobody has had. */
    static void insert(Connection connection, String scope) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO mixpanel_export_owner"
                                + " (scope, fence, owner, expires, clock_offset)"
                                + " VALUES (?, 0, '', CURRENT_TIMESTAMP, 0)")) {
            insert.setString(1, scope);
            insert.executeUpdate();
        }
    }

    static void update(Connection connection, String scope, Owner owner) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE mixpanel_export_owner SET fence = ?, owner = ?, expires = ?,"
                                + " clock_offset = ? WHERE scope = ?")) {
            update.setLong(1, owner.fence());
            update.setString(2, owner.name());
            update.setObject(3, owner.expires().atOffset(ZoneOffset.UTC));
            update.setLong(4, owner.clockOffset().toMillis());
            update.setString(5, scope);
            update.executeUpdate();
        }
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
