package io.github.camelmixpanel.export.internal.pipeline.download;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.model.BlockInputStream;
import io.github.camelmixpanel.export.internal.spool.SpoolFull;
import io.github.camelmixpanel.export.internal.spool.SpoolWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Receives a body, spools it and hands it on to be verified, block by block: what the verifier gets
 * of {@link #spooled()} is in the spool before. Used by one thread.
 */
record SpoolTee(InputStream received, SpoolWriter spool, DownloadGuard guard) {

    /** Carries the failure of a download through the streams on top of it. */
    static final class FailedDownload extends IOException {

        private static final long serialVersionUID = 1L;

        FailedDownload(ExportException failure) {
            super(failure);
        }

        ExportException failure() {
            return (ExportException) getCause();
        }
    }

    /** The body to be verified; what is read of it is in the spool. */
    InputStream spooled() {
        return new BlockInputStream() {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                try {
                    return transfer(buffer, offset, length);
                } catch (ExportException e) {
                    throw new FailedDownload(e);
                }
            }
        };
    }

    /**
     * Receives one block and spools it.
     *
     * @return its length; -1 at the end of the body
     */
    private int transfer(byte[] block, int offset, int length) throws IOException, ExportException {
        int filled = receive(block, offset, length);
        if (filled > 0) {
            spool(block, offset, filled);
        }
        return filled == 0 && length > 0 ? -1 : filled;
    }

    /** Fills the block, however little comes at a time: to write and to inflate costs per call. */
    private int receive(byte[] block, int offset, int length) throws IOException, ExportException {
        int filled = 0;
        while (filled < length) {
            int read = received.read(block, offset + filled, length - filled);
            guard.received(Math.max(0, read));
            if (read < 0) {
                break;
            }
            filled += read;
        }
        return filled;
    }

    private void spool(byte[] block, int offset, int length) throws IOException, ExportException {
        while (true) {
            try {
                spool.write(block, offset, length);
                return;
            } catch (SpoolFull e) {
                guard.makeRoom();
            } catch (IOException e) {
                Optional<SpoolException> diskFailure = spool.failure();
                if (diskFailure.isPresent()) {
                    throw diskFailure.get();
                }
                throw e;
            }
        }
    }
}
