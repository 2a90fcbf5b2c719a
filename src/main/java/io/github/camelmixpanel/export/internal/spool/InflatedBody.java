package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.internal.model.BlockInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;

/**
 * Keeps a body in memory as it was inflated for its verification, until its emission has read it.
 *
 * <p>It is dispensable: of a body that does not fit in what others have left, only the end is kept,
 * and nothing once it exceeds that by the limit. Filled by one thread, then read once by another,
 * then closed.
 */
public final class InflatedBody implements Closeable {

    /** Not large for any garbage collector. */
    static final int BLOCK_BYTES = 64 * 1024;

    /** Keeps nothing. */
    public static final InflatedBody NONE = new InflatedBody(new Memory(), 0);

    private final Memory memory;
    private final long limit;
    private final ArrayDeque<byte[]> blocks = new ArrayDeque<>();
    private int inLast = BLOCK_BYTES;

    /** How many bytes come before those in the blocks; as many as the limit: nothing is kept. */
    private long dropped;

    private boolean whole;

    /**
     * What bodies share. Its blocks are used again, since the collector would copy new ones, until
     * none is in use. Thread-safe.
     */
    public static final class Memory {

        private final ArrayDeque<byte[]> free = new ArrayDeque<>();
        private long used;

        /** In bytes. */
        public synchronized long used() {
            return used;
        }

        private synchronized byte[] take(long limit) {
            if (used + BLOCK_BYTES > limit) {
                return null;
            }
            byte[] block = free.isEmpty() ? new byte[BLOCK_BYTES] : free.pop();
            used += BLOCK_BYTES;
            return block;
        }

        private synchronized void giveBack(byte[] block) {
            used -= BLOCK_BYTES;
            free.push(block);
            if (used == 0) {
                free.clear();
            }
        }
    }

    /**
     * @param limit of what all bodies take of the memory, in bytes; 0 to keep nothing of this one
     */
    public InflatedBody(Memory memory, long limit) {
        this.memory = memory;
        this.limit = limit;
    }

    /** The same bytes, kept as they are read. */
    public InputStream keep(InputStream inflated) {
        if (limit == 0) {
            return inflated;
        }
        return new BlockInputStream() {
            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                int n = inflated.read(b, off, len);
                whole = n < 0;
                add(b, off, n);
                return n;
            }

            @Override
            public void close() throws IOException {
                inflated.close();
            }
        };
    }

    private void add(byte[] bytes, int from, int length) {
        int done = 0;
        while (done < length && dropped < limit && (inLast < BLOCK_BYTES || addBlock())) {
            int n = Math.min(length - done, BLOCK_BYTES - inLast);
            System.arraycopy(bytes, from + done, blocks.getLast(), inLast, n);
            inLast += n;
            done += n;
        }
        dropped += Math.max(0, length - done);
        if (dropped >= limit) {
            giveBackAll();
        }
    }

    /** Where all memory is in use, the oldest block becomes the last one. */
    private boolean addBlock() {
        byte[] block = memory.take(limit);
        if (block == null && !blocks.isEmpty()) {
            block = blocks.remove();
            dropped += BLOCK_BYTES;
        }
        if (block != null) {
            blocks.add(block);
            inLast = 0;
        }
        return block != null;
    }

    /**
     * The whole body, once: what is not kept is read from the source, which closing this closes.
     *
     * @param inflated the whole body too
     */
    public InputStream read(InputStream inflated) {
        return !whole || dropped >= limit ? inflated : new Kept(inflated);
    }

    private final class Kept extends BlockInputStream {

        private final InputStream inflated;
        private long left = dropped;
        private int position;

        private Kept(InputStream inflated) {
            this.inflated = inflated;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            if (left > 0) {
                int n = inflated.read(b, off, (int) Math.min(len, left));
                if (n < 0) {
                    throw new EOFException("it has become shorter");
                }
                left -= n;
                return n;
            }
            if (blocks.isEmpty()) {
                return -1;
            }
            int end = blocks.size() == 1 ? inLast : BLOCK_BYTES;
            int n = Math.min(len, end - position);
            System.arraycopy(blocks.element(), position, b, off, n);
            position += n;
            if (position == end) {
                memory.giveBack(blocks.remove());
                position = 0;
            }
            return n;
        }

        @Override
        public void close() throws IOException {
            inflated.close();
        }
    }

    @Override
    public void close() {
        whole = false;
        giveBackAll();
    }

    private void giveBackAll() {
        while (!blocks.isEmpty()) {
            memory.giveBack(blocks.remove());
        }
    }
}
