package io.github.camelmixpanel.export.model;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The steps in which a durable file changes, one method each, so that a test can break any of them.
 *
 * <p>No step is cut short by an interrupt of its thread: an interrupted write to a {@link
 * FileChannel} would close the channel for every other thread as well.
 */
public interface Disk {

    /** The real one. */
    Disk REAL = new Disk() {};

    default void write(RandomAccessFile file, long position, byte[] bytes) throws IOException {
        file.seek(position);
        file.write(bytes);
    }

    /** Returns when all that was written is on the device. */
    default void force(RandomAccessFile file) throws IOException {
        file.getFD().sync();
    }

    default void truncate(RandomAccessFile file, long length) throws IOException {
        file.setLength(length);
    }

    /** Puts {@code from} in the place of {@code to}, all at once. */
    default void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns when the names in the folder are on the device, where folders can be forced. */
    default void forceDirectory(Path directory) throws IOException {
        // only POSIX systems can open a folder
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
