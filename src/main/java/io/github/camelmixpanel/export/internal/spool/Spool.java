package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.durable.SpillFile;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps the downloads of one export on disk, and never more than {@code maxSpoolSize} bytes of
 * them, finished and unfinished ones together.
 *
 * <pre>
 * 2026-10-11.g1.gz                 finished, gzip as received
 * 2026-10-11..2026-10-17.g2.jsonl  finished, not compressed; second generation of a week
 * 2026-10-12.g1.part               being written, or left over from a crash
 * notes-4711.tmp                   of {@link #newSpillFile}, not counted; or left over from a crash
 * </pre>
 *
 * Files with other names are neither counted nor touched. Only the owner can read what it creates.
 *
 * <p>Thread-safe. Only one process at a time may use the folder; the caller ensures that.
 */
public final class Spool {

    private static final int BLOCK_BYTES = 64 * 1024;

    private final SpoolFiles files;

    private Spool(SpoolFiles files) {
        this.files = files;
    }

    /**
     * Opens the folder, creates it if it is missing, and counts the files in it.
     *
     * @param maxSpoolSize in bytes; files found in the folder may exceed it, new blocks may not
     * @throws SpoolException when the folder cannot be created or listed
     */
    public static Spool open(Path folder, long maxSpoolSize) throws SpoolException {
        return open(folder, maxSpoolSize, new SpoolDisk());
    }

    static Spool open(Path folder, long maxSpoolSize, SpoolDisk disk) throws SpoolException {
        SpoolFiles files = new SpoolFiles(folder, maxSpoolSize, disk);
        try {
            files.open();
        } catch (IOException e) {
            throw new SpoolException(
                    """
                    Cannot use the spool folder %s (%s). Check that stateDirectory is a folder this \
                    user can write to."""
                            .formatted(folder, e),
                    e);
        }
        return new Spool(files);
    }

    /**
     * Starts a file for one download of a window.
     *
     * @throws SpoolException when the file cannot be created
     * @throws IllegalStateException when the same window and generation is being written already
     */
    public SpoolWriter create(Window window, int generation) throws SpoolException {
        String name = name(window, generation);
        String part = name + ".part";
        try {
            return new SpoolWriter(files, name, part, files.create(part));
        } catch (IOException e) {
            throw files.failed("create", part, "for window " + window, e);
        }
    }

    private static String name(Window window, int generation) {
        return window + ".g" + generation;
    }

    /**
     * Returns if the disk takes a block now, and has the room that the last download lacked.
     *
     * @throws SpoolException when a download of this window would fail
     */
    public void requireWritable(Window window, int generation) throws SpoolException {
        files.requireWritable(name(window, generation) + ".part");
    }

    /** Why the disk took no download lately; empty when it does. Cheap. */
    public Optional<String> trouble() {
        return files.trouble();
    }

    /** Looks whether the {@link #trouble} is over, if there is one. */
    public void look() {
        files.look();
    }

    /**
     * The bytes of a file as they were received; the caller closes it. If this process has written
     * the file, reading bytes that have changed since throws an {@code IOException}.
     *
     * @throws SpoolException when the file is missing or cannot be read
     */
    public InputStream open(SpooledBody body) throws SpoolException {
        Path file = existing(body);
        try {
            // not a channel: an interrupt would look like a broken disk
            InputStream bytes = new FileInputStream(file.toFile());
            BlockChecksums known = files.checksumsOf(body.file());
            return known == null
                    ? new BufferedInputStream(bytes, BLOCK_BYTES)
                    : new SpoolInputStream(bytes, known);
        } catch (IOException e) {
            throw unreadable(body, e);
        }
    }

    /**
     * The bytes of a verified body, inflated where it is compressed; the caller closes them. Where
     * {@link #open} compares each block with what was verified, the CRC-32 of the gzip members is
     * not computed again.
     *
     * @throws SpoolException as {@link #open} does
     */
    public InputStream inflate(SpooledBody body) throws SpoolException {
        InputStream bytes = open(body);
        return body.gzip()
                ? new GunzipInputStream(bytes, !(bytes instanceof SpoolInputStream))
                : bytes;
    }

    /**
     * Checks that the file is the one that was verified. A file of an earlier process is read to
     * its end and compared by its SHA-256; {@link #open} compares the others block by block.
     *
     * @throws SpoolException when length or SHA-256 differ, or the file is missing or unreadable
     */
    public void check(SpooledBody body) throws SpoolException {
        Path file = existing(body);
        try {
            long found = Files.size(file);
            if (found != body.bytes()) {
                throw changed(body, body.bytes() + " bytes", found + " bytes");
            }
            if (files.checksumsOf(body.file()) == null) {
                checkSha256(body);
            }
        } catch (IOException e) {
            throw unreadable(body, e);
        }
    }

    private void checkSha256(SpooledBody body) throws IOException, SpoolException {
        MessageDigest sha256 = SpoolWriter.newSha256();
        try (InputStream in = open(body)) {
            byte[] block = new byte[BLOCK_BYTES];
            for (int n; (n = in.read(block)) >= 0; ) {
                sha256.update(block, 0, n);
            }
        }
        String found = HexFormat.of().formatHex(sha256.digest());
        if (!found.equals(body.sha256())) {
            throw changed(body, "SHA-256 " + body.sha256(), found);
        }
    }

    /**
     * Deletes a file and frees its space. A file that cannot be deleted is logged and stays
     * counted.
     *
     * @throws IllegalArgumentException when the name is not one of this spool's
     */
    public void delete(String file) {
        files.delete(file);
    }

    /**
     * A temporary file for what is found in a body; {@code maxSpoolSize} does not count it.
     *
     * @param failed as in {@link SpillFile}
     */
    public SpillFile newSpillFile(Consumer<IOException> failed) {
        return new SpillFile(files.folder, failed);
    }

    /**
     * Deletes what no window needs: unfinished files, temporary ones, and those not named. Must be
     * called at start, before the first {@link #create}.
     */
    public void keepOnly(Set<String> names) {
        files.keepOnly(names);
    }

    /** Bytes of all files, unfinished ones included. */
    public long usedBytes() {
        return files.usedBytes();
    }

    /** {@code maxSpoolSize}, in bytes. */
    public long maxBytes() {
        return files.maxBytes;
    }

    private Path existing(SpooledBody body) throws SpoolException {
        if (!SpoolFiles.isName(body.file())) {
            throw changed(body, "a name such as 2026-10-11.g1.gz", body.file());
        }
        Path file = files.path(body.file());
        if (!Files.isRegularFile(file)) {
            boolean deleted = Files.notExists(file) && Files.isDirectory(files.folder);
            throw changed(body, body.bytes() + " bytes", "no file", !deleted);
        }
        return file;
    }

    private SpoolException changed(SpooledBody body, String expected, String found) {
        return changed(body, expected, found, false);
    }

    private SpoolException changed(
            SpooledBody body, String expected, String found, boolean outOfReach) {
        return new SpoolException(
                """
                Spool file %s has changed since it was verified: expected %s, found %s. Its window \
                must be exported again."""
                        .formatted(files.path(body.file()), expected, found),
                null,
                outOfReach);
    }

    private SpoolException unreadable(SpooledBody body, IOException e) {
        return new SpoolException(
                """
                Cannot read spool file %s (%s). If the disk is sound, its window must be exported \
                again."""
                        .formatted(files.path(body.file()), e),
                e,
                true);
    }
}
