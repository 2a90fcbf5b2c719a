package io.github.camelmixpanel.export.internal.limit;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableLines;
import io.github.camelmixpanel.export.internal.durable.PrivateFiles;
import io.github.camelmixpanel.export.internal.model.Window;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers over a restart, and over a crash, when the queries of the last hour started: a start is
 * on the device before its query is sent.
 *
 * <p>The file is {@code queries/<host>-<project key>.log} in the state directory; characters other
 * than ASCII letters, digits, {@code .}, {@code -} and {@code _} are percent-encoded in its name.
 * It is text, one line a start, the fields apart by one tab:
 *
 * <table>
 * <caption>Fields of a line</caption>
 * <tr><th>field</th><th>form</th></tr>
 * <tr><td>start</td><td>milliseconds since 1970-01-01T00:00Z, decimal; of a query that was given
 * away, the last moment at which it may start</td></tr>
 * <tr><td>window</td><td>{@code 2026-10-11} or {@code 2026-10-11..2026-10-17}</td></tr>
 * <tr><td>export</td><td>name of the export that asks</td></tr>
 * <tr><td>{@code (unsent)}</td><td>only in the second line of a query that was never sent: it takes
 * the first one back</td></tr>
 * </table>
 *
 * <p>Of the fields only the first and the last are read back. Lines that cannot be read are left
 * out. When lines older than an hour outnumber the others, a new file without them takes the place
 * of the old one.
 *
 * <p>Not thread-safe: its owner guards it.
 */
final class QueryLog implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(QueryLog.class);

    /** Up to so many lines old ones may outnumber the others. */
    private static final int ALWAYS_TOLERATED = 200;

    /** No export has a name with brackets. */
    private static final String UNSENT = "\t(unsent)";

    private final DurableLines lines;
    private List<Instant> startsAtOpening;
    private int lineCount;

    /** The number of lines that makes it worth to look for old ones. */
    private int compactAbove = ALWAYS_TOLERATED;

    private QueryLog(DurableLines lines) {
        this.lines = lines;
    }

    /**
     * Opens the log of a project, and creates it if there is none.
     *
     * @throws LedgerException when the file cannot be created, read or written
     */
    static QueryLog open(
            Path stateDirectory, String host, String projectKey, Instant now, Disk disk)
            throws LedgerException {
        Path file = file(stateDirectory, host, projectKey);
        try {
            PrivateFiles.createDirectories(file.getParent());
            disk.forceDirectory(stateDirectory);
            QueryLog log = new QueryLog(DurableLines.open(file, disk));
            log.startsAtOpening = log.tidy(now);
            return log;
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot open query log "
                            + file
                            + ": "
                            + e
                            + ". No query can start without it. "
                            + disk.remedy()
                            + ", and start again",
                    e);
        }
    }

    /** The file of a project, whether or not it exists. */
    static Path file(Path stateDirectory, String host, String projectKey) {
        String name = encode(host.toLowerCase(Locale.ROOT)) + "-" + encode(projectKey) + ".log";
        return stateDirectory.resolve("queries").resolve(name);
    }

    /**
     * Before a log is opened that a process with another clock has kept: its starts go along.
     *
     * @param by what is to be added to a time of that clock
     */
    static void clockDiffers(Path file, Duration by, Disk disk) throws IOException {
        try (QueryLog log = new QueryLog(DurableLines.open(file, disk))) {
            log.clockSet(by);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    /**
     * The starts that, when the log was opened, still counted towards the hour, as they were
     * written; one later than {@link SlidingLog#LATEST} counts as of the opening.
     */
    List<Instant> startsAtOpening() {
        return startsAtOpening;
    }

    /**
     * Writes a start; it is on the device on return.
     *
     * @throws LedgerException when it is not; then no query may be sent
     */
    void append(Instant start, Window window, String export) throws LedgerException {
        try {
            lines.append(line(start, window + "\t" + export));
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot write query log "
                            + lines.file()
                            + ": "
                            + e
                            + ". The query of window "
                            + window
                            + " of export "
                            + export
                            + " was not sent. "
                            + lines.remedy(),
                    e);
        }
        lineCount++;
        if (lineCount > compactAbove) {
            try {
                tidy(start);
            } catch (IOException e) {
                // the start is safe already, and the old lines only take room
                LOG.warn("Cannot remove old lines from query log {}", lines.file(), e);
            }
        }
    }

    /**
     * Takes a start back.
     *
     * @return false when that cannot be written; then the start counts
     */
    boolean unsent(Instant start, Window window, String export) {
        try {
            lines.append(line(start, window + "\t" + export) + UNSENT);
            lineCount++;
            return true;
        } catch (IOException e) {
            LOG.warn(
                    "Query log {}: a query that was not sent stays counted: {}",
                    lines.file(),
                    e.toString());
            return false;
        }
    }

    /**
     * Notes that a query was sent later than its start was written. When that cannot be written, it
     * counts as written, or twice.
     */
    void sentLater(Instant start, Instant sent, Window window, String export) {
        try {
            lines.append(line(sent, window + "\t" + export));
            lineCount++;
            unsent(start, window, export);
        } catch (IOException e) {
            LOG.warn(
                    "Query log {}: a query that was sent at {} stays noted as of {}: {}",
                    lines.file(),
                    sent,
                    start,
                    e.toString());
        }
    }

    /**
     * The clock was set: the starts go along, or after a restart they would seem older or younger
     * than they are.
     */
    void clockSet(Duration by) {
        try {
            List<String> moved = new ArrayList<>();
            for (String line : lines.read()) {
                String rest = line.substring(line.indexOf('\t') + 1);
                startOf(line).ifPresent(start -> moved.add(line(start.plus(by), rest)));
            }
            lines.replace(moved);
            lineCount = moved.size();
        } catch (IOException e) {
            LOG.warn(
                    "Query log {} keeps the times from before the clock was set by {}: {}",
                    lines.file(),
                    by,
                    e.toString());
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    /** Reads the recent starts, and rewrites the file if it is worth it. */
    private List<Instant> tidy(Instant now) throws IOException {
        List<String> all = lines.read();
        Deque<Instant> starts = new ArrayDeque<>();
        Deque<String> recent = new ArrayDeque<>();
        List<String> takenBack = new ArrayList<>();
        boolean wrong = false;
        Instant next = now;
        for (int i = all.size() - 1; i >= 0; i--) {
            String line = all.get(i);
            if (line.endsWith(UNSENT)) {
                takenBack.add(line.substring(0, line.length() - UNSENT.length()));
                continue;
            }
            if (takenBack.remove(line)) {
                continue;
            }
            Optional<Instant> start = startOf(line);
            if (start.isEmpty()) {
                LOG.warn("Query log {}: line {} is unreadable and left out", lines.file(), i + 1);
                wrong = true;
                continue;
            }
            // starts are in order but for the latest, except where the clock jumped back
            Instant counts = start.get();
            if (counts.isAfter(next.plus(SlidingLog.LATEST))) {
                counts = next;
                line = line(next, line.substring(line.indexOf('\t') + 1));
                wrong = true;
            } else if (counts.isBefore(next)) {
                next = counts;
            }
            if (!next.plus(SlidingLog.HOUR).plus(SlidingLog.LATEST).isAfter(now)) {
                break;
            }
            if (counts.plus(SlidingLog.HOUR).isAfter(now)) {
                starts.addFirst(counts);
                recent.addFirst(line);
            }
        }
        lineCount = all.size();
        boolean mostlyOld = lineCount > ALWAYS_TOLERATED && lineCount > 2 * recent.size();
        // if it stayed, a start in the future would count as now after each restart
        if (wrong || mostlyOld) {
            lines.replace(List.copyOf(recent));
            lineCount = recent.size();
        }
        compactAbove = Math.max(ALWAYS_TOLERATED, 2 * recent.size());
        return List.copyOf(starts);
    }

    private static String line(Instant start, String rest) {
        return start.toEpochMilli() + "\t" + rest;
    }

    private static Optional<Instant> startOf(String line) {
        int tab = line.indexOf('\t');
        try {
            return Optional.of(Instant.ofEpochMilli(Long.parseLong(line.substring(0, tab))));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
