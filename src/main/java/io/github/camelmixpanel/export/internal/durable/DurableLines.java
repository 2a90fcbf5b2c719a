package io.github.camelmixpanel.export.internal.durable;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        PrivateFiles.createFile(lines.file);
        byte[] bytes = Files.readAllBytes(lines.file);
        lines.length = endOfLastLine(bytes, bytes.length);
        lines.torn = lines.length < bytes.length;
        lines.openForWriting();
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

    /** Reads all lines, without their line ends. */
    public List<String> read() throws IOException {
        String text = new String(readBytes(), StandardCharsets.UTF_8);
        return text.isEmpty()
                ? List.of()
                : List.of(text.substring(0, text.length() - 1).split("\n", -1));
    }

    /** Removes the last line; durable with the next append. */
    public void dropLast() throws IOException {
        byte[] bytes = readBytes();
        length = endOfLastLine(bytes, bytes.length - 1);
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
            PrivateFiles.createFile(temporary);
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
        requireOpen();
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

    private byte[] readBytes() throws IOException {
        requireOpen();
        openForWriting();
        byte[] bytes = new byte[Math.toIntExact(length)];
        access.seek(0);
        access.readFully(bytes);
        return bytes;
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

    private static long endOfLastLine(byte[] bytes, int before) {
        int end = Math.max(before, 0);
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    private static byte[] bytes(List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
