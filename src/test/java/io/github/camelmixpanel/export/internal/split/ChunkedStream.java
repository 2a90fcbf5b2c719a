package io.github.camelmixpanel.export.internal.split;

import java.io.ByteArrayInputStream;
import java.util.Random;

/** A stream that gives 1 to n bytes at a time, as a socket may. */
public final class ChunkedStream extends ByteArrayInputStream {

    private final Random random;
    private final int maxChunk;

    public ChunkedStream(byte[] bytes, Random random, int maxChunk) {
        super(bytes);
        this.random = random;
        this.maxChunk = maxChunk;
    }

    @Override
    public synchronized int read(byte[] b, int off, int len) {
        return super.read(b, off, Math.min(len, 1 + random.nextInt(maxChunk)));
    }
}
