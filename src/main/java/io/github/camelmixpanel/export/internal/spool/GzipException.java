package io.github.camelmixpanel.export.internal.spool;

import java.io.IOException;

/** A gzip body is damaged, cut, followed by something else, or no gzip at all. */
public final class GzipException extends IOException {

    private static final long serialVersionUID = 1L;

    GzipException(String message) {
        super(message);
    }
}
