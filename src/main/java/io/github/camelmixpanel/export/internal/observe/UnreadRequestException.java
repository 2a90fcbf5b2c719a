package io.github.camelmixpanel.export.internal.observe;

import java.io.IOException;

/** The body of a request is too long, did not come in time, or others are being read. */
final class UnreadRequestException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int code;

    /**
     * @param code of the answer
     */
    UnreadRequestException(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }
}
