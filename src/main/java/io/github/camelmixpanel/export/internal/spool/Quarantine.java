package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.PrivateFiles;
import io.github.camelmixpanel.export.internal.model.Window;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps the bad lines of verified windows as they came, in one file per window and generation; a
 * window without bad lines has no file. {@code 2026-10-11.seen} has the fingerprints of answers
 * with too many of them, which pass when they come again. Thread-safe; each {@link Writer} is used
 * by one thread.
 *
 * @param maxBytes limit for the bad lines of one download
 */
public record Quarantine(Path folder, long maxBytes, Disk disk) {

    private static final Pattern NAME = Pattern.compile(".+\\.g(\\d{1,9})\\.jsonl");

    /** The highest generation of any file here; 0 if there is none. */
    public int lastGeneration() throws SpoolException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToInt(name -> Integer.parseInt(name.group(1)))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new SpoolException(
                    "Cannot list the quarantine folder %s (%s). Make it readable for this user."
                            .formatted(folder, e),
                    e);
        }
    }

    public Writer create(Window window, int generation) {
        return new Writer(window, generation);
    }

    /** Collects lines, which stay only if {@link #finish} is called before {@link #close}. */
    public final class Writer implements AutoCloseable {

        private final Window window;
        private final Path file;
        private final Path part;
        private final Path seen;
        private FileOutputStream opened;
        private OutputStream out;
        private long bytes;
        private boolean repeated;

        private Writer(Window window, int generation) {
            String name = window + ".g" + generation + ".jsonl";
            this.window = window;
            this.file = folder.resolve(name);
            this.part = folder.resolve(name + ".part");
            this.seen = folder.resolve(window + ".seen");
        }

        /**
         * Whether an earlier answer for the window had this fingerprint, which is remembered, over
         * restarts too, until one passes whatever came before.
         *
         * @throws SpoolException when the disk fails
         */
        public boolean isRepeated(long fingerprint) throws SpoolException {
            String line = Long.toHexString(fingerprint);
            try {
                PrivateFiles.createDirectories(folder);
                PrivateFiles.createFile(seen);
                repeated = Files.readAllLines(seen).contains(line);
                if (!repeated) {
                    Files.writeString(seen, line + "\n", StandardOpenOption.APPEND);
                }
                return repeated;
            } catch (IOException e) {
                throw failed(e);
            }
        }

        /**
         * @throws SpoolException when there are too many, or the disk fails
         */
        public void add(byte[] line) throws SpoolException {
            bytes += line.length + 1;
            if (bytes > maxBytes) {
                throw new SpoolException(
                        """
                        Window %s: its bad lines alone exceed maxSpoolSize=%d bytes. Check the \
                        options of the query: such an answer is not an export."""
                                .formatted(window, maxBytes));
            }
            try {
                if (out == null) {
                    PrivateFiles.createDirectories(folder);
                    Files.deleteIfExists(part);
                    PrivateFiles.createFile(part);
                    opened = new FileOutputStream(part.toFile());
                    out = new BufferedOutputStream(opened);
                }
                out.write(line);
                out.write('\n');
            } catch (IOException e) {
                throw failed(e);
            }
        }

        public void finish() throws SpoolException {
            try {
                if (!repeated) {
                    Files.deleteIfExists(seen);
                }
                if (out == null) {
                    return;
                }
                // once the window is committed, these lines are nowhere else
                out.flush();
                opened.getFD().sync();
                out.close();
                Disk.REAL.rename(part, file);
                disk.forceDirectory(folder);
                disk.forceDirectory(folder.toAbsolutePath().getParent()); // the first file's folder
            } catch (IOException e) {
                throw failed(e);
            }
        }

        private SpoolException failed(IOException e) {
            return new SpoolException(
                    """
                    Window %s: cannot quarantine bad lines in %s: %s. Free disk space, or make the \
                    folder writable."""
                            .formatted(window, file, e.getMessage()),
                    e);
        }

        @Override
        public void close() throws SpoolException {
            try {
                if (out != null) {
                    out.close();
                    Files.deleteIfExists(part);
                }
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }
}
