package io.github.camelmixpanel.export.bench;

import java.util.Arrays;
import java.util.Locale;

/** Values of several rounds. */
final class Spread {

    private final double[] sorted;

    Spread(double... values) {
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The median, and least and most; a dash if there are none. */
    String summary() {
        return sorted.length == 0
                ? "–"
                : String.format(
                        "%s [%s–%s]",
                        text(median()), text(sorted[0]), text(sorted[sorted.length - 1]));
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, value < 20 ? "%.2f" : "%.0f", value);
    }
}
