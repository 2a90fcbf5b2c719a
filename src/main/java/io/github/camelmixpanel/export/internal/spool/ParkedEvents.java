package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableFile;
import io.github.camelmixpanel.export.internal.durable.PrivateFiles;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Keeps events whose exchange failed until an operator decides: the events passed to {@link #add}
 * are on the device when it returns, as Mixpanel sent them.
 *
 * <p>There is one file per window and generation, {@code 2026-10-11.g1.tsv}, readable by its owner
 * only. A line is the event's line in the download, a tab, the SHA-256 of that download, a tab, and
 * the event: {@code cut -f3-} returns the events. A last line without a line end is left from a
 * crash and was never counted as parked; it is ignored and overwritten. Not thread-safe.
 */
public record ParkedEvents(Path folder, Disk disk) {

    /** Each byte as one character, and back. */
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    /**
     * @param line 1-based, in the download
     * @param sha256 of the download
     */
    public record Parked(long line, String sha256, byte[] json) {}

    /** Receives each parked event, in the order in which they were parked. */
    @FunctionalInterface
    public interface Taker<E extends Exception> {
        void take(Parked parked) throws E;
    }

    /**
     * Adds events of one download.
     *
     * @throws LedgerException when they are not on the device
     */
    public void add(Window window, int generation, String sha256, Collection<ExportEvent> events)
            throws LedgerException {
        Path file = file(window, generation);
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (ExportEvent event : events) {
            lines.writeBytes(line(new Parked(event.line(), sha256, event.json())));
        }
        try {
            PrivateFiles.createDirectories(folder);
            try (DurableFile out = new DurableFile(file)) {
                long sound = read(file, parked -> {});
                disk.truncate(out, sound);
                write(out, sound, lines.toByteArray());
            }
            disk.forceDirectory(folder);
            disk.forceDirectory(folder.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw failed("park events of", window, file, e);
        }
    }

    /** All or nothing: a retry would park twice what a failed write left. */
    private void write(DurableFile out, long sound, byte[] lines) throws IOException {
        try {
            disk.write(out, sound, lines);
            disk.force(out);
        } catch (IOException e) {
            try {
                disk.truncate(out, sound);
            } catch (IOException next) {
                e.addSuppressed(next);
            }
            throw e;
        }
    }

    /** Reads the parked events of one generation of a window, if there are any. */
    public <E extends Exception> void read(Window window, int generation, Taker<E> taker)
            throws LedgerException, E {
        Path file = file(window, generation);
        try {
            if (Files.exists(file)) {
                read(file, taker);
            }
        } catch (IOException e) {
            throw failed("read the parked events of", window, file, e);
        }
    }

    /**
     * Returns the next parked events of one generation of a window, in order; none after the last.
     *
     * @param after the number of events to skip
     * @param bytes ends the list once its events have that many
     */
    public List<Parked> read(Window window, int generation, long after, long bytes)
            throws LedgerException {
        Path file = file(window, generation);
        List<Parked> events = new ArrayList<>();
        if (!Files.exists(file)) {
            return events;
        }
        try (Lines lines = new Lines(file)) {
            long position = 0;
            long read = 0;
            for (Parked parked; read < bytes && (parked = lines.next()) != null; ) {
                if (++position > after) {
                    events.add(parked);
                    read += parked.json().length;
                }
            }
            return events;
        } catch (IOException e) {
            throw failed("read the parked events of", window, file, e);
        }
    }

    /**
     * Removes all parked events but these, atomically.
     *
     * @param positions from 1, in the order of {@link #read}
     */
    public void keep(Window window, int generation, LongPredicate positions)
            throws LedgerException {
        Path file = file(window, generation);
        if (!Files.exists(file)) {
            return; // a crash left the ledger behind the deletion of the file
        }
        Path part = folder.resolve(file.getFileName() + ".part");
        try {
            Files.deleteIfExists(part);
            long[] position = {0};
            boolean any;
            try (DurableFile out = new DurableFile(part)) {
                read(
                        file,
                        parked -> {
                            if (positions.test(++position[0])) {
                                disk.write(out, out.length(), line(parked));
                            }
                        });
                any = out.length() > 0;
                disk.force(out);
            }
            if (any) {
                disk.rename(part, file);
            } else {
                Files.delete(part);
                disk.delete(file);
            }
            disk.forceDirectory(folder);
        } catch (IOException e) {
            throw failed("rewrite the parked events of", window, file, e);
        }
    }

    public void delete(Window window, int generation) throws LedgerException {
        Path file = file(window, generation);
        try {
            if (disk.delete(file)) {
                disk.forceDirectory(folder);
            }
        } catch (IOException e) {
            throw failed("delete the parked events of", window, file, e);
        }
    }

    private Path file(Window window, int generation) {
        return folder.resolve(window + ".g" + generation + ".tsv");
    }

    private static byte[] line(Parked parked) {
        String json = new String(parked.json(), BYTES);
        return (parked.line() + "\t" + parked.sha256() + "\t" + json + "\n").getBytes(BYTES);
    }

    /** Returns the length of the complete lines. */
    private static <E extends Exception> long read(Path file, Taker<E> taker)
            throws IOException, E {
        try (Lines lines = new Lines(file)) {
            for (Parked parked; (parked = lines.next()) != null; ) {
                taker.take(parked);
            }
            return lines.sound;
        }
    }

    /** Reads the complete lines of a file. */
    private static final class Lines extends BufferedInputStream {

        private final Path file;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private long sound;

        private Lines(Path file) throws IOException {
            super(new FileInputStream(file.toFile()));
            this.file = file;
        }

        /** Null after the last line. */
        private Parked next() throws IOException {
            line.reset();
            for (int b; (b = read()) >= 0; ) {
                if (b == '\n') {
                    sound += line.size() + 1;
                    return parked(line.toString(BYTES));
                }
                line.write(b);
            }
            return null;
        }

        private Parked parked(String text) throws IOException {
            String[] fields = text.split("\t", 3);
            if (fields.length < 3) {
                throw new IOException("a line of " + file + " has fewer than two tabs");
            }
            try {
                return new Parked(Long.parseLong(fields[0]), fields[1], fields[2].getBytes(BYTES));
            } catch (NumberFormatException e) {
                throw new IOException("a line of " + file + " does not begin with a number", e);
            }
        }
    }

    private LedgerException failed(String what, Window window, Path file, IOException e) {
        return new LedgerException(
                "Cannot %s window %s in %s: %s. %s; no event is lost, and the operation is retried."
                        .formatted(what, window, file, e.getMessage(), disk.remedy()),
                e);
    }
}
