package io.github.camelmixpanel.export.internal.durable;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Performs each step in which a durable file changes, one method each, so that a test can break any
 * of them. An interrupt of the thread does not abort a step: an interrupted write to a {@link
 * FileChannel} would close the channel for all other threads.
 *
 * <p>Between two forces callers write a file only at its end and truncate it: a write at a position
 * replaces all that follows. A name that ends with {@code .tmp} or {@code .part} marks a file as
 * unfinished until it is renamed.
 */
public interface Disk {

    /** The local file system. */
    Disk REAL = new Disk() {};

    default void write(DurableFile file, long position, byte[] bytes) throws IOException {
        file.seek(position);
        file.write(bytes);
    }

    /** Returns when everything written to the file is on the device. */
    default void force(DurableFile file) throws IOException {
        file.getFD().sync();
    }

    default void truncate(DurableFile file, long length) throws IOException {
        file.setLength(length);
    }

    /** Replaces {@code to} by {@code from} atomically. */
    default void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Deletes a file; a force of its folder makes that durable.
     *
     * @return whether it existed
     */
    default boolean delete(Path file) throws IOException {
        return Files.deleteIfExists(file);
    }

    /** What to do when a step fails, as a sentence without its full stop. */
    default String remedy() {
        return "Free disk space, or make the file and its folder readable and writable";
    }

    /** Why the export must stop writing and emitting; empty while it need not. Cheap. */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /** Whether {@link #trouble} is that another process has what is written here. */
    default boolean isTakenOver() {
        return false;
    }

    /** Returns when the names in the folder are on the device, if the system can force folders. */
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
