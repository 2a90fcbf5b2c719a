package io.github.camelmixpanel.export.internal.fetch;

import io.github.camelmixpanel.export.internal.model.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;

/**
 * Reports the early end of a body, and chunk lines and trailers without an end, as {@link
 * CutBodyException}, other failures as they are.
 */
final class FramedInputStream extends BlockInputStream {

    private final InputStream in;

    FramedInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return in.read(buffer, offset, length);
        } catch (ConnectionClosedException
                | MalformedChunkCodingException
                | MessageConstraintException e) {
            throw new CutBodyException(e);
        }
    }

    /**
     * Does nothing: the client would read the rest of the body first. {@link ExportResponse#close}
     * ends the connection instead.
     */
    @Override
    public void close() {}
}
