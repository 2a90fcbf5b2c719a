package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableLines;
import io.github.camelmixpanel.export.option.OnQueryChange;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a ledger as far as it was written, one line at a time, and fails on what it cannot
 * understand. Used once, by one thread.
 */
final class LedgerReader {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerReader.class);

    /**
     * What a ledger holds.
     *
     * @param header null when there is no whole line
     * @param lineCount with the header
     */
    record Contents(LedgerHeader header, LedgerState state, int lineCount) {

        /**
         * The state to go on with, which is that of another query only as {@code onQueryChange}
         * allows.
         *
         * @throws LedgerException when the query has changed and {@code onQueryChange} is {@code
         *     FAIL}
         */
        LedgerState stateFor(LedgerHeader wanted, OnQueryChange onQueryChange, Path file)
                throws LedgerException {
            if (header == null || header.fingerprint().equals(wanted.fingerprint())) {
                return state;
            }
            String differences = wanted.differencesFrom(header);
            if (onQueryChange == OnQueryChange.FAIL) {
                throw new LedgerException(
                        """
                        Export %s asks for something else than ledger %s was kept for (%s). Either change it back, or set\
                         onQueryChange=REEXPORT to export all days again, or set onQueryChange=KEEP to keep what is done\
                         and use the new query for the rest"""
                                .formatted(wanted.name(), file, differences));
            }
            boolean reexport = onQueryChange == OnQueryChange.REEXPORT;
            LOG.info(
                    "Export {} has a new query ({}); {}",
                    wanted.name(),
                    differences,
                    reexport ? "exporting all days again" : "keeping the days that are done");
            return reexport ? state.reopened() : state;
        }
    }

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
     * @throws LedgerException when a line before the last is damaged, or the ledger is of a newer
     *     version or of an export other than {@code name}
     */
    private static Contents read(DurableLines file, String name)
            throws IOException, LedgerException {
        LedgerReader reader = new LedgerReader(file, name);
        file.read(reader::take);
        return reader.end();
    }

    private void take(String line) throws LedgerException {
        if (failure != null) {
            throw damaged(count, failure);
        }
        count++;
        if (header == null) {
            header = header(line);
            return;
        }
        try {
            state.apply(LedgerFormat.entry(line));
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            failure = e; // if it is the last line, a crash has torn it
        }
    }

    private Contents end() throws IOException {
        if (file.isTorn()) {
            LOG.warn("Ledger {}: cut off line {}, which is torn", file.file(), count + 1);
        }
        if (failure != null) {
            String why = failure.getMessage();
            LOG.warn("Ledger {}: cut off line {}, which is torn ({})", file.file(), count, why);
            file.dropLast();
            count--;
        }
        return new Contents(header, state, count);
    }

    private LedgerHeader header(String line) throws LedgerException {
        LedgerHeader found;
        try {
            found = LedgerHeader.of(line);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw damaged(1, e);
        }
        if (found.version() > LedgerFormat.VERSION) {
            throw new LedgerException(
                    """
                    Ledger %s has format version %d, but this version of the component reads versions up to %d:\
                     use the newer component that wrote it, or set stateDirectory to another folder, where exports start from the beginning"""
                            .formatted(file.file(), found.version(), LedgerFormat.VERSION));
        }
        if (found.version() < 1) {
            String why = "no format version " + found.version() + " exists";
            throw damaged(1, new IllegalArgumentException(why));
        }
        if (!found.name().equals(name)) {
            throw new LedgerException(
                    """
                    Ledger %s is that of export "%s", not "%s" (some file systems do not distinguish upper and lower case):\
                     give the export another name, or its own stateDirectory"""
                            .formatted(file.file(), found.name(), name));
        }
        return found;
    }

    private LedgerException damaged(int line, Exception why) {
        return new LedgerException(
                """
                Ledger %s is damaged in line %d: %s. Restore the file from a backup, or move it away: then all days\
                 are exported again"""
                        .formatted(file.file(), line, why.getMessage()),
                why);
    }

    /** Makes a ledger of its lines, and of what is in them. */
    interface Opening<T> {
        T of(DurableLines lines, Contents found) throws IOException, LedgerException;
    }

    /** Closes the lines again when no ledger can be made of them. */
    static <T> T open(Path exportFolder, String name, Disk disk, Opening<T> opening)
            throws LedgerException {
        Path file = exportFolder.resolve("ledger.jsonl");
        try {
            DurableLines lines = DurableLines.open(file, disk);
            try {
                return opening.of(lines, read(lines, name));
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
