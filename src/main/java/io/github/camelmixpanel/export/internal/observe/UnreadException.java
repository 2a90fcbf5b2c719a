package io.github.camelmixpanel.export.internal.observe;

import java.io.IOException;

/** A body is too long, did not come in time, or others are being read. */
final class UnreadException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int code;

    /**
     * @param code the status of the answer
     */
    UnreadException(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }
}
