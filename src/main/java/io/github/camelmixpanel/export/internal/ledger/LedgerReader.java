package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a ledger as far as it was written, one line at a time, and fails on what it cannot
 * understand. Used once, by one thread.
 */
final class LedgerReader {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerReader.class);

    /** What a ledger holds; {@code lineCount} includes the header. */
    record Contents(LedgerHeader header, LedgerState state, int lineCount) {}

    private final DurableLines file;
    private final String name;
    private final LedgerState state = new LedgerState();
    private LedgerHeader header;
    private int count;

    /** Why the line just read could not be understood, or null. */
    private RuntimeException failure;

    private LedgerReader(DurableLines file, String name) {
        this.file = file;
        this.name = name;
    }

    /**
     * Reads all lines, and cuts off a last one that is torn.
     *
     * @return empty when there is no whole line
     * @throws LedgerException when a line before the last is damaged, or the ledger is of a newer
     *     version or of an export other than {@code name}
     */
    static Optional<Contents> read(DurableLines file, String name)
            throws IOException, LedgerException {
        LedgerReader reader = new LedgerReader(file, name);
        file.read(reader::take);
        return reader.end();
    }

    private void take(String line) throws LedgerException {
        if (failure != null) {
            throw damaged(file, count, failure);
        }
        count++;
        if (header == null) {
            header = header(file, line, name);
            return;
        }
        try {
            state.apply(LedgerFormat.entry(line));
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            failure = e; // if it is the last line, a crash has torn it
        }
    }

    private Optional<Contents> end() throws IOException {
        if (file.isTorn()) {
            LOG.warn("Ledger {}: cut off line {}, which is torn", file.file(), count + 1);
        }
        if (failure != null) {
            String why = failure.getMessage();
            LOG.warn("Ledger {}: cut off line {}, which is torn ({})", file.file(), count, why);
            file.dropLast();
            count--;
        }
        return header == null ? Optional.empty() : Optional.of(new Contents(header, state, count));
    }

    private static LedgerHeader header(DurableLines file, String line, String name)
            throws LedgerException {
        LedgerHeader header;
        try {
            header = LedgerHeader.of(line);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw damaged(file, 1, e);
        }
        if (header.version() > LedgerFormat.VERSION) {
            throw new LedgerException(
                    """
                    Ledger %s has format version %d, but this version of the component reads versions up to %d:\
                     use the newer component that wrote it, or set stateDirectory to another folder, where exports start from the beginning"""
                            .formatted(file.file(), header.version(), LedgerFormat.VERSION));
        }
        if (header.version() < 1) {
            throw damaged(
                    file,
                    1,
                    new IllegalArgumentException(
                            "no format version " + header.version() + " exists"));
        }
        if (!header.name().equals(name)) {
            throw new LedgerException(
                    """
                    Ledger %s is that of export "%s", not "%s" (some file systems do not distinguish upper and lower case):\
                     give the export another name, or its own stateDirectory"""
                            .formatted(file.file(), header.name(), name));
        }
        return header;
    }

    private static LedgerException damaged(DurableLines file, int line, Exception why) {
        return new LedgerException(
                """
                Ledger %s is damaged in line %d: %s. Restore the file from a backup, or move it away: then all days\
                 are exported again"""
                        .formatted(file.file(), line, why.getMessage()),
                why);
    }

    static LedgerException noProgress(Path exportFolder, String name) {
        return new LedgerException(
                "Export %s has no progress in %s: its consumer has never run with this stateDirectory"
                        .formatted(name, exportFolder));
    }

    /** Makes a ledger of its lines. */
    interface Opening<T> {
        T of(DurableLines lines) throws IOException, LedgerException;
    }

    /** Closes the lines again when no ledger can be made of them. */
    static <T> T open(Path exportFolder, String name, Disk disk, Opening<T> opening)
            throws LedgerException {
        Path file = exportFolder.resolve("ledger.jsonl");
        try {
            DurableLines lines = DurableLines.open(file, disk);
            try {
                return opening.of(lines);
            } catch (IOException | LedgerException | RuntimeException e) {
                try (lines) {
                    throw e;
                }
            }
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot open ledger %s of export %s: %s. %s, and start the route again"
                            .formatted(file, name, e, disk.remedy()),
                    e);
        }
    }
}
