package io.github.camelmixpanel.export.internal.fetch;

import java.io.IOException;

/** Proves that the body is not whole: its announced length or last chunk did not come. */
public final class CutBodyException extends IOException {

    private static final long serialVersionUID = 1L;

    CutBodyException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
