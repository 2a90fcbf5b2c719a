package io.github.camelmixpanel.export.internal.dedupe.file;

import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableFile;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Writes the key file of one day, which gets its name only when every byte of it is on the device.
 *
 * <p>Keys must be added in ascending order as unsigned numbers, each once. The file:
 *
 * <table>
 * <caption>Key file</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>32</td><td>{@link FileHeader}, with the day and the number of keys</td></tr>
 * <tr><td>24 per key</td><td>the keys in ascending order, 16 bytes big-endian, each with its mark: 32
 * bits for the content of the event (0 for unknown), a bit that is 1 if the last export of the whole
 * day had the key, and 31 of {@link KeyMaker#identity}</td></tr>
 * <tr><td>4</td><td>CRC32C of the keys and marks</td></tr>
 * </table>
 *
 * <p>In version 2 a mark has no content, 4 bytes. In version 1 a key has no mark: it counts as
 * current, and its identity is unknown.
 *
 * <p>If closed before {@link #finish}, it leaves nothing behind. Not thread-safe.
 */
public final class KeyFileWriter implements Closeable {

    static final int KEY_BYTES = 3 * Long.BYTES;

    private final Path file;
    private final Path temporary;
    private final DedupeRecipe recipe;
    private final int day;
    private final Disk disk;
    private final DurableFile out;
    private final ByteBuffer block = ByteBuffer.allocate(4096 * KEY_BYTES);
    private final CRC32C checksum = new CRC32C();
    private long position = FileHeader.BYTES;
    private long count;

    /** Begins a file; an earlier one with its name stays until {@link #finish}. */
    public KeyFileWriter(Path file, int day, DedupeRecipe recipe, Disk disk) throws IOException {
        this.file = file;
        this.temporary = file.resolveSibling(file.getFileName() + ".tmp");
        this.recipe = recipe;
        this.day = day;
        this.disk = disk;
        Files.deleteIfExists(temporary);
        this.out = new DurableFile(temporary);
    }

    /** Bytes of a key in files of this version. */
    static int keyBytes(int version) {
        return KEY_BYTES - (3 - version) * Integer.BYTES;
    }

    public void add(long high, long low, long mark) throws IOException {
        if (!block.hasRemaining()) {
            flush();
        }
        block.putLong(high).putLong(low).putLong(mark);
        count++;
    }

    public long count() {
        return count;
    }

    /** Gives the file its name, which is durable once the folder is forced. */
    public void finish() throws IOException {
        flush();
        write(ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array());
        // last, because of the number of keys; without a header it is not a key file
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
