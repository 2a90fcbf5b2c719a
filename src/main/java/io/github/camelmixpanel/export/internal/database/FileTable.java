package io.github.camelmixpanel.export.internal.database;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** The statements about {@code mixpanel_export_file}; each is part of the caller's transaction. */
final class FileTable {

    private static final int ROW_BYTES = 1 << 16;
    private static final int ROWS_AT_ONCE = 16;

    private FileTable() {}

    /** What is in a row, but for the bytes themselves. */
    record Row(long position, int length, long checksum) {

        long end() {
            return position + length;
        }
    }

    /** Every file of a scope, with its rows in order. */
    static Map<String, List<Row>> list(Connection connection, String scope)
            throws SQLException, IOException {
        Map<String, List<Row>> files = new LinkedHashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT path, position, OCTET_LENGTH(data), checksum"
                                + " FROM mixpanel_export_file WHERE scope = ?"
                                + " ORDER BY path, position")) {
            select.setFetchSize(10_000);
            select.setString(1, scope);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    List<Row> rows =
                            files.computeIfAbsent(row.getString(1), path -> new ArrayList<>());
                    long end = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).end();
                    if (row.getLong(2) != end) {
                        throw damaged(scope, row.getString(1), end);
                    }
                    rows.add(new Row(row.getLong(2), row.getInt(3), row.getLong(4)));
                }
            }
        }
        return files;
    }

    /** Writes the bytes of a file out. */
    static void read(Connection connection, String scope, String path, OutputStream out)
            throws SQLException, IOException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT position, data, checksum FROM mixpanel_export_file"
                                + " WHERE scope = ? AND path = ? ORDER BY position")) {
            select.setFetchSize(ROWS_AT_ONCE);
            select.setString(1, scope);
            select.setString(2, path);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    byte[] bytes = row.getBytes(2);
                    if (checksum(bytes, bytes.length) != row.getLong(3)) {
                        throw damaged(scope, path, row.getLong(1));
                    }
                    out.write(bytes);
                }
            }
        }
    }

    private static IOException damaged(String scope, String path, long position) {
        return new IOException(
                "mixpanel_export_file is damaged: "
                        + scope
                        + "/"
                        + path
                        + " at position "
                        + position
                        + ". Restore the table from a backup, or delete the rows of the scope to begin"
                        + " anew");
    }

    /**
     * Puts what a file has from a position on in the place of all that the table has from there.
     */
    static void replaceFrom(
            Connection connection, String scope, String path, long position, Path file)
            throws SQLException, IOException {
        long start = position == 0 ? 0 : startOfRow(connection, scope, path, position);
        try (PreparedStatement delete =
                connection.prepareStatement(
                        "DELETE FROM mixpanel_export_file"
                                + " WHERE scope = ? AND path = ? AND position >= ?")) {
            delete.setString(1, scope);
            delete.setString(2, path);
            delete.setLong(3, start);
            delete.executeUpdate();
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(start);
            insert(connection, scope, path, start, in);
        }
    }

    private static void insert(
            Connection connection, String scope, String path, long start, RandomAccessFile in)
            throws SQLException, IOException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO mixpanel_export_file (scope, path, position, data, checksum)"
                                + " VALUES (?, ?, ?, ?, ?)")) {
            long end = in.length();
            int rows = 0;
            for (long position = start; position < end; ) {
                byte[] bytes = new byte[(int) Math.min(ROW_BYTES, end - position)];
                in.readFully(bytes);
                insert.setString(1, scope);
                insert.setString(2, path);
                insert.setLong(3, position);
                insert.setBytes(4, bytes);
                insert.setLong(5, checksum(bytes, bytes.length));
                insert.addBatch();
                position += bytes.length;
                if (++rows % ROWS_AT_ONCE == 0 || position == end) {
                    insert.executeBatch();
                }
            }
        }
    }

    /**
     * The position itself where a row begins or ends there, else where the row begins that has it.
     */
    private static long startOfRow(Connection connection, String scope, String path, long position)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT position, OCTET_LENGTH(data) FROM mixpanel_export_file"
                                + " WHERE scope = ? AND path = ? AND position < ?"
                                + " ORDER BY position DESC")) {
            select.setMaxRows(1);
            select.setString(1, scope);
            select.setString(2, path);
            select.setLong(3, position);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getLong(1) + row.getInt(2) > position
                        ? row.getLong(1)
                        : position;
            }
        }
    }

    static boolean delete(Connection connection, String scope, String path) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement(
                        "DELETE FROM mixpanel_export_file WHERE scope = ? AND path = ?")) {
            delete.setString(1, scope);
            delete.setString(2, path);
            return delete.executeUpdate() > 0;
        }
    }

    static long checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return checksum.getValue();
    }
}
