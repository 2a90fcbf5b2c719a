package io.github.camelmixpanel.export.bench;

import java.util.Locale;

/** What days of several sizes need, by what was measured of one. */
final class Sizing {

    private static final int DAYS = 730;
    private static final double QUOTA_HOURS = DAYS / 60.0;
    private static final int KEY_BYTES = 24;
    private static final int KEPT_DAYS = 7;
    private static final long[] EVENTS = {1_000_000, 10_000_000, 100_000_000, 1_000_000_000};

    private Sizing() {}

    /**
     * @param millionCpu seconds of CPU for a million events in a warm process
     */
    static String table(PreparedDay day, double millionCpu) {
        StringBuilder table = new StringBuilder();
        table.append(
                String.format(
                        Locale.ROOT,
                        "For a million events: %.0f MB of gzip, %.1f s of CPU.%n%n",
                        1e6 * day.gzipBytes() / day.events() / 1e6,
                        millionCpu));
        table.append(
                "| events per day | download per day, gzip | CPU for a day | keys on disk, "
                        + KEPT_DAYS
                        + " days | two years of back-fill, by quota; by CPU |\n|---|---|---|---|---|\n");
        for (long events : EVENTS) {
            double seconds = millionCpu * events / 1e6;
            table.append(
                    String.format(
                            Locale.ROOT,
                            "| %,d million | %s | %s | %s | %s; %s |%n",
                            events / 1_000_000,
                            gigabytes((double) day.gzipBytes() / day.events() * events),
                            duration(seconds),
                            gigabytes((double) KEY_BYTES * KEPT_DAYS * events),
                            duration(QUOTA_HOURS * 3600),
                            duration(DAYS * seconds)));
        }
        return table.toString();
    }

    private static String gigabytes(double bytes) {
        return digits(bytes / 1e9) + " GB";
    }

    private static String duration(double seconds) {
        if (seconds < 100) {
            return digits(seconds) + " s";
        }
        if (seconds < 6_000) {
            return digits(seconds / 60) + " min";
        }
        return seconds < 48 * 3_600
                ? digits(seconds / 3_600) + " h"
                : digits(seconds / 86_400) + " days";
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 1 ? "%.2f" : value < 10 ? "%.1f" : "%.0f", value);
    }
}
