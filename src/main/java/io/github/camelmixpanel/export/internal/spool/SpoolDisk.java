package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Performs each file operation of a spool in one method, so that tests can make each of them fail.
 */
class SpoolDisk {

    private static final int PROBE_BYTES = 4096;

    /** Opens a new, empty file that only its owner can read, replacing an earlier one. */
    FileChannel create(Path file) throws IOException {
        Files.deleteIfExists(file);
        PrivateFiles.createFile(file);
        return FileChannel.open(file, StandardOpenOption.WRITE);
    }

    void write(FileChannel channel, ByteBuffer block) throws IOException {
        while (block.hasRemaining()) {
            channel.write(block);
        }
    }

    void force(FileChannel channel) throws IOException {
        channel.force(true);
    }

    /** Renames in one step, replacing a file that has the new name already. */
    void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes a rename durable, where folders can be forced. */
    void forceFolder(Path folder) throws IOException {
        Disk.REAL.forceDirectory(folder);
    }

    void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /**
     * Writes a block to a new file in the folder, and in the one above, where the export's other
     * files are, if that is on another disk; and deletes it.
     */
    void probe(Path folder) throws IOException {
        writeProbe(folder);
        if (!Files.getFileStore(folder).equals(Files.getFileStore(folder.getParent()))) {
            writeProbe(folder.getParent());
        }
    }

    private void writeProbe(Path folder) throws IOException {
        Path file = folder.resolve("notes-probe.tmp");
        try (FileChannel channel = create(file)) {
            write(channel, ByteBuffer.allocate(PROBE_BYTES));
            force(channel);
        } finally {
            delete(file);
        }
    }

    long usableBytes(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }
}
