package io.github.camelmixpanel.export.simulator;

/** How an answer tells the client where its body ends. */
enum Framing {
    CHUNKED,
    LENGTH,
    /** The end of the connection is the end of the body. */
    UNTIL_CLOSE,
    /** A {@code Content-Length} less than what is sent. */
    LENGTH_TOO_SHORT,
    /** A {@code Content-Length} more than what is sent. */
    LENGTH_TOO_LONG,
    /** Chunks without the empty one at the end. */
    NO_LAST_CHUNK,
    /** The head has no end: what should be the body is more of it. */
    ENDLESS_HEAD,
    /** By the answer's own headers, the body sent as it is. */
    AS_GIVEN;

    boolean isChunked() {
        return this == CHUNKED || this == NO_LAST_CHUNK;
    }

    boolean keepsAlive() {
        return this == CHUNKED || this == LENGTH;
    }
}
