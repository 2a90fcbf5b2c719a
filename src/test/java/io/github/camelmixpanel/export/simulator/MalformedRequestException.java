package io.github.camelmixpanel.export.simulator;

import java.io.IOException;

/** Says what is wrong with bytes that are no HTTP/1.1 request the simulator reads. */
final class MalformedRequestException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedRequestException(String message) {
        super(message);
    }
}
