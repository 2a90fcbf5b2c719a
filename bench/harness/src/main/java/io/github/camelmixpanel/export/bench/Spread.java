package io.github.camelmixpanel.export.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Values of several rounds. */
final class Spread {

    private final double[] sorted;
    private final String inOrder;

    Spread(double... values) {
        sorted = values.clone();
        Arrays.sort(sorted);
        inOrder = Arrays.stream(values).mapToObj(Spread::text).collect(Collectors.joining(" "));
    }

    int count() {
        return sorted.length;
    }

    double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The median, and least and most. */
    String summary() {
        return text(median())
                + " ["
                + text(sorted[0])
                + "–"
                + text(sorted[sorted.length - 1])
                + "]";
    }

    /** All, as they came. */
    String inOrder() {
        return inOrder;
    }

    static String text(double value) {
        return String.format(Locale.ROOT, value < 20 ? "%.2f" : "%.0f", value);
    }
}
