package io.github.camelmixpanel.export.internal.dedupe.file;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.sort.KeyCursor;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Returns the keys of one key file, and fails at its end at the latest if they are not exactly
 * those that were written: callers must read to the end.
 *
 * <p>See {@link KeyFileWriter} for the format. Not thread-safe.
 */
public final class KeyFileReader extends KeyCursor {

    private final Path file;
    private final FileHeader header;
    private final InputStream in;
    private final CRC32C checksum = new CRC32C();
    private final int keyBytes;
    private final ByteBuffer block;
    private long unread;

    private KeyFileReader(Path file, FileHeader header, InputStream in) {
        this.file = file;
        this.header = header;
        this.in = in;
        this.unread = header.count();
        this.keyBytes = KeyFileWriter.keyBytes(header.version());
        this.block = ByteBuffer.allocate(4096 * keyBytes).limit(0);
    }

    /**
     * Opens a file.
     *
     * @throws LedgerException when its header is damaged, of another day, format or recipe, or does
     *     not fit the file's length
     */
    public static KeyFileReader open(Path file, int day, DedupeRecipe recipe)
            throws IOException, LedgerException {
        // not a channel, which an interrupt of the thread would close
        InputStream in = new FileInputStream(file.toFile());
        try {
            return new KeyFileReader(file, readHeader(in, file, day, recipe), in);
        } catch (Throwable e) {
            in.close();
            throw e;
        }
    }

    /**
     * The number of keys in a file; checks its header and length only.
     *
     * @throws LedgerException as in {@link #open}
     */
    public static long count(Path file, int day, DedupeRecipe recipe)
            throws IOException, LedgerException {
        try (InputStream in = new FileInputStream(file.toFile())) {
            return readHeader(in, file, day, recipe).count();
        }
    }

    private static FileHeader readHeader(InputStream in, Path file, int day, DedupeRecipe recipe)
            throws IOException, LedgerException {
        byte[] bytes = in.readNBytes(FileHeader.BYTES);
        FileHeader header = FileHeader.decode(file, bytes, FileHeader.Kind.KEYS, recipe);
        if (header.day() != day) {
            throw damaged(file, "it belongs to another day and was renamed");
        }
        long expected =
                FileHeader.BYTES
                        + header.count() * KeyFileWriter.keyBytes(header.version())
                        + Integer.BYTES;
        long length = Files.size(file);
        if (length != expected) {
            throw damaged(file, "it has %d bytes instead of %d".formatted(length, expected));
        }
        return header;
    }

    @Override
    public boolean next() throws IOException, LedgerException {
        if (!block.hasRemaining()) {
            if (unread == 0) {
                checkEnd();
                return false;
            }
            fill();
        }
        set(header.day(), block.getLong(), block.getLong(), 0, 0);
        mark =
                switch (header.version()) {
                    case 1 -> CURRENT;
                    case 2 -> Integer.toUnsignedLong(block.getInt());
                    default -> block.getLong();
                };
        return true;
    }

    private void fill() throws IOException, LedgerException {
        int length = (int) Math.min(block.capacity(), unread * keyBytes);
        if (in.readNBytes(block.array(), 0, length) < length) {
            throw damaged(file, "it ends too early");
        }
        checksum.update(block.array(), 0, length);
        unread -= length / keyBytes;
        block.clear().limit(length);
    }

    private void checkEnd() throws IOException, LedgerException {
        byte[] end = in.readNBytes(Integer.BYTES);
        if (end.length < Integer.BYTES
                || ByteBuffer.wrap(end).getInt() != (int) checksum.getValue()) {
            throw damaged(file, "the checksum of its keys is wrong");
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static LedgerException damaged(Path file, String found) {
        return FileHeader.damaged(FileHeader.Kind.KEYS, file, found);
    }
}
