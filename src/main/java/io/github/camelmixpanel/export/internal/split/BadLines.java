package io.github.camelmixpanel.export.internal.split;

import io.github.camelmixpanel.export.failure.ExportException;

/** Receives every line of a body that is neither blank nor an event, in order. */
@FunctionalInterface
public interface BadLines {

    /** Ignores them. */
    BadLines IGNORE = (line, reason, bytes) -> {};

    /**
     * @param line 1-based
     * @param reason without the line's content
     * @param bytes the line without its line end, at most {@code maxLineSize} of it; owned by the
     *     receiver
     * @throws ExportException when it cannot be quarantined; ends the reading
     */
    void found(long line, String reason, byte[] bytes) throws ExportException;
}
