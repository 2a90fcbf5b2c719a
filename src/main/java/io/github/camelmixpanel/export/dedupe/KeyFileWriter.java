package io.github.camelmixpanel.export.dedupe;

import io.github.camelmixpanel.export.model.DedupeRecipe;
import io.github.camelmixpanel.export.model.Disk;
import io.github.camelmixpanel.export.model.OwnerOnly;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Writes the key file of one day, which has its name only when every byte of it is on the device.
 *
 * <p>The keys are given in ascending order as unsigned numbers, each once. The file:
 *
 * <table>
 * <caption>Key file</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>32</td><td>{@link FileHeader}, with the day and the number of keys</td></tr>
 * <tr><td>16 a key</td><td>the keys in ascending order, big-endian</td></tr>
 * <tr><td>4</td><td>CRC32C of the keys</td></tr>
 * </table>
 *
 * <p>Closed before {@link #finish} it leaves nothing behind. Not thread-safe.
 */
final class KeyFileWriter implements Closeable {

    static final int KEY_BYTES = 2 * Long.BYTES;

    private final Path file;
    private final Path temporary;
    private final DedupeRecipe recipe;
    private final int day;
    private final Disk disk;
    private final RandomAccessFile out;
    private final ByteBuffer block = ByteBuffer.allocate(4096 * KEY_BYTES);
    private final CRC32C checksum = new CRC32C();
    private long position = FileHeader.BYTES;
    private long count;

    /** Begins a file in place of an earlier one, which stays as it is until {@link #finish}. */
    KeyFileWriter(Path file, int day, DedupeRecipe recipe, Disk disk) throws IOException {
        this.file = file;
        this.temporary = file.resolveSibling(file.getFileName() + ".tmp");
        this.recipe = recipe;
        this.day = day;
        this.disk = disk;
        Files.deleteIfExists(temporary);
        OwnerOnly.createFile(temporary);
        this.out = new RandomAccessFile(temporary.toFile(), "rw");
    }

    /** Bytes of a file with so many keys. */
    static long fileLength(long count) {
        return FileHeader.BYTES + count * KEY_BYTES + Integer.BYTES;
    }

    void add(long high, long low) throws IOException {
        if (!block.hasRemaining()) {
            flush();
        }
        block.putLong(high).putLong(low);
        count++;
    }

    int day() {
        return day;
    }

    /** How many keys were added. */
    long count() {
        return count;
    }

    /** Gives the file its name; it is durable when the folder is forced. */
    void finish() throws IOException {
        flush();
        write(ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array());
        // last, for the number of keys: without a header it is no key file
        byte[] header = new FileHeader(FileHeader.Kind.KEYS, recipe, day, count).encode();
        disk.write(out, 0, header);
        disk.force(out);
        out.close();
        disk.rename(temporary, file);
    }

    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(temporary);
    }

    private void flush() throws IOException {
        if (block.position() > 0) {
            byte[] bytes = Arrays.copyOf(block.array(), block.position());
            checksum.update(bytes);
            write(bytes);
            block.clear();
        }
    }

    private void write(byte[] bytes) throws IOException {
        disk.write(out, position, bytes);
        position += bytes.length;
    }
}
