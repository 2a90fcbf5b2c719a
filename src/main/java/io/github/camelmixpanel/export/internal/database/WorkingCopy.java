package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.database.FileTable.Row;
import io.github.camelmixpanel.export.internal.durable.Checksums;
import io.github.camelmixpanel.export.internal.durable.PrivateFiles;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * Makes the local files of an owned scope equal to the database: it brings what other machines have
 * written, and removes what was not committed before a crash.
 *
 * <p>Only reads a file that is complete. Forces nothing: the next owner compares again, which
 * detects a loss of power.
 */
record WorkingCopy(Scope scope, Transactions transactions) {

    private static final int BLOCK = 1 << 16;

    /**
     * @param disk writes to the database too
     * @throws LedgerException when the folder has state that is not from this database
     */
    void update(DatabaseDisk disk) throws IOException, LedgerException {
        Map<String, List<Row>> stored =
                transactions.repeat(it -> new FileTable(it, scope.name()).list());
        boolean any = hasAny();
        if (scope.marker() == null) {
            if (stored.isEmpty() && any) {
                // until now only this folder had the state, which remains valid
                for (Path file : scope.files()) {
                    disk.upload(file);
                }
                return;
            }
        } else {
            rejectMixedState(stored.isEmpty(), any);
            PrivateFiles.createDirectories(scope.folder());
            PrivateFiles.createFile(scope.marker());
        }
        for (Path file : scope.files()) {
            if (!stored.containsKey(scope.path(file).orElseThrow())) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, List<Row>> file : stored.entrySet()) {
            if (!hasAllOf(scope.folder().resolve(file.getKey()), file.getValue())) {
                download(file.getKey());
            }
        }
    }

    private boolean hasAny() throws IOException {
        for (Path file : scope.files()) {
            if (Files.size(file) > 0) {
                return true;
            }
        }
        return false;
    }

    private void rejectMixedState(boolean databaseIsEmpty, boolean any) throws LedgerException {
        if (any && !scope.isWorkingCopy()) {
            throw new LedgerException(
                    """
                    Folder %s has state of %s that is not kept in the database of dataSource. Move the \
                    folder away to %s, or leave dataSource out to continue with the folder"""
                            .formatted(
                                    scope.folder(),
                                    scope.name(),
                                    databaseIsEmpty
                                            ? "start over in the database"
                                            : "continue with what the database has"));
        }
        if (any && databaseIsEmpty) {
            throw new LedgerException(
                    """
                    The database of dataSource has nothing of %s, but folder %s is a working copy of it: \
                    is this the right database? If it is, restore its table mixpanel_export_file, or \
                    move the folder away to start over"""
                            .formatted(scope.name(), scope.folder()));
        }
    }

    private static boolean hasAllOf(Path file, List<Row> rows) throws IOException {
        if (!Files.exists(file) || Files.size(file) != rows.get(rows.size() - 1).end()) {
            return false;
        }
        byte[] block = new byte[BLOCK];
        try (InputStream bytes = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(bytes)) {
            for (Row row : rows) {
                if (row.length() > block.length) {
                    block = new byte[row.length()];
                }
                in.readFully(block, 0, row.length());
                if (Checksums.crc32c(block, row.length()) != row.checksum()) {
                    return false;
                }
            }
        }
        return true;
    }

    private void download(String path) throws IOException {
        Path file = scope.folder().resolve(path);
        Path part = file.resolveSibling(file.getFileName() + ".tmp");
        PrivateFiles.createDirectories(file.getParent());
        Files.deleteIfExists(part);
        PrivateFiles.createFile(part);
        transactions.repeat(
                connection -> {
                    try (OutputStream out =
                            new BufferedOutputStream(Files.newOutputStream(part), BLOCK)) {
                        new FileTable(connection, scope.name()).read(path, out);
                    }
                    return null;
                });
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
