package io.github.camelmixpanel.export.internal.split;

import io.github.camelmixpanel.export.failure.ExportException;

/** Is told of every line of a body that is neither blank nor an event, in order. */
@FunctionalInterface
public interface BadLines {

    /** Takes no notice. */
    BadLines IGNORE = (line, reason, bytes) -> {};

    /**
     * @param line 1-based
     * @param reason without the line's content
     * @param bytes the line without its line end, at most {@code maxLineSize} of it; owned by the
     *     receiver
     * @throws ExportException when it cannot be set aside; ends the reading
     */
    void found(long line, String reason, byte[] bytes) throws ExportException;
}
