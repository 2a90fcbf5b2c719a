package io.github.camelmixpanel.export.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A day of events as the server sends it: the body of an answer, compressed and framed, in the file
 * {@code <day>.http}; and what is in it. It is made once, and then used again.
 *
 * @param bytes of the lines with their ends
 * @param gzipBytes of the body, framing not counted
 * @param headerSum of all events, see {@link Sum#ofHeaders}
 * @param lineSum of all lines, see {@link Sum#ofLine}
 * @param chosen how many events {@link #CHOSEN} has
 */
record PreparedDay(
        LocalDate day,
        int events,
        long bytes,
        long gzipBytes,
        long headerSum,
        long lineSum,
        int chosen,
        long chosenSum) {

    /** The event that the contenders choose who filter: about one of 34. */
    static final String CHOSEN = "sign up";

    /** Another one whenever what is generated changes, so that no older day is used again. */
    private static final int SEED = 20261122;

    private static final int BLOCK_EVENTS = 20_000;

    static PreparedDay make(Path folder, LocalDate day, int events) throws IOException {
        Path facts = folder.resolve(day + ".properties");
        String made = events + " " + SEED;
        if (Files.exists(facts)) {
            Properties read = new Properties();
            try (InputStream in = Files.newInputStream(facts)) {
                read.load(in);
            }
            if (made.equals(read.getProperty("made"))) {
                return read(day, read);
            }
        }
        Files.createDirectories(folder);
        Path unfinished = folder.resolve("unfinished");
        Properties properties = new Properties();
        properties.setProperty("made", made);
        try (GzipAnswer answer = new GzipAnswer(Files.newOutputStream(unfinished))) {
            write(answer, day, events, properties);
        }
        Files.move(unfinished, folder.resolve(day + ".http"), StandardCopyOption.REPLACE_EXISTING);
        try (OutputStream out = Files.newOutputStream(facts)) {
            properties.store(out, null);
        }
        return read(day, properties);
    }

    private static void write(GzipAnswer answer, LocalDate day, int events, Properties properties)
            throws IOException {
        EventLines lines = new EventLines(day.atStartOfDay().toEpochSecond(ZoneOffset.UTC));
        int blocks = (events + BLOCK_EVENTS - 1) / BLOCK_EVENTS;
        int atOnce = 2 * Runtime.getRuntime().availableProcessors();
        EventBlock.Facts sum = EventBlock.Facts.NONE;
        for (int from = 0; from < blocks; from += atOnce) {
            List<EventBlock> ready =
                    IntStream.range(from, Math.min(blocks, from + atOnce))
                            .parallel()
                            .mapToObj(
                                    block ->
                                            EventBlock.make(
                                                    lines,
                                                    block * BLOCK_EVENTS,
                                                    Math.min(events, (block + 1) * BLOCK_EVENTS),
                                                    new Random(
                                                            SEED + 31L * block + day.toEpochDay())))
                            .toList();
            for (EventBlock block : ready) {
                answer.add(block);
                sum = sum.plus(block.facts());
            }
        }
        answer.finish();
        properties.setProperty("events", String.valueOf(events));
        properties.setProperty("bytes", String.valueOf(answer.bytes()));
        properties.setProperty("gzipBytes", String.valueOf(answer.gzipBytes()));
        properties.setProperty("headerSum", String.valueOf(sum.headerSum()));
        properties.setProperty("lineSum", String.valueOf(sum.lineSum()));
        properties.setProperty("chosen", String.valueOf(sum.chosen()));
        properties.setProperty("chosenSum", String.valueOf(sum.chosenSum()));
    }

    private static PreparedDay read(LocalDate day, Properties facts) {
        return new PreparedDay(
                day,
                Integer.parseInt(facts.getProperty("events")),
                Long.parseLong(facts.getProperty("bytes")),
                Long.parseLong(facts.getProperty("gzipBytes")),
                Long.parseLong(facts.getProperty("headerSum")),
                Long.parseLong(facts.getProperty("lineSum")),
                Integer.parseInt(facts.getProperty("chosen")),
                Long.parseLong(facts.getProperty("chosenSum")));
    }

    /** How much it is. */
    String describe() {
        return String.format(
                Locale.ROOT,
                "%,d events, %.0f bytes each on average, %.0f MB of gzip (%.1f : 1).",
                events,
                (double) bytes / events,
                gzipBytes / 1e6,
                (double) bytes / gzipBytes);
    }
}
