package io.github.camelmixpanel.export.internal.durable;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * What one thread puts down about a body, for another that reads it once in the same order, however
 * much it is: {@value #BLOCK_BYTES} bytes of it are in memory, and all before them in a temporary
 * file, which is made when it is needed.
 *
 * <p>Nobody depends on them: where the file cannot be written or read, or a block of it is not what
 * was written, they end. First all is put down, then it is read. The file's name ends with {@code
 * .tmp}; only its owner can read it, and it is gone after {@link #close}.
 */
public final class SpillFile implements Closeable {

    private static final int BLOCK_BYTES = 64 * 1024;
    private static final byte[] NOTHING = {};

    /** Takes no notes. */
    public static final SpillFile NONE = new SpillFile(null, failure -> {});

    private final Path folder;
    private final Consumer<IOException> failed;
    private final List<Block> written = new ArrayList<>();
    private Path file;
    private OutputStream out;
    private InputStream in;

    /** The one that is filled. */
    private byte[] bytes = NOTHING;

    private int size;
    private boolean ended;

    /** One in the file. */
    private record Block(int length, long checksum) {

        private static Block of(byte[] bytes, int length) {
            CRC32C checksum = new CRC32C();
            checksum.update(bytes, 0, length);
            return new Block(length, checksum.getValue());
        }
    }

    /**
     * @param folder an existing one, for the temporary file
     * @param failed told why the notes end before their end, by the thread that writes or reads
     */
    public SpillFile(Path folder, Consumer<IOException> failed) {
        this.folder = folder;
        this.failed = failed;
        this.ended = folder == null;
    }

    /**
     * Begins what is read together. What it puts down has no effect when this gave false.
     *
     * @param most bytes that it may take, a number of any size 10 of them
     * @return whether it may be put down
     */
    public boolean begin(int most) {
        if (bytes.length - size < most) {
            makeRoom();
        }
        return !ended;
    }

    private void makeRoom() {
        if (ended) {
            return;
        }
        if (bytes == NOTHING) {
            bytes = new byte[BLOCK_BYTES];
            return;
        }
        try {
            if (out == null) {
                // where there are POSIX permissions it is its owner's only
                file = Files.createTempFile(folder, "notes-", ".tmp");
                out = new FileOutputStream(file.toFile());
            }
            out.write(bytes, 0, size);
            written.add(Block.of(bytes, size));
            size = 0;
        } catch (IOException e) {
            ended = true; // what is in memory can still be read
            failed.accept(e);
        }
    }

    /** Puts down a byte. */
    public void put(int value) {
        bytes[size++] = (byte) value;
    }

    /** Puts down a number that is mostly small; it takes a byte for each 7 bits. */
    public void putNumber(long number) {
        long rest = number;
        while (rest > 0x7f || rest < 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Reads them from their start. */
    public Reader reader() {
        return new Reader();
    }

    /** Nobody reads them any more. */
    @Override
    public void close() {
        if (folder == null) {
            return;
        }
        ended = true;
        bytes = NOTHING;
        size = 0;
        written.clear();
        try {
            endWriting();
            endReading();
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            failed.accept(e);
        }
    }

    private void endWriting() throws IOException {
        if (out != null) {
            out.close();
            out = null;
        }
    }

    private void endReading() throws IOException {
        if (in != null) {
            in.close();
            in = null;
        }
    }

    /** Reads what was put down, each by the method that its writer has used; one at a time. */
    public final class Reader {

        private int next;
        private byte[] block = NOTHING;
        private int position;
        private int limit;

        private Reader() {}

        /** Whether there is more that was put down together. */
        public boolean hasNext() {
            return position < limit || nextBlock();
        }

        private boolean nextBlock() {
            if (next < written.size()) {
                return readBlock(written.get(next++));
            }
            if (next == written.size() && size > 0) {
                next++;
                block = bytes;
                position = 0;
                limit = size;
                return true;
            }
            return false;
        }

        private boolean readBlock(Block wanted) {
            try {
                if (next == 1) {
                    endWriting();
                    endReading();
                    in = new FileInputStream(file.toFile());
                    block = new byte[BLOCK_BYTES];
                }
                int length = in.readNBytes(block, 0, wanted.length());
                if (!Block.of(block, length).equals(wanted)) {
                    throw new IOException(file + " is not what was written");
                }
                position = 0;
                limit = length;
                return true;
            } catch (IOException e) {
                next = written.size() + 1; // nor what follows
                failed.accept(e);
                return false;
            }
        }

        public int get() {
            return block[position++];
        }

        public long getNumber() {
            byte b = block[position++];
            long number = b & 0x7f;
            for (int shift = 7; b < 0; shift += 7) {
                b = block[position++];
                number |= (long) (b & 0x7f) << shift;
            }
            return number;
        }
    }
}
