package io.github.camelmixpanel.export.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;

/**
 * Serves three days of events to the examples that {@code bench/destinations} runs, and three small
 * ones a month before, which take what the start of a JVM takes. Says its port on the first line,
 * and ends with its standard input.
 */
final class Destinations {

    private static final LocalDate FIRST = LocalDate.parse("2026-10-05");
    private static final LocalDate FIRST_SMALL = LocalDate.parse("2026-09-05");
    private static final int DAYS = 3;
    private static final int SMALLER = 20;

    private Destinations() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of("target", "bench", "destinations");
        int events = Integer.parseInt(args[0]);
        for (int day = 0; day < DAYS; day++) {
            prepare(folder, FIRST.plusDays(day), events);
            prepare(folder, FIRST_SMALL.plusDays(day), events / SMALLER);
        }
        Server.main(new String[] {folder.toString()});
    }

    private static void prepare(Path folder, LocalDate day, int events) throws IOException {
        PreparedDay.make(folder, day, events);
    }
}
