package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.durable.Checksums;
import io.github.camelmixpanel.export.internal.model.Window;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes one download, whose file gets its final name only when every byte of it is on disk.
 *
 * <p>Each write takes its whole block, or throws {@link SpoolFull} and takes nothing of it. If
 * closed before {@link #finish}, it leaves nothing behind. Blocks go straight to the file, so
 * callers should write large ones.
 *
 * <p>Not thread-safe; writers of the same spool do not disturb each other.
 */
public final class SpoolWriter extends OutputStream {

    private final Spool spool;
    private final String name;
    private final String part;
    private final FileChannel channel;
    private final MessageDigest sha256 = Checksums.newSha256();
    private final BlockChecksums checksums = new BlockChecksums();
    private long bytes;
    private boolean open = true;
    private SpoolException failure;

    private SpoolWriter(Spool spool, String name, String part, FileChannel channel) {
        this.spool = spool;
        this.name = name;
        this.part = part;
        this.channel = channel;
    }

    /**
     * Starts a file for one download of a window.
     *
     * @throws SpoolException when the file cannot be created
     * @throws IllegalStateException when the same window and generation is being written already
     */
    public static SpoolWriter create(Spool spool, Window window, int generation)
            throws SpoolException {
        String name = window + ".g" + generation;
        String part = name + ".part";
        try {
            return new SpoolWriter(spool, name, part, spool.create(part));
        } catch (IOException e) {
            throw spool.failed("create", part, "for window " + window, e);
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /**
     * @throws SpoolFull when {@code maxSpoolSize} would be passed; the block may be written again
     * @throws IOException when the disk fails; see {@link #failure()}
     */
    @Override
    public void write(byte[] block, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, block.length);
        if (!open) {
            throw new IOException("Spool file " + part + " is closed");
        }
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        spool.reserve(part, length);
        try {
            spool.disk.write(channel, ByteBuffer.wrap(block, offset, length));
        } catch (ClosedChannelException e) {
            throw e; // the thread was interrupted; the disk is fine
        } catch (IOException e) {
            failure = spool.failed("write", part, "after " + bytes + " bytes", e);
            throw new IOException(failure.getMessage(), failure);
        }
        sha256.update(block, offset, length);
        checksums.update(block, offset, length);
        bytes += length;
    }

    /** The bytes written so far, to be read and closed by the caller before {@link #finish}. */
    public InputStream written() throws IOException {
        return new FileInputStream(spool.folder.resolve(part).toFile());
    }

    /** Bytes written so far. */
    public long bytes() {
        return bytes;
    }

    /** Why the disk failed to write a block; empty while it has not. */
    public Optional<SpoolException> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Makes the file durable under its final name, replacing an earlier one of the same window and
     * generation.
     *
     * @param gzip whether the body is compressed: the file's name says so
     * @throws SpoolException when a write failed before, or the disk fails now; no file is left
     */
    public SpooledFile finish(boolean gzip) throws SpoolException {
        if (failure != null) {
            throw failure;
        }
        if (!open) {
            throw new IllegalStateException("Spool file " + part + " is closed");
        }
        String file = name + (gzip ? ".gz" : ".jsonl");
        try {
            // bytes first, then the name, then the folder that holds the name
            spool.disk.force(channel);
            channel.close();
            checksums.finish();
            spool.rename(part, file, checksums);
        } catch (IOException e) {
            close();
            throw spool.failed("finish", part, "of " + bytes + " bytes", e);
        }
        open = false;
        try {
            spool.disk.forceFolder(spool.folder);
        } catch (IOException e) {
            spool.delete(file);
            throw spool.failed("finish", file, "of " + bytes + " bytes", e);
        }
        return new SpooledFile(file, gzip, bytes, HexFormat.of().formatHex(sha256.digest()));
    }

    /** Deletes what was written and frees its space; does nothing after {@link #finish}. */
    @Override
    public void close() {
        if (open) {
            open = false;
            spool.discard(part, channel);
        }
    }
}
