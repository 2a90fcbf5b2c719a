package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.database.FileTable.Row;
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
 * Brings the local files of a scope in line with the database, once it is owned: what was written
 * elsewhere meanwhile is here then, and what was not committed before a crash is gone.
 *
 * <p>A file that has every byte already is only read. Nothing is forced: a loss of power is found
 * out by the next owner, who compares again.
 */
final class WorkingCopy {

    private static final int BLOCK = 1 << 16;

    private final Scope scope;
    private final Transactions transactions;

    WorkingCopy(Scope scope, Transactions transactions) {
        this.scope = scope;
        this.transactions = transactions;
    }

    /**
     * @param disk writes to the database too
     * @throws LedgerException when the folder has state that is not of this database
     */
    void bringInLine(DatabaseDisk disk) throws IOException, LedgerException {
        Map<String, List<Row>> kept = transactions.repeat(c -> FileTable.list(c, scope.name()));
        boolean any = hasAny();
        if (scope.marker() == null) {
            if (kept.isEmpty() && any) {
                // until now it was kept here alone, and it counts on
                for (Path file : scope.files()) {
                    disk.takeUp(file);
                }
                return;
            }
        } else {
            refuseToMix(kept.isEmpty(), any);
            PrivateFiles.createDirectories(scope.folder());
            PrivateFiles.createFile(scope.marker());
        }
        for (Path file : scope.files()) {
            if (!kept.containsKey(scope.path(file).orElseThrow())) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, List<Row>> file : kept.entrySet()) {
            if (!hasAllOf(scope.file(file.getKey()), file.getValue())) {
                fetch(file.getKey());
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

    private void refuseToMix(boolean databaseIsEmpty, boolean any) throws LedgerException {
        if (any && !scope.isWorkingCopy()) {
            throw new LedgerException(
                    "Folder "
                            + scope.folder()
                            + " has state of "
                            + scope.name()
                            + " that is not kept in the database of dataSource. Move the folder away"
                            + (databaseIsEmpty
                                    ? " to begin anew in the database"
                                    : " to go on with what the database has")
                            + ", or leave dataSource out to go on with the folder");
        }
        if (any && databaseIsEmpty) {
            throw new LedgerException(
                    "The database of dataSource has nothing of "
                            + scope.name()
                            + ", but folder "
                            + scope.folder()
                            + " is a working copy of it: is this the right database? If it is, restore"
                            + " its table mixpanel_export_file, or move the folder away to begin anew");
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
                if (FileTable.checksum(block, row.length()) != row.checksum()) {
                    return false;
                }
            }
        }
        return true;
    }

    private void fetch(String path) throws IOException {
        Path file = scope.file(path);
        Path part = file.resolveSibling(file.getFileName() + ".tmp");
        PrivateFiles.createDirectories(file.getParent());
        Files.deleteIfExists(part);
        PrivateFiles.createFile(part);
        transactions.repeat(
                connection -> {
                    try (OutputStream out =
                            new BufferedOutputStream(Files.newOutputStream(part), BLOCK)) {
                        FileTable.read(connection, scope.name(), path, out);
                    }
                    return null;
                });
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
