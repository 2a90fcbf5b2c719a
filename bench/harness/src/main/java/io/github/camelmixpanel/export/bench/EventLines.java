package io.github.camelmixpanel.export.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Makes events of one UTC day from those in {@code examples/data}, with what an SDK adds: the same
 * for the same seed, and each with a time and an {@code $insert_id} of its own. Thread-safe.
 */
final class EventLines {

    private static final Pattern TEMPLATE =
            Pattern.compile(
                    "\\{\"event\":\"(?<name>[^\"\\\\]+)\",\"properties\":\\{\"time\":[0-9]+,"
                            + "\"distinct_id\":\"(?<id>[^\"\\\\]+)\"(?<middle>.*?)"
                            + ",\"\\$insert_id\":\"[0-9a-f]+\"(?<rest>.*)}}");
    private static final int USERS = 40; // at the same time
    private static final int STAY = 400; // events of all of them

    private final long firstSecond;
    private final List<Template> templates = new ArrayList<>();

    private record Template(String name, String distinctId, String middle, String rest) {}

    /** One event as a line without its end, and what a route finds in its headers. */
    record Line(byte[] json, String name, long headerSum) {}

    /**
     * @param firstSecond of the day, since 1970
     */
    EventLines(long firstSecond) throws IOException {
        this.firstSecond = firstSecond;
        List<Path> days = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(Path.of("examples/data"), "*.jsonl.gz")) {
            files.forEach(days::add);
        }
        days.sort(Comparator.naturalOrder());
        for (Path day : days) {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(day))) {
                for (String line : new String(in.readAllBytes(), UTF_8).split("\n")) {
                    Matcher parts = TEMPLATE.matcher(line);
                    if (parts.matches()) {
                        templates.add(
                                new Template(
                                        parts.group("name"),
                                        parts.group("id"),
                                        parts.group("middle"),
                                        parts.group("rest")));
                    }
                }
            }
        }
        if (templates.size() < 1000) {
            throw new IllegalStateException(
                    "Only " + templates.size() + " lines of examples/data have the known form");
        }
    }

    /**
     * @param number of the event in its day; the same random numbers must come with it each time
     * @param devices what the devices that are in use have as properties
     */
    Line next(int number, Random random, List<String> devices) {
        Template template = templates.get(templateOf(number, random) % templates.size());
        String insertId = String.format("%016x%016x", random.nextLong(), random.nextLong());
        long time = firstSecond + random.nextInt(86_400);
        StringBuilder line = new StringBuilder(2048);
        line.append("{\"event\":\"").append(template.name);
        line.append("\",\"properties\":{\"time\":").append(time);
        line.append(",\"distinct_id\":\"").append(template.distinctId).append('"');
        line.append(template.middle);
        line.append(",\"$insert_id\":\"").append(insertId).append('"');
        line.append(devices.get(random.nextInt(devices.size())));
        SdkProperties.add(line, random);
        line.append(template.rest).append("}}");
        return new Line(
                line.toString().getBytes(UTF_8),
                template.name,
                Sum.ofHeaders(template.name, template.distinctId, insertId, time));
    }

    /** Users come and go: their texts are repeated in the events of some minutes. */
    private static int templateOf(int number, Random random) {
        return number / STAY * USERS + random.nextInt(USERS);
    }
}
