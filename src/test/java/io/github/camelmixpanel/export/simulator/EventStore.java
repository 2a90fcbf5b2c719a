package io.github.camelmixpanel.export.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The events of each day, kept in memory in the order they were added: lines byte for byte, and
 * events with a history. Safe for use by several threads.
 */
final class EventStore {

    private static final Pattern DAY_FILE =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2})\\.jsonl(\\.gz)?");

    private TreeMap<LocalDate, List<Block>> days = new TreeMap<>();

    /** Adds every {@code YYYY-MM-DD.jsonl} and {@code YYYY-MM-DD.jsonl.gz} of a folder. */
    void addFolder(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                Matcher name = DAY_FILE.matcher(file.getFileName().toString());
                if (name.matches()) {
                    addDay(LocalDate.parse(name.group(1)), read(file, name.group(2) != null));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the events in " + folder, e);
        }
    }

    void addDay(LocalDate day, byte[] jsonl) {
        if (jsonl.length == 0) {
            return;
        }
        boolean whole = jsonl[jsonl.length - 1] == '\n';
        byte[] lines = Arrays.copyOf(jsonl, whole ? jsonl.length : jsonl.length + 1);
        lines[lines.length - 1] = '\n';
        add(day, (now, zone, timeInMs) -> lines);
    }

    synchronized void add(LocalDate day, Block block) {
        days.computeIfAbsent(day, added -> new ArrayList<>()).add(block);
    }

    /** Adds one line to the UTC calendar day of its raw {@code time}. */
    void addEvent(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        LocalDate day =
                StoredEvent.parse(bytes)
                        .flatMap(StoredEvent::seconds)
                        .map(EventTime::day)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "expected a JSON object with properties.time, found"
                                                        + " "
                                                        + line
                                                        + "; use addDay for any other line"));
        addDay(day, bytes);
    }

    synchronized void removeDay(LocalDate day) {
        days.remove(day);
    }

    /** The blocks of these days, both ends inclusive, by day and in the order added. */
    synchronized List<Block> blocks(LocalDate from, LocalDate to) {
        return days.subMap(from, true, to, true).values().stream().flatMap(List::stream).toList();
    }

    /** A copy to return to with {@link #restore}. */
    synchronized Map<LocalDate, List<Block>> snapshot() {
        return copy(days);
    }

    synchronized void restore(Map<LocalDate, List<Block>> snapshot) {
        days = copy(snapshot);
    }

    private static TreeMap<LocalDate, List<Block>> copy(Map<LocalDate, List<Block>> days) {
        TreeMap<LocalDate, List<Block>> copy = new TreeMap<>();
        days.forEach((day, blocks) -> copy.put(day, new ArrayList<>(blocks)));
        return copy;
    }

    private static byte[] read(Path file, boolean gzip) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                InputStream plain = gzip ? new GZIPInputStream(in) : in) {
            return plain.readAllBytes();
        }
    }
}
