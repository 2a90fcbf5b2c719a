package io.github.camelmixpanel.export.internal.split;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.model.BlockInputStream;
import io.github.camelmixpanel.export.internal.model.HelperThread;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;

/**
 * What one thread has read, another reads here, block by block: so that a body is received, spooled
 * and inflated on one core while its lines are looked at on another.
 *
 * <p>Where the source fails, so does this, after all that came before. Memory: four blocks of 128
 * KiB. One thread fills it, one reads and closes it.
 */
public final class BlockPipe extends BlockInputStream {

    private static final int BLOCKS = 4;
    private static final int BLOCK_BYTES = 128 * 1024;

    private final Queue<Block> full = new ArrayDeque<>(); // guarded by this, as all but the blocks
    private final Queue<Block> free = new ArrayDeque<>();
    private boolean ended;
    private boolean closed;
    private Throwable failure;

    /** Of the reader. */
    private Block current;

    private static final class Block {

        private final byte[] bytes = new byte[BLOCK_BYTES];
        private int position;
        private int limit;
    }

    public BlockPipe() {
        for (int i = 0; i < BLOCKS; i++) {
            free.add(new Block());
        }
    }

    /** Reads the source to its end, or until it fails, or until nobody reads here any more. */
    public void fill(InputStream source) {
        Throwable broken = null;
        try {
            for (Block block; (block = nextFree()) != null; ) {
                block.position = 0;
                block.limit = source.read(block.bytes, 0, BLOCK_BYTES);
                if (block.limit < 0) {
                    break;
                }
                add(block);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            broken = new InterruptedIOException("interrupted while a body was read");
        } catch (Throwable e) { // told to the thread that reads: never the end of a whole body
            broken = e;
        }
        end(broken);
    }

    private synchronized Block nextFree() throws InterruptedException {
        while (free.isEmpty() && !closed) {
            wait();
        }
        return closed ? null : free.remove();
    }

    private synchronized void add(Block block) {
        full.add(block);
        notifyAll();
    }

    private synchronized void end(Throwable broken) {
        failure = broken;
        ended = true;
        notifyAll();
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        Objects.checkFromIndexSize(off, len, b.length);
        if (len == 0) {
            return 0;
        }
        if (current == null || current.position == current.limit) {
            current = nextFull(current);
        }
        if (current == null) {
            return -1;
        }
        int n = Math.min(len, current.limit - current.position);
        System.arraycopy(current.bytes, current.position, b, off, n);
        current.position += n;
        return n;
    }

    /** Null at the end. */
    private synchronized Block nextFull(Block done) throws IOException {
        if (done != null) {
            free.add(done);
            notifyAll();
        }
        while (full.isEmpty()) {
            if (ended) {
                if (failure != null) {
                    throw failed();
                }
                return null;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while a body was checked");
            }
        }
        return full.remove();
    }

    private IOException failed() throws IOException {
        try {
            throw HelperThread.failed(failure);
        } catch (ExportException e) {
            throw new IllegalStateException(e); // no stream throws one
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
