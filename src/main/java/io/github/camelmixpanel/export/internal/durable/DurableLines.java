package io.github.camelmixpanel.export.internal.durable;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Appends whole lines to a text file; each is on the device before {@link #append} returns.
 *
 * <p>A failed append leaves the file unchanged: it cuts off the torn bytes at once or, if that
 * fails too, before the next append. {@link #replace} replaces the file (temporary file, force,
 * rename, force the folder), so a reader finds either the old lines or the new ones. UTF-8; a line
 * ends with byte 0x0A; bytes after the last line end are not a line. Only the owner can read the
 * file.
 *
 * <p>Not thread-safe: its owner guards it. Nothing else may write the file meanwhile.
 */
public final class DurableLines implements Closeable {

    private static final int BLOCK_BYTES = 1 << 16;

    private final Path file;
    private final Path temporary;
    private final Disk disk;

    /** Null after a replacement, until the next use opens the new file. */
    private DurableFile access;

    /** The length of all whole lines, in bytes. */
    private long length;

    /** Whether the file may be longer than {@link #length}. */
    private boolean torn;

    /** Whether the name may not be on the device yet; unknown at first, so true. */
    private boolean nameUnforced = true;

    private boolean closed;

    private DurableLines(Path file, Disk disk) {
        this.file = file.toAbsolutePath();
        this.temporary = this.file.resolveSibling(this.file.getFileName() + ".tmp");
        this.disk = disk;
    }

    /**
     * Opens the file, and creates it in its existing folder if there is none.
     *
     * @throws IOException when it cannot be created, read or opened for writing
     */
    public static DurableLines open(Path file, Disk disk) throws IOException {
        DurableLines lines = new DurableLines(file, disk);
        Files.deleteIfExists(lines.temporary);
        lines.openForWriting();
        long size = lines.access.length();
        lines.length = lines.endOfLastLine(size);
        lines.torn = lines.length < size;
        return lines;
    }

    public Path file() {
        return file;
    }

    /** {@link Disk#remedy} of its disk. */
    public String remedy() {
        return disk.remedy();
    }

    /** Whether the file ends with bytes without a line end, which the next append cuts off. */
    public boolean isTorn() {
        return torn;
    }

    /** Receives each line, without its line end. */
    @FunctionalInterface
    public interface Taker<E extends Exception> {
        void take(String line) throws E;
    }

    public List<String> read() throws IOException {
        List<String> lines = new ArrayList<>();
        read(lines::add);
        return lines;
    }

    /** Reads one line after the other: all of them may be more than the heap can hold. */
    public <E extends Exception> void read(Taker<E> taker) throws IOException, E {
        openForWriting();
        access.seek(0);
        byte[] block = new byte[BLOCK_BYTES];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (long left = length; left > 0; ) {
            int read = (int) Math.min(block.length, left);
            access.readFully(block, 0, read);
            left -= read;
            int from = 0;
            for (int i = 0; i < read; i++) {
                if (block[i] == '\n') {
                    line.write(block, from, i - from);
                    taker.take(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                    from = i + 1;
                }
            }
            line.write(block, from, read - from);
        }
    }

    /** Removes the last line; durable with the next append. */
    public void dropLast() throws IOException {
        openForWriting();
        length = endOfLastLine(length - 1);
        torn = true;
    }

    /**
     * Adds a line.
     *
     * @param line without a line end inside
     * @throws IOException when it is not on the device; the file is then unchanged
     */
    public void append(String line) throws IOException {
        byte[] bytes = bytes(List.of(line));
        makeSound();
        try {
            disk.write(access, length, bytes);
            disk.force(access);
        } catch (IOException e) {
            torn = true;
            try {
                cutOff();
            } catch (IOException next) {
                e.addSuppressed(next);
            }
            throw e;
        }
        length += bytes.length;
    }

    /**
     * Replaces all lines.
     *
     * @throws IOException when that is not on the device; the file then contains the old lines or
     *     the new ones, and accepts no line before its name is on the device
     */
    public void replace(List<String> lines) throws IOException {
        requireOpen();
        byte[] bytes = bytes(lines);
        try {
            Files.deleteIfExists(temporary);
            try (DurableFile written = new DurableFile(temporary)) {
                disk.write(written, 0, bytes);
                disk.force(written);
            }
            closeAccess(); // some systems cannot replace an open file
            disk.rename(temporary, file);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException next) {
                e.addSuppressed(next);
            }
            throw e;
        }
        length = bytes.length;
        torn = false;
        nameUnforced = true;
        makeSound();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        closeAccess();
    }

    private void makeSound() throws IOException {
        openForWriting();
        if (torn) {
            cutOff();
        }
        // if the name is lost, so is every line in the file
        if (nameUnforced) {
            disk.forceDirectory(file.getParent());
            nameUnforced = false;
        }
    }

    private void openForWriting() throws IOException {
        requireOpen();
        if (access == null) {
            access = new DurableFile(file);
        }
        if (access.length() < length) {
            throw new EOFException(
                    "%s has shrunk from %d to %d bytes: another program has changed it"
                            .formatted(file, length, access.length()));
        }
    }

    private void cutOff() throws IOException {
        disk.truncate(access, length);
        disk.force(access);
        torn = false;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException(file + " is closed");
        }
    }

    private void closeAccess() throws IOException {
        if (access != null) {
            access.close();
            access = null;
        }
    }

    private long endOfLastLine(long before) throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        for (long end = Math.max(before, 0); end > 0; ) {
            int read = (int) Math.min(block.length, end);
            access.seek(end - read);
            access.readFully(block, 0, read);
            for (int i = read; i > 0; i--) {
                if (block[i - 1] == '\n') {
                    return end - read + i;
                }
            }
            end -= read;
        }
        return 0;
    }

    private static byte[] bytes(List<String> lines) {
        return lines.stream()
                .map(line -> line + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }
}
