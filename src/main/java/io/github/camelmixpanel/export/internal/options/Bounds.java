package io.github.camelmixpanel.export.internal.options;

import io.github.camelmixpanel.export.failure.InvalidOptionException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each option that is a number or a time may be, however it is set. What is above its most can
 * only be a typo, such as a unit where there is none.
 */
public final class Bounds {

    private static final int DAYS = 3660;
    private static final int MANY = 1_000_000;
    private static final String YEARS = "1000d";

    private static final Map<String, Bound> ALL = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    static {
        ALL.putAll(
                Map.ofEntries(
                        number("limit", 1, 100_000),
                        number("windowDays", 1, DAYS),
                        number("lookbackDays", 1, DAYS),
                        number("arrivalDays", 1, DAYS),
                        number("queriesPerHour", 1, MANY),
                        number("queriesPerSecond", 1, MANY),
                        number("maxConcurrentQueries", 1, 10_000),
                        number("maxConcurrentWindows", 1, 10_000),
                        number("maxRetries", 0, 10_000),
                        number("maxInFlight", 1, MANY),
                        number("batchSize", 1, MANY),
                        number("maxMessagesPerPoll", 0, 100 * MANY),
                        number("maxRedeliveries", 0, MANY),
                        number("proxyPort", 1, 65_535),
                        number("repeatCount", 0, MANY),
                        number("backoffErrorThreshold", 0, MANY),
                        number("backoffIdleThreshold", 0, MANY),
                        number("backoffMultiplier", 0, MANY),
                        time("connectTimeout", 1, "1h"),
                        time("responseTimeout", 1, "24h"),
                        time("windowTimeout", 1, "7d"),
                        time("onDemandTimeout", 1, "24h"),
                        time("retryDelay", 1, "24h"),
                        time("todayInterval", 1, YEARS),
                        time("revisitInterval", 1, YEARS),
                        time("taskStartTimeout", 1, "1m"),
                        time("taskTimeout", 1, YEARS),
                        time("delay", 0, YEARS),
                        time("initialDelay", 0, YEARS)));
    }

    private record Bound(long least, long most, String unit, String text) {}

    private Bounds() {}

    private static Map.Entry<String, Bound> number(String option, long least, long most) {
        return Map.entry(
                option, new Bound(least, most, "", "a number from " + least + " to " + most));
    }

    private static Map.Entry<String, Bound> time(String option, long least, String most) {
        Duration longest =
                most.endsWith("d") ? Duration.parse("P" + most) : Duration.parse("PT" + most);
        String text = "a time from " + (least == 0 ? "0" : least + "ms") + " to " + most;
        return Map.entry(option, new Bound(least, longest.toMillis(), " ms", text));
    }

    /** Whether the option is a time rather than a number. */
    static boolean isTime(String option) {
        return ALL.containsKey(option) && !ALL.get(option).unit.isEmpty();
    }

    /**
     * @throws InvalidOptionException when the value is out of its bounds
     */
    public static long check(String option, long value) {
        Bound bound = ALL.get(option);
        if (value < bound.least || value > bound.most) {
            throw new InvalidOptionException(option, value + bound.unit, bound.text);
        }
        return value;
    }

    static int number(String option, int value) {
        return (int) check(option, value);
    }

    static Duration time(String option, long millis) {
        return Duration.ofMillis(check(option, millis));
    }
}
