package io.github.camelmixpanel.export.model;

import java.io.IOException;

/** Lets a failure of a helping thread be that of the thread it helps. */
public final class OtherThread {

    private OtherThread() {}

    /**
     * Throws what the other thread has thrown.
     *
     * @return never, so that the compiler knows that the caller ends here
     */
    public static IllegalStateException failed(Throwable failure)
            throws IOException, ExportException {
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure instanceof ExportException export) {
            throw export;
        }
        if (failure instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(failure);
    }
}
