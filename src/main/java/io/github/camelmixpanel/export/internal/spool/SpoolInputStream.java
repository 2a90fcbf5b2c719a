package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.internal.model.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Returns the bytes of a spool file only as long as they are those that were written: a changed
 * block throws an {@code IOException} before its first byte, and so does a file that has become
 * shorter or longer. Not thread-safe. Closing it closes the source.
 */
final class SpoolInputStream extends BlockInputStream {

    private final InputStream source;
    private final BlockChecksums checksums;
    private final byte[] block = new byte[BlockChecksums.BLOCK_BYTES];
    private int blocks; // read so far
    private int position;
    private int limit;

    SpoolInputStream(InputStream source, BlockChecksums checksums) {
        this.source = source;
        this.checksums = checksums;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int n = Math.min(length, limit - position);
        System.arraycopy(block, position, bytes, offset, n);
        position += n;
        return n;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /** Whether there is a byte left. */
    private boolean fill() throws IOException {
        if (position < limit) {
            return true;
        }
        int n = source.readNBytes(block, 0, block.length);
        if (n == 0 && blocks == checksums.count()) {
            return false;
        }
        if (!checksums.isBlock(blocks, block, n)) {
            long from = (long) blocks * block.length;
            throw new IOException(
                    "it has changed since it was verified, from byte " + from + " on");
        }
        blocks++;
        position = 0;
        limit = n;
        return true;
    }
}
