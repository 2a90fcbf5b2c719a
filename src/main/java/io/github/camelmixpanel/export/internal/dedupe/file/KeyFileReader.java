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
 * Gives the keys of one key file, and fails at its end, at the latest, if they are not exactly
 * those that were written: who uses them has to read to the end.
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
        // an interrupt of the thread does not close this stream
        InputStream in = new FileInputStream(file.toFile());
        boolean opened = false;
        try {
            KeyFileReader reader = new KeyFileReader(file, readHeader(in, file, day, recipe), in);
            opened = true;
            return reader;
        } finally {
            if (!opened) {
                in.close();
            }
        }
    }

    /**
     * How many keys a file has, after a look at its header and length only.
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
            throw damaged(file, "it is the file of another day, renamed");
        }
        long expected = KeyFileWriter.fileLength(header);
        long length = Files.size(file);
        if (length != expected) {
            throw damaged(file, "it has " + length + " bytes instead of " + expected);
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
        mark = header.version() == 1 ? CURRENT : Integer.toUnsignedLong(block.getInt());
        return true;
    }

    private void fill() throws IOException, LedgerException {
        int length = (int) Math.min(block.capacity(), unread * keyBytes);
        if (in.readNBytes(block.array(), 0, length) < length) {
            throw damaged(file, "it ends early");
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
