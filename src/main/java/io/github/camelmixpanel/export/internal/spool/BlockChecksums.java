package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.internal.durable.Checksums;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Holds the CRC32C of each block of a spool file, taken while it is written, so that a changed
 * block is detected when it is read, before any of its bytes are used.
 *
 * <p>In memory only, four bytes for each {@value #BLOCK_BYTES}; a later process compares the
 * SHA-256 of the whole file. Filled by one thread, then read by others.
 */
final class BlockChecksums {

    static final int BLOCK_BYTES = 64 * 1024;

    private final CRC32C checksum = new CRC32C();
    private int[] blocks = new int[16];
    private int count;
    private int inBlock;

    /** Adds the next bytes of the file. */
    void update(byte[] bytes, int from, int length) {
        int end = from + length;
        for (int i = from; i < end; ) {
            int n = Math.min(end - i, BLOCK_BYTES - inBlock);
            checksum.update(bytes, i, n);
            inBlock += n;
            i += n;
            if (inBlock == BLOCK_BYTES) {
                finishBlock();
            }
        }
    }

    /** Ends the last block. */
    void finish() {
        if (inBlock > 0) {
            finishBlock();
        }
        blocks = Arrays.copyOf(blocks, count);
    }

    private void finishBlock() {
        if (count == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * count);
        }
        blocks[count++] = (int) checksum.getValue();
        checksum.reset();
        inBlock = 0;
    }

    /** The number of blocks; only the last one may be shorter. */
    int count() {
        return count;
    }

    /** Whether this is block number {@code block}, from 0. */
    boolean isBlock(int block, byte[] bytes, int length) {
        return block < count && blocks[block] == (int) Checksums.crc32c(bytes, length);
    }
}
