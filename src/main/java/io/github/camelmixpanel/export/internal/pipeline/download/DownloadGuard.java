package io.github.camelmixpanel.export.internal.pipeline.download;

import io.github.camelmixpanel.export.failure.ExportException;
import java.io.IOException;

/** Keeps a download inside its time and the spool inside its size. */
@FunctionalInterface
public interface DownloadGuard {

    /** Returns when there may be room for one more block, or throws when there will not be. */
    void makeRoom() throws ExportException, IOException;

    /** A block has come, or the end; throws when the download has lasted too long. */
    default void received(int bytes) throws ExportException {}
}
