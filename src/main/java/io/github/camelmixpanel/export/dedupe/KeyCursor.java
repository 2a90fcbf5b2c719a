package io.github.camelmixpanel.export.dedupe;

import io.github.camelmixpanel.export.model.LedgerException;
import java.io.Closeable;
import java.io.IOException;

/** Goes once through keys in ascending order, and is the key it stands on. Not thread-safe. */
abstract class KeyCursor extends PackedKey implements Closeable {

    /**
     * Goes to the next key, if there is one; after that it is not to be called again.
     *
     * @throws LedgerException when the file it reads is damaged
     */
    abstract boolean next() throws IOException, LedgerException;

    @Override
    public abstract void close() throws IOException;
}
