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

/**
 * Stores any amount of values from one thread, for another one that then reads them in the same
 * order: the last {@value #BLOCK_BYTES} bytes in memory, all before them in a temporary file, which
 * the first full block creates.
 *
 * <p>The values are dispensable: they end early when the file cannot be written or read, or when a
 * block of it has changed. Writing ends before reading begins. The file's name ends with {@code
 * .tmp}; only its owner can read it, and {@link #close} deletes it.
 */
public final class SpillFile implements Closeable {

    private static final int BLOCK_BYTES = 64 * 1024;
    private static final byte[] NOTHING = {};

    /** Stores nothing. */
    public static final SpillFile NONE = new SpillFile(null, failure -> {});

    private final Path folder;
    private final Consumer<IOException> failed;
    private final List<Block> written = new ArrayList<>();
    private Path file;
    private OutputStream out;
    private InputStream in;

    /** The block being filled. */
    private byte[] bytes = NOTHING;

    private int size;
    private boolean ended;

    /** A block in the file. */
    private record Block(int length, long checksum) {

        private static Block of(byte[] bytes, int length) {
            return new Block(length, Checksums.crc32c(bytes, length));
        }
    }

    /**
     * @param folder an existing one, for the temporary file
     * @param failed gets why the values end early, from the thread that writes or reads
     */
    public SpillFile(Path folder, Consumer<IOException> failed) {
        this.folder = folder;
        this.failed = failed;
        this.ended = folder == null;
    }

    /**
     * Begins values that are read together. They are discarded when this returns false.
     *
     * @param most bytes that they may take, up to 10 per number
     * @return whether they are stored
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
                // with POSIX permissions, only its owner can read it
                file = Files.createTempFile(folder, "notes-", ".tmp");
                out = new FileOutputStream(file.toFile());
            }
            out.write(bytes, 0, size);
            written.add(Block.of(bytes, size));
            size = 0;
        } catch (IOException e) {
            ended = true; // the block in memory can still be read
            failed.accept(e);
        }
    }

    public void put(int value) {
        bytes[size++] = (byte) value;
    }

    /** Stores a number that is mostly small, in one byte per 7 bits. */
    public void putNumber(long number) {
        long rest = number;
        while (rest > 0x7f || rest < 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Reads the values from the first one on. */
    public Reader reader() {
        return new Reader();
    }

    /** Deletes the values and the file. */
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
            closeStreams();
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            failed.accept(e);
        }
    }

    private void closeStreams() throws IOException {
        if (out != null) {
            out.close();
            out = null;
        }
        if (in != null) {
            in.close();
            in = null;
        }
    }

    /** Reads each value by the method that corresponds to its writer's; one reader at a time. */
    public final class Reader {

        private int next;
        private byte[] block = NOTHING;
        private int position;
        private int limit;

        private Reader() {}

        /** Whether more values that were stored together follow. */
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
                    closeStreams();
                    in = new FileInputStream(file.toFile());
                    block = new byte[BLOCK_BYTES];
                }
                int length = in.readNBytes(block, 0, wanted.length());
                if (!Block.of(block, length).equals(wanted)) {
                    throw new IOException(file + " has changed since it was written");
                }
                position = 0;
                limit = length;
                return true;
            } catch (IOException e) {
                next = written.size() + 1; // nor any later block
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
