package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.internal.durable.Checksums;
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

/** Reads and writes {@code mixpanel_export_file}, always in the caller's transaction. */
record FileTable(Connection connection, String scope) {

    private static final int ROW_BYTES = 1 << 16;
    private static final int ROWS_AT_ONCE = 16;

    /** A row without its bytes. */
    record Row(long position, int length, long checksum) {

        long end() {
            return position + length;
        }
    }

    /** All files of a scope, with their rows in order. */
    Map<String, List<Row>> list() throws SQLException, IOException {
        String sql =
                """
                SELECT path, position, OCTET_LENGTH(data), checksum FROM mixpanel_export_file \
                WHERE scope = ? ORDER BY path, position""";
        Map<String, List<Row>> files = new LinkedHashMap<>();
        try (PreparedStatement select = Sql.prepare(connection, sql, scope)) {
            select.setFetchSize(10_000);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String path = row.getString(1);
                    List<Row> rows = files.computeIfAbsent(path, it -> new ArrayList<>());
                    long end = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).end();
                    if (row.getLong(2) != end) {
                        throw damaged(path, end);
                    }
                    rows.add(new Row(end, row.getInt(3), row.getLong(4)));
                }
            }
        }
        return files;
    }

    /** Writes the bytes of a file to {@code out}. */
    void read(String path, OutputStream out) throws SQLException, IOException {
        String sql =
                """
                SELECT position, data, checksum FROM mixpanel_export_file \
                WHERE scope = ? AND path = ? ORDER BY position""";
        try (PreparedStatement select = Sql.prepare(connection, sql, scope, path)) {
            select.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    byte[] bytes = row.getBytes(2);
                    if (Checksums.crc32c(bytes, bytes.length) != row.getLong(3)) {
                        throw damaged(path, row.getLong(1));
                    }
                    out.write(bytes);
                }
            }
        }
    }

    private IOException damaged(String path, long position) {
        return new IOException(
                """
                mixpanel_export_file is damaged: %s/%s at position %d. Restore the table from a backup, \
                or delete the rows of the scope to start over"""
                        .formatted(scope, path, position));
    }

    /** Replaces what the table has from a position on by what the file has from there on. */
    void replaceFrom(String path, long position, Path file) throws SQLException, IOException {
        long start = position == 0 ? 0 : startOfRow(path, position);
        deleteFrom(path, start);
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(start);
            insert(path, start, in);
        }
    }

    private void insert(String path, long start, RandomAccessFile in)
            throws SQLException, IOException {
        String sql =
                """
                INSERT INTO mixpanel_export_file (scope, path, position, data, checksum) \
                VALUES (?, ?, ?, ?, ?)""";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            long end = in.length();
            int rows = 0;
            for (long position = start; position < end; ) {
                byte[] bytes = new byte[(int) Math.min(ROW_BYTES, end - position)];
                in.readFully(bytes);
                insert.setString(1, scope);
                insert.setString(2, path);
                insert.setLong(3, position);
                insert.setBytes(4, bytes);
                insert.setLong(5, Checksums.crc32c(bytes, bytes.length));
                insert.addBatch();
                position += bytes.length;
                if (++rows % ROWS_AT_ONCE == 0 || position == end) {
                    insert.executeBatch();
                }
            }
        }
    }

    /** The position itself if a row begins or ends there, else the start of the row around it. */
    private long startOfRow(String path, long position) throws SQLException {
        String sql =
                """
                SELECT position, OCTET_LENGTH(data) FROM mixpanel_export_file \
                WHERE scope = ? AND path = ? AND position < ? ORDER BY position DESC""";
        try (PreparedStatement select = Sql.prepare(connection, sql, scope, path, position)) {
            select.setMaxRows(1);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getLong(1) + row.getInt(2) > position
                        ? row.getLong(1)
                        : position;
            }
        }
    }

    /** Deletes what the table has of a file from a position on. */
    void deleteFrom(String path, long position) throws SQLException {
        String sql =
                "DELETE FROM mixpanel_export_file WHERE scope = ? AND path = ? AND position >= ?";
        Sql.update(connection, sql, scope, path, position);
    }
}
