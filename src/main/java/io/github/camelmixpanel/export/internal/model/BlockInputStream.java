package io.github.camelmixpanel.export.internal.model;

import java.io.IOException;
import java.io.InputStream;

/** A stream made for reading in blocks; reading single bytes works as well. */
public abstract class BlockInputStream extends InputStream {

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] b, int off, int len) throws IOException;
}
