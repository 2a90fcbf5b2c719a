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
 * The steps in which a durable file changes, one method each, so that a test can break any of them.
 *
 * <p>Between two forces a file is written at its end, and truncated, but not changed elsewhere:
 * what is written at a position replaces all that follows. A file whose name ends with {@code .tmp}
 * or {@code .part} is none until it is renamed.
 *
 * <p>No step is cut short by an interrupt of its thread: an interrupted write to a {@link
 * FileChannel} would close the channel for every other thread as well.
 */
public interface Disk {

    /** The real one. */
    Disk REAL = new Disk() {};

    default void write(DurableFile file, long position, byte[] bytes) throws IOException {
        file.seek(position);
        file.write(bytes);
    }

    /** Returns when all that was written is on the device. */
    default void force(DurableFile file) throws IOException {
        file.getFD().sync();
    }

    default void truncate(DurableFile file, long length) throws IOException {
        file.setLength(length);
    }

    /** Puts {@code from} in the place of {@code to}, all at once. */
    default void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Deletes a file, durably when its folder is forced.
     *
     * @return whether there was one
     */
    default boolean delete(Path file) throws IOException {
        return Files.deleteIfExists(file);
    }

    /** What to do when a step fails, as a sentence without its end. */
    default String remedy() {
        return "Free disk space, or make the file and its folder readable and writable";
    }

    /** Why nothing may be written or emitted any more; empty while all is well. Cheap. */
    default Optional<String> trouble() {
        return Optional.empty();
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
