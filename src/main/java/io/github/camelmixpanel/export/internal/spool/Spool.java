package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.durable.Checksums;
import io.github.camelmixpanel.export.internal.durable.PrivateFiles;
import io.github.camelmixpanel.export.internal.durable.SpillFile;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final int BLOCK_BYTES = 64 * 1024;
    private static final String DAY = "\\d{4}-\\d\\d-\\d\\d";
    private static final Pattern NAME =
            Pattern.compile(
                    "(arrivals-)?" + DAY + "(\\.\\." + DAY + ")?\\.g\\d+\\.(gz|jsonl|part)");

    final Path folder;
    final SpoolDisk disk;
    private final long maxBytes;

    // guarded by this
    private final Map<String, Long> bytesByFile = new HashMap<>();
    private final Set<String> partsBeingWritten = new HashSet<>();
    private final Map<String, BlockChecksums> checksums = new HashMap<>(); // of what is finished
    private long usedBytes; // the sum of bytesByFile
    private long neededBytes; // what must be free before the next download

    private volatile SpoolException trouble;
    private volatile String troubledFile;
    private final Object probing = new Object();

    private Spool(Path folder, long maxBytes, SpoolDisk disk) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.disk = disk;
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
        Spool spool = new Spool(folder, maxSpoolSize, disk);
        try {
            spool.countFiles();
        } catch (IOException e) {
            throw new SpoolException(
                    """
                    Cannot use the spool folder %s (%s). Check that stateDirectory is a folder this \
                    user can write to."""
                            .formatted(folder, e),
                    e);
        }
        return spool;
    }

    private synchronized void countFiles() throws IOException {
        PrivateFiles.createDirectories(folder);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (isName(name)) {
                    bytesByFile.put(name, Files.size(file));
                    usedBytes += bytesByFile.get(name);
                }
            }
        }
    }

    private static boolean isName(String file) {
        return NAME.matcher(file).matches();
    }

    synchronized FileChannel create(String part) throws IOException {
        if (partsBeingWritten.contains(part)) {
            throw new IllegalStateException("Spool file " + part + " is being written already");
        }
        FileChannel channel = disk.create(folder.resolve(part));
        uncount(part); // a crash may have left one
        partsBeingWritten.add(part);
        return channel;
    }

    synchronized void reserve(String part, int bytes) throws SpoolFull {
        if (bytes > maxBytes - usedBytes) {
            throw new SpoolFull(
                    "The spool %s holds %d of at most %d bytes (maxSpoolSize): no room for %d of %s"
                            .formatted(folder, usedBytes, maxBytes, bytes, part));
        }
        bytesByFile.merge(part, (long) bytes, Long::sum);
        usedBytes += bytes;
    }

    synchronized void rename(String part, String file, BlockChecksums written) throws IOException {
        disk.rename(folder.resolve(part), folder.resolve(file));
        uncount(file); // the file that was replaced
        bytesByFile.put(file, Objects.requireNonNullElse(bytesByFile.remove(part), 0L));
        checksums.put(file, written);
        partsBeingWritten.remove(part);
        neededBytes = 0;
    }

    synchronized void discard(String part, FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing {} failed", part, e);
        }
        delete(part);
        partsBeingWritten.remove(part);
    }

    /**
     * Deletes a file and frees its space. A file that cannot be deleted is logged and stays
     * counted.
     *
     * @throws IllegalArgumentException when the name is not one of this spool's
     */
    public synchronized void delete(String file) {
        if (!isName(file)) {
            throw new IllegalArgumentException("Not the name of a spool file: " + file);
        }
        try {
            disk.delete(folder.resolve(file));
            uncount(file);
            checksums.remove(file);
        } catch (IOException e) {
            LOG.warn(
                    "Could not delete spool file {} ({}); it still counts towards maxSpoolSize",
                    folder.resolve(file),
                    e.toString());
        }
    }

    private void uncount(String file) {
        usedBytes -= Objects.requireNonNullElse(bytesByFile.remove(file), 0L);
    }

    /**
     * Deletes what no window needs: unfinished files, temporary ones, and those not named. Must be
     * called at start, before the first file is written.
     */
    public synchronized void keepOnly(Set<String> names) {
        for (String file : List.copyOf(bytesByFile.keySet())) {
            if (!names.contains(file) || file.endsWith(".part")) {
                delete(file);
            }
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "notes-*.tmp")) {
            for (Path file : left) {
                disk.delete(file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn(
                    "Could not delete temporary files of an earlier run in {} ({}); the next start tries again",
                    folder,
                    e.toString());
        }
    }

    /** Bytes of all files, unfinished ones included. */
    public synchronized long usedBytes() {
        return usedBytes;
    }

    /** {@code maxSpoolSize}, in bytes. */
    public long maxBytes() {
        return maxBytes;
    }

    /**
     * A temporary file for what is found in a body; {@code maxSpoolSize} does not count it.
     *
     * @param failed as in {@link SpillFile}
     */
    public SpillFile newSpillFile(Consumer<IOException> failed) {
        return new SpillFile(folder, failed);
    }

    /**
     * Returns if the disk takes a block now, and has the room that the last download lacked.
     *
     * @throws SpoolException when a download of this window would fail
     */
    public void requireWritable(Window window, int generation) throws SpoolException {
        requireWritable(window + ".g" + generation + ".part");
    }

    private void requireWritable(String part) throws SpoolException {
        synchronized (probing) {
            try {
                disk.probe(folder);
                requireFree(disk.usableBytes(folder));
            } catch (ClosedChannelException e) {
                return; // the thread was interrupted; the disk may be fine
            } catch (IOException e) {
                throw failed("write", part, "for a download", e);
            }
            if (trouble != null) {
                LOG.info("Spool folder {} is writable again", folder);
            }
            trouble = null;
        }
    }

    private synchronized void requireFree(long found) throws IOException {
        if (found < neededBytes) {
            throw new IOException(
                    "expected %d bytes free, found %d; a download has filled up the disk"
                            .formatted(neededBytes, found));
        }
    }

    /** Why the disk took no download lately; empty when it does. Cheap. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble).map(SpoolException::getMessage);
    }

    /** Looks whether the {@link #trouble} is over, if there is one. */
    public void look() {
        if (trouble != null) {
            try {
                requireWritable(troubledFile);
            } catch (SpoolException e) {
                return; // as before
            }
        }
    }

    synchronized SpoolException failed(String what, String file, String detail, IOException e) {
        // twice what it had taken, as no one knows how much more it needed
        neededBytes = Math.max(neededBytes, 2 * bytesByFile.getOrDefault(file, 0L));
        if (trouble == null) {
            LOG.warn("Spool folder {} cannot be written; no query before it can", folder);
        }
        SpoolException failure =
                new SpoolException(
                        """
                        Cannot %s spool file %s %s (%s). Free space on that disk, or set maxSpoolSize below \
                        what it can hold."""
                                .formatted(what, folder.resolve(file), detail, e),
                        e);
        troubledFile = file;
        trouble = failure;
        return failure;
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
            BlockChecksums known = checksumsOf(body);
            return known == null
                    ? new BufferedInputStream(bytes, BLOCK_BYTES)
                    : new SpoolInputStream(bytes, known);
        } catch (IOException e) {
            throw unreadable(body, e);
        }
    }

    /** Null if an earlier process has written the file. */
    private synchronized BlockChecksums checksumsOf(SpooledBody body) {
        return checksums.get(body.file());
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
                throw changed(body, body.bytes() + " bytes", found + " bytes", false);
            }
            if (checksumsOf(body) == null) {
                checkSha256(body);
            }
        } catch (IOException e) {
            throw unreadable(body, e);
        }
    }

    private void checkSha256(SpooledBody body) throws IOException, SpoolException {
        try (InputStream in = open(body)) {
            String found = Checksums.sha256(in);
            if (!found.equals(body.sha256())) {
                throw changed(body, "SHA-256 " + body.sha256(), found, false);
            }
        }
    }

    private Path existing(SpooledBody body) throws SpoolException {
        if (!isName(body.file())) {
            throw changed(body, "a name such as 2026-10-11.g1.gz", body.file(), false);
        }
        Path file = folder.resolve(body.file());
        if (!Files.isRegularFile(file)) {
            boolean deleted = Files.notExists(file) && Files.isDirectory(folder);
            throw changed(body, body.bytes() + " bytes", "no file", !deleted);
        }
        return file;
    }

    private SpoolException changed(
            SpooledBody body, String expected, String found, boolean outOfReach) {
        return new SpoolException(
                """
                Spool file %s has changed since it was verified: expected %s, found %s. Its window \
                must be exported again."""
                        .formatted(folder.resolve(body.file()), expected, found),
                null,
                outOfReach);
    }

    private SpoolException unreadable(SpooledBody body, IOException e) {
        return new SpoolException(
                """
                Cannot read spool file %s (%s). If the disk is sound, its window must be exported \
                again."""
                        .formatted(folder.resolve(body.file()), e),
                e,
                true);
    }
}
