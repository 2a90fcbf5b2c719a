package io.github.camelmixpanel.export.internal.spool;

import java.io.IOException;

/** Reports a gzip body that is damaged, cut, followed by other data, or not gzip at all. */
public final class GzipException extends IOException {

    private static final long serialVersionUID = 1L;

    GzipException(String message) {
        super(message);
    }
}
