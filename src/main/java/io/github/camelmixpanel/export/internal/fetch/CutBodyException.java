package io.github.camelmixpanel.export.internal.fetch;

import java.io.IOException;

/** The connection ended before the length or the last chunk that the server announced. */
public final class CutBodyException extends IOException {

    private static final long serialVersionUID = 1L;

    CutBodyException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
