package io.github.camelmixpanel.export.internal.fetch;

import java.io.IOException;

/** Proves that the connection ended before the announced length or the last chunk. */
public final class CutBodyException extends IOException {

    private static final long serialVersionUID = 1L;

    CutBodyException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
