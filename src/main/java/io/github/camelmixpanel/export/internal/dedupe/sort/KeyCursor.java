package io.github.camelmixpanel.export.internal.dedupe.sort;

import io.github.camelmixpanel.export.failure.LedgerException;
import java.io.Closeable;
import java.io.IOException;

/** Passes once through keys in ascending order, and is itself the current key. Not thread-safe. */
public abstract class KeyCursor extends PackedKey implements Closeable {

    /**
     * Moves to the next key; must not be called again once it has returned false.
     *
     * @throws LedgerException when a file is damaged
     */
    public abstract boolean next() throws IOException, LedgerException;
}
