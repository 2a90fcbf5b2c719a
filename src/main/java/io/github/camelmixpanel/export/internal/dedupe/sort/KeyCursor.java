package io.github.camelmixpanel.export.internal.dedupe.sort;

import io.github.camelmixpanel.export.failure.LedgerException;
import java.io.Closeable;
import java.io.IOException;

/** Goes once through keys in ascending order, and is the key it stands on. Not thread-safe. */
public abstract class KeyCursor extends PackedKey implements Closeable {

    /**
     * Goes to the next key, if there is one; after that it is not to be called again.
     *
     * @throws LedgerException when the file it reads is damaged
     */
    public abstract boolean next() throws IOException, LedgerException;

    @Override
    public abstract void close() throws IOException;
}
