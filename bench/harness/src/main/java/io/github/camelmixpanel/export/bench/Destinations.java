package io.github.camelmixpanel.export.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;

/**
 * Serves three days of events to the examples that {@code bench/destinations} runs. Says its port
 * on the first line, and ends with its standard input.
 */
final class Destinations {

    private static final LocalDate FIRST = LocalDate.parse("2026-10-05");
    private static final int DAYS = 3;

    private Destinations() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of("target", "bench", "destinations");
        for (int day = 0; day < DAYS; day++) {
            PreparedDay.make(
                    folder,
                    FIRST.plusDays(day),
                    Integer.parseInt(args[0]),
                    Shape.SDK,
                    PreparedDay.USUAL_LEVEL);
        }
        Server.main(new String[] {folder.toString()});
    }
}
