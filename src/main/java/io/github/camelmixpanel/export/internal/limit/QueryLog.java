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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps over restarts and crashes when the queries of the last hour started, and until when none
 * may: a start is on the device before its query is sent.
 *
 * <p>The file is {@code queries/<host>-<project id>.log} in the state directory; characters other
 * than ASCII letters, digits, {@code .}, {@code -} and {@code _} are percent-encoded in its name.
 * It is text, one line per start, with tabs between the fields:
 *
 * <table>
 * <caption>Fields of a line</caption>
 * <tr><th>field</th><th>form</th></tr>
 * <tr><td>start</td><td>milliseconds since 1970-01-01T00:00Z, decimal; of a query that another
 * process sends, the latest possible start</td></tr>
 * <tr><td>window</td><td>{@code 2026-10-11} or {@code 2026-10-11..2026-10-17}</td></tr>
 * <tr><td>export</td><td>name of the export</td></tr>
 * <tr><td>{@code (unsent)}</td><td>only in the second line of a query that was never sent: it revokes
 * the first one</td></tr>
 * </table>
 *
 * <p>The line of a pause has five fields: its begin as above, {@code (paused)}, its length in
 * milliseconds, the fingerprint of the refused credentials or {@code -} after a 429, and its
 * reason. The last one of each kind is valid.
 *
 * <p>Reads back pauses, and of starts only the first and the last field; skips unreadable lines.
 * When lines older than an hour outnumber the others, a new file without them replaces the old one.
 *
 * <p>Not thread-safe: its owner guards it.
 */
public final class QueryLog implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(QueryLog.class);

    /** Up to this number of lines, old ones may outnumber the others. */
    private static final int ALWAYS_TOLERATED = 200;

    /** Unambiguous: no name of an export contains parentheses. */
    private static final String UNSENT = "\t(unsent)";

    private static final String PAUSED = "\t(paused)\t";

    private final DurableLines lines;
    private List<Instant> startsAtOpening;
    private List<Pause> pausesAtOpening;
    private int lineCount;

    /** The number of lines above which it pays to look for old ones. */
    private int compactAbove = ALWAYS_TOLERATED;

    private QueryLog(DurableLines lines) {
        this.lines = lines;
    }

    /**
     * Opens the log of a project, and creates it if it does not exist.
     *
     * @param file as of {@link #file}, in an existing state directory
     * @throws LedgerException when the file cannot be created, read or written
     */
    static QueryLog open(Path file, Instant now, Disk disk) throws LedgerException {
        Path folder = file.getParent();
        try {
            PrivateFiles.createDirectories(folder);
            disk.forceDirectory(folder.getParent());
            QueryLog log = new QueryLog(DurableLines.open(file, disk));
            log.startsAtOpening = log.tidy(now);
            return log;
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot open query log %s: %s. No query can start without it. %s, and restart the route"
                            .formatted(file, e, disk.remedy()),
                    e);
        }
    }

    /** The file of a project, whether or not it exists. */
    public static Path file(Path stateDirectory, String host, String projectId) {
        String name = encode(host.toLowerCase(Locale.ROOT)) + "-" + encode(projectId) + ".log";
        return stateDirectory.resolve("queries").resolve(name);
    }

    /**
     * Shifts the starts in a log that a process with another clock has written.
     *
     * @param by what to add to a time of that clock
     * @throws IOException when that cannot be written: the log is as before
     */
    public static void clockDiffers(Path file, Duration by, Disk disk) throws IOException {
        try (QueryLog log = new QueryLog(DurableLines.open(file, disk))) {
            log.rewrite(by);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    /**
     * The starts that still counted towards the hour when the log was opened, as written; one later
     * than {@link SlidingLog#LATEST} counts as of the opening.
     */
    List<Instant> startsAtOpening() {
        return startsAtOpening;
    }

    /** The pauses that lasted when the log was opened, at most one of each kind. */
    List<Pause> pausesAtOpening() {
        return pausesAtOpening;
    }

    /** Records a pause; when that cannot be written, a restart ends it. */
    void paused(Pause pause) {
        String credentials = pause.credentials() == null ? "-" : pause.credentials();
        String rest = "\t" + credentials + "\t" + pause.reason();
        try {
            lines.append(pause.from().toEpochMilli() + PAUSED + pause.length().toMillis() + rest);
            lineCount++;
        } catch (IOException e) {
            LOG.warn(
                    "Cannot record a pause in query log {}: {}. A restart ends it",
                    lines.file(),
                    e.toString());
        }
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
                    "Cannot write query log %s: %s. The query of window %s of export %s was not sent. %s"
                            .formatted(lines.file(), e, window, export, lines.remedy()),
                    e);
        }
        lineCount++;
        if (lineCount > compactAbove) {
            try {
                tidy(start);
            } catch (IOException e) {
                // the start is safe already, and the old lines only take space
                LOG.warn(
                        "Cannot remove old lines from query log {}; the next query tries again",
                        lines.file(),
                        e);
            }
        }
    }

    /**
     * Revokes a start.
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
                    "Cannot revoke an unsent query in query log {}: {}. It counts for an hour",
                    lines.file(),
                    e.toString());
            return false;
        }
    }

    /**
     * Records that a query was sent later than its start was written. When that cannot be written,
     * the query counts as of the written start, or twice.
     */
    void sentLater(Instant start, Instant sent, Window window, String export) {
        try {
            lines.append(line(sent, window + "\t" + export));
            lineCount++;
            unsent(start, window, export);
        } catch (IOException e) {
            LOG.warn(
                    "Cannot update query log {}: {}. The query sent at {} stays recorded at {}",
                    lines.file(),
                    e.toString(),
                    sent,
                    start);
        }
    }

    /** Shifts the starts because the clock has changed: their age after a restart stays right. */
    void shift(Duration by) {
        try {
            rewrite(by);
        } catch (IOException e) {
            LOG.warn(
                    "Cannot shift query log {} by {} after a change of the clock: {}. A restart takes its queries for older or younger by that much",
                    lines.file(),
                    by,
                    e.toString());
        }
    }

    private void rewrite(Duration shift) throws IOException {
        List<String> shifted = new ArrayList<>();
        for (String line : lines.read()) {
            String rest = line.substring(line.indexOf('\t') + 1);
            startOf(line).ifPresent(start -> shifted.add(line(start.plus(shift), rest)));
        }
        lines.replace(shifted);
        lineCount = shifted.size();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    /** Reads the recent starts, and rewrites the file if it contains wrong or many old lines. */
    private List<Instant> tidy(Instant now) throws IOException {
        List<String> all = lines.read();
        Deque<Instant> starts = new ArrayDeque<>();
        Deque<String> recent = new ArrayDeque<>();
        List<String> revoked = new ArrayList<>();
        Map<Boolean, String> pauses = lastPauses(all, now);
        boolean wrong = false;
        Instant next = now;
        for (int i = all.size() - 1; i >= 0; i--) {
            String line = all.get(i);
            if (line.endsWith(UNSENT)) {
                revoked.add(line.substring(0, line.length() - UNSENT.length()));
                continue;
            }
            if (revoked.remove(line) || pauseOf(line).isPresent()) {
                continue;
            }
            Optional<Instant> start = startOf(line);
            if (start.isEmpty()) {
                LOG.warn("Query log {}: skipped unreadable line {}", lines.file(), i + 1);
                wrong = true;
                continue;
            }
            // starts are in order except for the latest, unless the clock jumped back
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
        pauses.values().forEach(recent::addFirst);
        pausesAtOpening = pauses.values().stream().flatMap(it -> pauseOf(it).stream()).toList();
        lineCount = all.size();
        boolean mostlyOld = lineCount > ALWAYS_TOLERATED && lineCount > 2 * recent.size();
        // a start in the future that stays in the file would count as now after each restart
        if (wrong || mostlyOld) {
            lines.replace(List.copyOf(recent));
            lineCount = recent.size();
        }
        compactAbove = Math.max(ALWAYS_TOLERATED, 2 * recent.size());
        return List.copyOf(starts);
    }

    /** The last line of each kind of pause; true is after refused credentials. */
    private static Map<Boolean, String> lastPauses(List<String> all, Instant now) {
        Map<Boolean, String> last = new TreeMap<>();
        for (String line : all) {
            pauseOf(line).ifPresent(it -> last.put(it.credentials() != null, line));
        }
        last.values().removeIf(it -> !pauseOf(it).orElseThrow().at(now).lastsAt(now));
        return last;
    }

    private static Optional<Pause> pauseOf(String line) {
        String[] fields = line.split("\t", 5);
        if (fields.length < 5 || !line.contains(PAUSED)) {
            return Optional.empty();
        }
        try {
            Instant from = Instant.ofEpochMilli(Long.parseLong(fields[0]));
            Instant until = from.plusMillis(Long.parseLong(fields[2]));
            return Optional.of(
                    new Pause(from, until, fields[4], fields[3].equals("-") ? null : fields[3]));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
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
