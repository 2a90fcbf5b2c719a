package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.failure.SpoolException;
import java.io.IOException;
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
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accounts for the files of a {@link Spool}: names, bytes and block checksums. Thread-safe. */
final class SpoolFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolFiles.class);
    private static final String DAY = "\\d{4}-\\d\\d-\\d\\d";
    private static final Pattern NAME =
            Pattern.compile(
                    "(arrivals-)?" + DAY + "(\\.\\." + DAY + ")?\\.g\\d+\\.(gz|jsonl|part)");

    final Path folder;
    final long maxBytes;
    final SpoolDisk disk;

    private final Map<String, Long> bytesByFile = new HashMap<>(); // guarded by this
    private final Set<String> partsBeingWritten = new HashSet<>(); // guarded by this
    private long usedBytes; // guarded by this: the sum of bytesByFile

    /** What must be free before the next download; guarded by this. */
    private long neededBytes;

    private volatile SpoolException trouble;
    private volatile String troubledFile;
    private final Object probing = new Object();

    /** Of the files that this process has finished. */
    private final Map<String, BlockChecksums> checksums = new HashMap<>(); // guarded by this

    SpoolFiles(Path folder, long maxBytes, SpoolDisk disk) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.disk = disk;
    }

    /** Creates the folder if it is missing, and counts the files in it. */
    synchronized void open() throws IOException {
        disk.createFolder(folder);
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

    static boolean isName(String file) {
        return NAME.matcher(file).matches();
    }

    Path path(String file) {
        return folder.resolve(file);
    }

    synchronized FileChannel create(String part) throws IOException {
        if (partsBeingWritten.contains(part)) {
            throw new IllegalStateException("Spool file " + part + " is being written already");
        }
        FileChannel channel = disk.create(path(part));
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
        disk.rename(path(part), path(file));
        uncount(file); // the file that was replaced
        Long bytes = bytesByFile.remove(part);
        bytesByFile.put(file, bytes == null ? 0 : bytes);
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

    synchronized void delete(String file) {
        if (!isName(file)) {
            throw new IllegalArgumentException("Not the name of a spool file: " + file);
        }
        try {
            disk.delete(path(file));
            uncount(file);
            checksums.remove(file);
        } catch (IOException e) {
            LOG.warn(
                    "Could not delete spool file {} ({}); it still counts towards maxSpoolSize",
                    path(file),
                    e.toString());
        }
    }

    synchronized void keepOnly(Set<String> files) {
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
                    "Could not delete temporary files of an earlier run in {} ({}); the next start"
                            + " tries again",
                    folder,
                    e.toString());
        }
    }

    synchronized long usedBytes() {
        return usedBytes;
    }

    /** The checksums of a file; null if an earlier process has written it. */
    synchronized BlockChecksums checksumsOf(String file) {
        return checksums.get(file);
    }

    Optional<String> trouble() {
        return Optional.ofNullable(trouble).map(SpoolException::getMessage);
    }

    /**
     * @param part what is about to be written
     */
    void requireWritable(String part) throws SpoolException {
        synchronized (probing) {
            try {
                disk.probe(folder);
                if (!disk.isOnOneDisk(folder, folder.getParent())) {
                    disk.probe(folder.getParent()); // the export's other files are there
                }
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

    void look() {
        if (trouble != null) {
            try {
                requireWritable(troubledFile);
            } catch (SpoolException e) {
                return; // as before
            }
        }
    }

    private synchronized void requireFree(long found) throws IOException {
        if (found < neededBytes) {
            throw new IOException(
                    "expected %d bytes free, found %d; a download has filled up the disk"
                            .formatted(neededBytes, found));
        }
    }

    synchronized SpoolException failed(String what, String file, String detail, IOException e) {
        // twice what it had taken, as no one knows how much more it needed
        neededBytes = Math.max(neededBytes, 2 * bytesByFile.getOrDefault(file, 0L));
        if (trouble == null) {
            LOG.warn("Spool folder {} cannot be written; no query before it can", folder);
        }
        SpoolException failure = failure(what, file, detail, e);
        troubledFile = file;
        trouble = failure;
        return failure;
    }

    private SpoolException failure(String what, String file, String detail, IOException e) {
        return new SpoolException(
                """
                Cannot %s spool file %s %s (%s). Free space on that disk, or set maxSpoolSize below \
                what it can hold."""
                        .formatted(what, path(file), detail, e),
                e);
    }

    private void uncount(String file) {
        Long bytes = bytesByFile.remove(file);
        usedBytes -= bytes == null ? 0 : bytes;
    }
}
