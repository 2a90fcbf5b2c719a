package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.DurableLines;
import io.github.camelmixpanel.export.internal.ledger.LedgerFormat.Header;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a ledger as far as it was written, and fails on what it cannot understand.
 *
 * <p>Stateless and thread-safe.
 */
final class LedgerReader {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerReader.class);

    /** What a ledger holds; {@code lineCount} includes the header. */
    record Contents(Header header, LedgerState state, int lineCount) {}

    private LedgerReader() {}

    /**
     * Reads all lines, and cuts off a last one that is torn.
     *
     * @return empty when there is no whole line
     * @throws LedgerException when a line before the last is damaged, or the ledger is of a newer
     *     version or of an export other than {@code name}
     */
    static Optional<Contents> read(DurableLines file, String name)
            throws IOException, LedgerException {
        List<String> lines = file.read();
        if (file.isTorn()) {
            LOG.warn("Ledger {}: cut off line {}, which is torn", file.file(), lines.size() + 1);
        }
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        Header header = header(file, lines.get(0), name);
        LedgerState state = new LedgerState();
        for (int i = 1; i < lines.size(); i++) {
            try {
                state.apply(LedgerFormat.entry(lines.get(i)));
            } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
                if (i < lines.size() - 1) {
                    throw damaged(file, i + 1, e);
                }
                String why = e.getMessage();
                LOG.warn("Ledger {}: cut off line {}, which is torn ({})", file.file(), i + 1, why);
                file.dropLast();
                return Optional.of(new Contents(header, state, i));
            }
        }
        return Optional.of(new Contents(header, state, lines.size()));
    }

    private static Header header(DurableLines file, String line, String name)
            throws LedgerException {
        Header header;
        try {
            header = LedgerFormat.header(line);
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
}
