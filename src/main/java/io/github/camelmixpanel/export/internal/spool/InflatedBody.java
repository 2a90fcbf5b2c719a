package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.internal.model.BlockInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A body as it was inflated for its verification, kept in memory until its emission has read it, so
 * that it is inflated once. It is dispensable: of a body that does not fit in what others have left
 * of the memory only the end is kept, and nothing when it exceeds the limit twice.
 *
 * <p>Memory is taken in blocks of 64 KB, none of which is large for a garbage collector, and given
 * back with each block that was read. Filled by one thread, then read once by another, then closed.
 */
public final class InflatedBody implements Closeable {

    static final int BLOCK_BYTES = 64 * 1024;

    /** Keeps nothing. */
    public static final InflatedBody NONE = new InflatedBody(new Memory(), 0);

    private final Memory memory;
    private final long limit;
    private final ArrayDeque<byte[]> blocks = new ArrayDeque<>();
    private int inLast = BLOCK_BYTES;

    /** How many bytes of the body come before those that are kept. */
    private long dropped;

    private boolean keeps;
    private boolean ended;

    /** What bodies take together, whichever exports they belong to. Thread-safe. */
    public static final class Memory {

        /** Whatever the option says: a small heap needs its memory for other things. */
        private static final long SHARE_OF_HEAP = Runtime.getRuntime().maxMemory() / 8;

        private final AtomicLong used = new AtomicLong();

        /** In bytes. */
        public long used() {
            return used.get();
        }

        private boolean takeBlock(long limit) {
            if (used.addAndGet(BLOCK_BYTES) <= Math.min(limit, SHARE_OF_HEAP)) {
                return true;
            }
            giveBack(1);
            return false;
        }

        private void giveBack(int blocks) {
            used.addAndGet(-(long) blocks * BLOCK_BYTES);
        }
    }

    /**
     * @param limit of all bodies in this memory together, in bytes, as this one sees it; 0 to keep
     *     nothing of it
     */
    public InflatedBody(Memory memory, long limit) {
        this.memory = memory;
        this.limit = limit;
        this.keeps = limit > 0;
    }

    /** The same bytes, kept as they are read. Closing it closes the source. */
    public InputStream keep(InputStream inflated) {
        return new BlockInputStream() {
            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                int n = inflated.read(b, off, len);
                ended |= n < 0;
                if (keeps && n > 0) {
                    add(b, off, n);
                }
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
        while (done < length && lastHasRoom()) {
            int n = Math.min(length - done, BLOCK_BYTES - inLast);
            System.arraycopy(bytes, from + done, blocks.getLast(), inLast, n);
            inLast += n;
            done += n;
        }
        dropped += length - done;
        if (dropped > limit) {
            close();
        }
    }

    /** Where no more memory is to be had, the oldest block becomes the last one. */
    private boolean lastHasRoom() {
        if (inLast < BLOCK_BYTES) {
            return true;
        }
        byte[] block;
        if (memory.takeBlock(limit)) {
            block = new byte[BLOCK_BYTES];
        } else if (blocks.isEmpty()) {
            return false;
        } else {
            block = blocks.remove();
            dropped += BLOCK_BYTES;
        }
        blocks.add(block);
        inLast = 0;
        return true;
    }

    /**
     * The whole body, once; what was kept of it is read from memory.
     *
     * @param inflated gives it too; what was not kept is read from it. Closing the result closes it
     */
    public InputStream read(InputStream inflated) {
        if (!keeps || !ended) {
            return inflated;
        }
        return new BlockInputStream() {
            private long left = dropped;
            private int position;

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                Objects.checkFromIndexSize(off, len, b.length);
                return left > 0 ? readDropped(b, off, len) : readKept(b, off, len);
            }

            private int readDropped(byte[] b, int off, int len) throws IOException {
                int n = inflated.read(b, off, (int) Math.min(len, left));
                if (n < 0) {
                    throw new IOException("it has become shorter");
                }
                left -= n;
                return n;
            }

            private int readKept(byte[] b, int off, int len) {
                if (blocks.isEmpty()) {
                    return -1;
                }
                int limit = blocks.size() == 1 ? inLast : BLOCK_BYTES;
                int n = Math.min(len, limit - position);
                System.arraycopy(blocks.element(), position, b, off, n);
                position += n;
                if (position == limit) {
                    blocks.remove();
                    memory.giveBack(1);
                    position = 0;
                }
                return n;
            }

            @Override
            public void close() throws IOException {
                inflated.close();
            }
        };
    }

    /** Gives back the memory. */
    @Override
    public void close() {
        keeps = false;
        memory.giveBack(blocks.size());
        blocks.clear();
    }
}
