package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.durable.SpillFile;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The downloads of one export on disk, never more than {@code maxSpoolSize} bytes of them, finished
 * and unfinished ones together.
 *
 * <pre>
 * 2026-10-11.g1.gz                 finished, gzip as received
 * 2026-10-11..2026-10-17.g2.jsonl  finished, not compressed; second generation of a week
 * 2026-10-12.g1.part               being written, or left over from a crash
 * notes-4711.tmp                   of {@link #newNotes}, not counted; or left over from a crash
 * </pre>
 *
 * Files with other names are neither counted nor touched. Only the owner can read what it creates.
 *
 * <p>Thread-safe. One process at a time; the folder's owner sees to that.
 */
public final class Spool {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final String DAY = "\\d{4}-\\d\\d-\\d\\d";
    private static final Pattern NAME =
            Pattern.compile(
                    "(arrivals-)?" + DAY + "(\\.\\." + DAY + ")?\\.g\\d+\\.(gz|jsonl|part)");
    private static final int BLOCK_BYTES = 64 * 1024;

    private final Path folder;
    private final long maxBytes;
    private final SpoolDisk disk;
    private final Map<String, Long> bytesByFile = new HashMap<>(); // guarded by this
    private final Set<String> partsBeingWritten = new HashSet<>(); // guarded by this
    private long usedBytes; // guarded by this: the sum of bytesByFile

    /** Of the files that this process has finished. */
    private final Map<String, BlockChecksums> checksums = new HashMap<>(); // guarded by this

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
            disk.createFolder(folder);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    if (NAME.matcher(name).matches()) {
                        spool.count(name, Files.size(file));
                    }
                }
            }
        } catch (IOException e) {
            throw new SpoolException(
                    "Cannot use the spool folder "
                            + folder
                            + " ("
                            + e
                            + "). Check that stateDirectory is a folder this user can write to.",
                    e);
        }
        return spool;
    }

    /**
     * Starts a file for one download of a window.
     *
     * @throws SpoolException when the file cannot be created
     * @throws IllegalStateException when the same window and generation is being written already
     */
    public synchronized SpoolWriter create(Window window, int generation) throws SpoolException {
        String name = window + ".g" + generation;
        String part = name + ".part";
        if (partsBeingWritten.contains(part)) {
            throw new IllegalStateException("Spool file " + part + " is being written already");
        }
        try {
            FileChannel channel = disk.create(folder.resolve(part));
            uncount(part); // a crash may have left one
            partsBeingWritten.add(part);
            return new SpoolWriter(this, disk, name, part, channel);
        } catch (IOException e) {
            throw failed("create", part, "for window " + window, e);
        }
    }

    /**
     * The file's bytes as they were received; the caller closes it. Of a file that this process has
     * written, bytes that have changed since are an {@code IOException} when they are read.
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

    /**
     * Finds out whether the file is what was verified. One that an earlier process has written is
     * read to its end and compared by its SHA-256; of others, what {@link #open} gives is compared
     * block by block.
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
            if (checksumsOf(body) == null) {
                checkSha256(body);
            }
        } catch (IOException e) {
            throw unreadable(body, e);
        }
    }

    private void checkSha256(SpooledBody body) throws IOException, SpoolException {
        MessageDigest sha256 = newSha256();
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

    private synchronized BlockChecksums checksumsOf(SpooledBody body) {
        return checksums.get(body.file());
    }

    /**
     * Deletes a file and gives its space back. A file that cannot be deleted is logged and stays
     * counted.
     *
     * @throws IllegalArgumentException when the name is not one of this spool's
     */
    public synchronized void delete(String file) {
        if (!NAME.matcher(file).matches()) {
            throw new IllegalArgumentException("Not the name of a spool file: " + file);
        }
        try {
            disk.delete(folder.resolve(file));
            uncount(file);
            checksums.remove(file);
        } catch (IOException e) {
            LOG.warn(
                    "Cannot delete spool file {} ({}); it keeps its share of maxSpoolSize.",
                    folder.resolve(file),
                    e.toString());
        }
    }

    /**
     * For what is noted about a body, in temporary files that {@code maxSpoolSize} does not count.
     *
     * @param failed as of {@link SpillFile}
     */
    public SpillFile newNotes(Consumer<IOException> failed) {
        return new SpillFile(folder, failed);
    }

    /**
     * Deletes what no window needs: unfinished files, temporary ones, and those not named. For use
     * at start, before the first {@link #create}.
     */
    public synchronized void keepOnly(Set<String> files) {
        for (String file : List.copyOf(bytesByFile.keySet())) {
            if (!files.contains(file) || file.endsWith(".part")) {
                delete(file);
            }
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "notes-*.tmp")) {
            for (Path file : left) {
                disk.delete(file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn(
                    "Cannot delete temporary files of an earlier run in {}: {}",
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

    synchronized void reserve(String part, int bytes) throws SpoolFull {
        if (bytes > maxBytes - usedBytes) {
            throw new SpoolFull(
                    "The spool "
                            + folder
                            + " holds "
                            + usedBytes
                            + " of at most "
                            + maxBytes
                            + " bytes (maxSpoolSize): no room for "
                            + bytes
                            + " more of "
                            + part);
        }
        bytesByFile.merge(part, (long) bytes, Long::sum);
        usedBytes += bytes;
    }

    synchronized void rename(String part, String file, BlockChecksums written) throws IOException {
        disk.rename(folder.resolve(part), folder.resolve(file));
        uncount(file); // the file that was replaced
        Long bytes = bytesByFile.remove(part);
        bytesByFile.put(file, bytes == null ? 0 : bytes);
        checksums.put(file, written);
        partsBeingWritten.remove(part);
    }

    void forceFolder() throws IOException {
        disk.forceFolder(folder);
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

    SpoolException failed(String what, String file, String detail, IOException e) {
        return new SpoolException(
                "Cannot "
                        + what
                        + " spool file "
                        + folder.resolve(file)
                        + " "
                        + detail
                        + " ("
                        + e
                        + "). Free space on that disk, or set maxSpoolSize below what it can hold.",
                e);
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private synchronized void count(String file, long bytes) {
        bytesByFile.put(file, bytes);
        usedBytes += bytes;
    }

    private void uncount(String file) {
        Long bytes = bytesByFile.remove(file);
        usedBytes -= bytes == null ? 0 : bytes;
    }

    private Path existing(SpooledBody body) throws SpoolException {
        if (!NAME.matcher(body.file()).matches()) {
            throw changed(body, "a name such as 2026-10-11.g1.gz", body.file());
        }
        Path file = folder.resolve(body.file());
        if (!Files.isRegularFile(file)) {
            throw changed(body, body.bytes() + " bytes", "no file");
        }
        return file;
    }

    private SpoolException changed(SpooledBody body, String expected, String found) {
        return new SpoolException(
                "Spool file "
                        + folder.resolve(body.file())
                        + " is not what was verified: expected "
                        + expected
                        + ", found "
                        + found
                        + ". Its window must be exported again.");
    }

    private SpoolException unreadable(SpooledBody body, IOException e) {
        return new SpoolException(
                "Cannot read spool file "
                        + folder.resolve(body.file())
                        + " ("
                        + e
                        + "). If the disk is sound, its window must be exported again.",
                e);
    }
}
