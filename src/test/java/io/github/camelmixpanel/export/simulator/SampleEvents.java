package io.github.camelmixpanel.export.simulator;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Twenty events a day of a small shop, always the same for a day: 8 page views, 8 checkouts and 4
 * sign-ups, one every 72 minutes.
 */
final class SampleEvents {

    static final int EACH_DAY = 20;

    private static final List<String> NAMES =
            List.of("page view", "checkout", "page view", "sign up", "checkout");
    private static final List<String> CITIES = List.of("München", "Paris", "Zürich");
    private static final List<String> COUNTRIES = List.of("DE", "FR", "CH");
    private static final int SECONDS_BETWEEN = 86_400 / EACH_DAY;

    private SampleEvents() {}

    /** One JSON object each, in the order in which they happened. */
    static String[] of(LocalDate day) {
        return IntStream.range(0, EACH_DAY)
                .mapToObj(i -> event(day, i, NAMES.get(i % NAMES.size())))
                .toArray(String[]::new);
    }

    private static String event(LocalDate day, int i, String name) {
        long time = day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() + (long) i * SECONDS_BETWEEN;
        String amount = name.equals("checkout") ? ",\"amount\":" + (10 + i) + ".50" : "";
        return String.format(
                Locale.ROOT,
                "{\"event\":\"%s\",\"properties\":{\"time\":%d,\"distinct_id\":\"user-%d\","
                        + "\"$insert_id\":\"%s-%02d\",\"$city\":\"%s\",\"mp_country_code\":\"%s\"%s}}",
                name,
                time,
                i % 7,
                day,
                i,
                CITIES.get(i % 3),
                COUNTRIES.get(i % 3),
                amount);
    }
}
