package io.github.camelmixpanel.export.internal.pipeline.download;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.model.BlockInputStream;
import io.github.camelmixpanel.export.internal.spool.SpoolFull;
import io.github.camelmixpanel.export.internal.spool.SpoolWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Every byte that can be read from it is in the spool. Used by one thread. */
final class SpoolingInputStream extends BlockInputStream {

    private final InputStream received;
    private final SpoolWriter spooled;
    private final Room room;

    SpoolingInputStream(InputStream received, SpoolWriter spooled, Room room) {
        this.received = received;
        this.spooled = spooled;
        this.room = room;
    }

    /** Asked once a block. */
    interface Room {

        /**
         * Takes note of a block that came, or of the end, and throws when the download has lasted
         * too long.
         */
        void received(int bytes) throws ExportException;

        /** Returns when there may be room for one more block, or throws when there will not be. */
        void make() throws ExportException, IOException;
    }

    /** Carries a failure of a download through the streams on top of it. */
    static final class ExportStreamException extends IOException {

        private static final long serialVersionUID = 1L;

        private final ExportException failure;

        ExportStreamException(ExportException failure) {
            super(failure);
            this.failure = failure;
        }

        ExportException failure() {
            return failure;
        }
    }

    /**
     * Fills the buffer, however little comes at a time: to write and to inflate is dear per call.
     */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int filled = fill(buffer, offset, length);
            if (filled > 0) {
                spool(buffer, offset, filled);
            }
            return filled == 0 && length > 0 ? -1 : filled;
        } catch (ExportException e) {
            throw new ExportStreamException(e);
        }
    }

    private int fill(byte[] buffer, int offset, int length) throws IOException, ExportException {
        int filled = 0;
        while (filled < length) {
            int read = received.read(buffer, offset + filled, length - filled);
            room.received(Math.max(0, read));
            if (read < 0) {
                break;
            }
            filled += read;
        }
        return filled;
    }

    private void spool(byte[] buffer, int offset, int length) throws IOException, ExportException {
        while (true) {
            try {
                spooled.write(buffer, offset, length);
                return;
            } catch (SpoolFull e) {
                room.make();
            } catch (IOException e) {
                Optional<SpoolException> diskFailure = spooled.failure();
                if (diskFailure.isPresent()) {
                    throw diskFailure.get();
                }
                throw e;
            }
        }
    }
}
