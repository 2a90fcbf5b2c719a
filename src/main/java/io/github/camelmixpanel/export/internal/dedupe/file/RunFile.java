package io.github.camelmixpanel.export.internal.dedupe.file;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyList;
import io.github.camelmixpanel.export.internal.durable.Checksums;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableFile;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the keys acknowledged so far in one generation of a window, each on the device before
 * {@link #append} returns.
 *
 * <p>It may lack keys that were acknowledged, whose events are then repeated after a crash; it
 * never has a key that was not, whose event would be lost. Therefore unreadable bytes and all that
 * follows are cut off, instead of guessed or reported as damage.
 *
 * <table>
 * <caption>Run file</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>32</td><td>{@link FileHeader}</td></tr>
 * <tr><td>4</td><td>block: number of keys in it, 1 to {@value #MAX_BLOCK_KEYS}</td></tr>
 * <tr><td>20 per key</td><td>key day in 4 bytes and key in 16, in no order</td></tr>
 * <tr><td>4</td><td>CRC32C of the block before</td></tr>
 * <tr><td>…</td><td>further blocks</td></tr>
 * </table>
 *
 * <p>The file is created by the first append, and open while one lasts: windows that wait keep no
 * file open. Not thread-safe: the caller guards it.
 */
public final class RunFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunFile.class);

    private static final int KEY_BYTES = KeyList.KEY_BYTES;
    private static final int MAX_BLOCK_KEYS = 3276; // so that a block is just below 64 KB

    private final Path file;
    private final DedupeRecipe recipe;
    private final Disk disk;

    /** Bytes that are whole blocks, with the header; 0 without one. */
    private long length;

    /** Whether the file may be longer than {@link #length}. */
    private boolean torn = true;

    private boolean closed;

    private RunFile(Path file, DedupeRecipe recipe, Disk disk, long length) {
        this.file = file;
        this.recipe = recipe;
        this.disk = disk;
        this.length = length;
    }

    /** Receives each key of a run. */
    @FunctionalInterface
    public interface Taker {
        void take(int day, long high, long low) throws IOException;
    }

    /**
     * Continues a run, or begins one.
     *
     * @throws LedgerException when its header is damaged, or it is of another recipe
     */
    public static RunFile open(Path file, DedupeRecipe recipe, Disk disk)
            throws IOException, LedgerException {
        long length = Files.exists(file) ? read(file, recipe, (day, high, low) -> {}) : 0;
        return new RunFile(file, recipe, disk, length);
    }

    /** Whether this is the run in that file. */
    public boolean isIn(Path other) {
        return file.equals(other);
    }

    /**
     * Reads a run, whether or not it is open for writing.
     *
     * @return bytes up to the end of the last whole block
     * @throws LedgerException as in {@link #open}
     */
    public static long read(Path file, DedupeRecipe recipe, Taker taker)
            throws IOException, LedgerException {
        long size = Files.size(file);
        try (DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(new FileInputStream(file.toFile()), 1 << 16))) {
            byte[] header = in.readNBytes(FileHeader.BYTES);
            if (size <= FileHeader.BYTES && !FileHeader.isSound(header)) {
                return 0; // a crash while it was created: no key can be missing
            }
            FileHeader.decode(file, header, FileHeader.Kind.RUNS, recipe);
            long sound = FileHeader.BYTES;
            for (ByteBuffer block; (block = readBlock(in, size - sound)) != null; ) {
                sound += blockBytes(block.remaining() / KEY_BYTES);
                while (block.hasRemaining()) {
                    taker.take(block.getInt(), block.getLong(), block.getLong());
                }
            }
            if (sound < size) {
                LOG.warn(
                        "Run file {}: ignored the last {} bytes, which are unreadable (cut by a"
                                + " crash); their events may be emitted again",
                        file,
                        size - sound);
            }
            return sound;
        }
    }

    /** The keys of the next block, or null when there is none, or none that is whole. */
    private static ByteBuffer readBlock(DataInputStream in, long left) throws IOException {
        if (left < Integer.BYTES) {
            return null;
        }
        int count = in.readInt();
        if (count < 1 || count > MAX_BLOCK_KEYS || blockBytes(count) > left) {
            return null;
        }
        ByteBuffer block = ByteBuffer.allocate(Integer.BYTES + count * KEY_BYTES).putInt(count);
        in.readFully(block.array(), block.position(), block.remaining());
        int checksum = (int) Checksums.crc32c(block.array(), block.limit());
        return in.readInt() == checksum ? block : null;
    }

    /**
     * Adds keys, which are on the device when it returns.
     *
     * @param keys of acknowledged events only
     * @throws LedgerException when they are not on the device; the run then keeps its earlier keys
     */
    public void append(KeyList keys) throws LedgerException {
        if (closed) {
            throw new IllegalStateException("Run file " + file + " is closed");
        }
        if (keys.size() == 0) {
            return;
        }
        try (DurableFile out = new DurableFile(file)) {
            makeSound(out);
            torn = true;
            long end = length;
            for (int from = 0; from < keys.size(); from += MAX_BLOCK_KEYS) {
                byte[] block = block(keys, from, Math.min(keys.size(), from + MAX_BLOCK_KEYS));
                disk.write(out, end, block);
                end += block.length;
            }
            disk.force(out);
            torn = false;
            length = end;
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot write run file %s: %s. It lacks the last %d acknowledged keys. %s"
                            .formatted(file, e, keys.size(), disk.remedy()),
                    e);
        }
    }

    /** No key is added any more. */
    @Override
    public void close() {
        closed = true;
    }

    private void makeSound(DurableFile out) throws IOException {
        if (!torn) {
            return;
        }
        disk.truncate(out, length);
        if (length == 0) {
            byte[] header = new FileHeader(FileHeader.Kind.RUNS, recipe, 0, 0).encode();
            disk.write(out, 0, header);
        }
        disk.force(out);
        disk.forceDirectory(file.getParent());
        length = Math.max(length, FileHeader.BYTES);
        torn = false;
    }

    private static byte[] block(KeyList keys, int from, int to) {
        ByteBuffer block = ByteBuffer.allocate(Math.toIntExact(blockBytes(to - from)));
        block.putInt(to - from);
        block.put(keys.bytes(from, to));
        block.putInt((int) Checksums.crc32c(block.array(), block.position()));
        return block.array();
    }

    private static long blockBytes(int keys) {
        return 2L * Integer.BYTES + (long) keys * KEY_BYTES;
    }
}
