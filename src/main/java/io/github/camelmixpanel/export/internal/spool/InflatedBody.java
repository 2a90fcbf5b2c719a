package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.internal.model.BlockInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;

/**
 * Keeps a body in memory as it was inflated for its verification, until its emission has read it; a
 * body that does not fit in what others have left is not kept. Filled by one thread, then read once
 * by another, then closed.
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
    private boolean fits;
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
        this.fits = limit > 0;
    }

    /** The same bytes, kept as they are read. */
    public InputStream keep(InputStream inflated) {
        if (!fits) {
            return inflated;
        }
        return new BlockInputStream() {
            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                int n = inflated.read(b, off, len);
                whole = fits && n < 0;
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
        for (int done = 0; fits && done < length; ) {
            if (inLast == BLOCK_BYTES) {
                addBlock();
            } else {
                int n = Math.min(length - done, BLOCK_BYTES - inLast);
                System.arraycopy(bytes, from + done, blocks.getLast(), inLast, n);
                inLast += n;
                done += n;
            }
        }
    }

    private void addBlock() {
        byte[] block = memory.take(limit);
        if (block == null) {
            close();
        } else {
            blocks.add(block);
            inLast = 0;
        }
    }

    public boolean isWhole() {
        return whole;
    }

    /** The body, which must be whole, once; each block is given back when it was read. */
    public InputStream read() {
        return new BlockInputStream() {
            private int position;

            @Override
            public int read(byte[] b, int off, int len) {
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
        };
    }

    @Override
    public void close() {
        fits = false;
        whole = false;
        while (!blocks.isEmpty()) {
            memory.giveBack(blocks.remove());
        }
    }
}
