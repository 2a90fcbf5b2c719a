package io.github.camelmixpanel.export.bench;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The properties that SDKs and trackers add to an event: texts in several scripts, escapes, numbers
 * large and small, decimals, nulls, lists, objects. Each event has some of them.
 */
final class SdkProperties {

    private static final int SHARE = 60; // of 100: how often an event has one of them

    private static final int DEVICES = 24;

    private static final List<String> TITLES =
            List.of(
                    "Fahrräder für Köln – 20 % günstiger",
                    "Комод «Осень», дуб", "限定セール 本日まで", "Café crème, 250 g", "Trail shoes");
    private static final List<String> NOTES =
            List.of(
                    "He said \\\"never again\\\"\\n\\tand left",
                    "C:\\\\Users\\\\shop\\\\cart.json",
                    "S\\u00e3o Paulo \\u2014 centro",
                    "none");
    private static final List<String> WORDS =
            List.of(
                    "shoes", "lamps", "bikes", "garden", "kitchen", "sale", "outlet", "new",
                    "gift");
    private static final List<String> REGIONS =
            List.of("North Rhine-Westphalia", "Tokyo", "São Paulo", "California", "Île-de-France");
    private static final List<String> MODELS =
            List.of("SM-G998B", "iPhone14,2", "Pixel 7", "iPad13,1", "SM-A515F");

    private SdkProperties() {}

    /** What the devices have that are in use at the same time. */
    static List<String> ofDevices(Random random) {
        return Stream.generate(() -> ofDevice(random)).limit(DEVICES).toList();
    }

    /** Some that are the same in all events of a device, each with a comma before it. */
    private static String ofDevice(Random random) {
        StringBuilder line = new StringBuilder();
        text(line, random, "$browser", List.of("Chrome", "Safari", "Firefox", "Edge", "Opera"));
        number(line, random, "$browser_version", 130);
        text(line, random, "$initial_referrer", List.of("$direct", "https://www.google.com/"));
        text(line, random, "$initial_referring_domain", List.of("$direct", "www.google.com"));
        text(line, random, "$os", List.of("Mac OS X", "Windows", "iOS", "Android", "Linux"));
        number(line, random, "$screen_height", 2160);
        number(line, random, "$screen_width", 3840);
        text(line, random, "$lib_version", List.of("2.47.0", "2.45.0", "8.1.1", "4.2.0"));
        text(line, random, "$region", REGIONS);
        text(line, random, "$model", MODELS);
        text(line, random, "$manufacturer", List.of("Apple", "Samsung", "Google", "Xiaomi"));
        flag(line, random, "$wifi");
        flag(line, random, "$had_persisted_distinct_id");
        text(line, random, "$app_version_string", List.of("5.12.0", "5.11.3", "6.0.0-beta.2"));
        text(line, random, "mp_api_endpoint", List.of("api.mixpanel.com", "api-js.mixpanel.com"));
        number(line, random, "loyalty_points", 1_000_000);
        if (present(random)) {
            line.append(",\"experiments\":[\"checkout-").append(random.nextInt(9));
            line.append("\",\"search-").append(random.nextInt(9)).append("\"]");
        }
        return line.toString();
    }

    /** Adds some of a single event, each with a comma before it. */
    static void add(StringBuilder line, Random random) {
        if (present(random)) {
            line.append(",\"$current_url\":\"https://shop.example.com/")
                    .append(any(random, WORDS))
                    .append('/')
                    .append(random.nextInt(1_000))
                    .append("?ref=")
                    .append(any(random, WORDS))
                    .append('"');
        }
        if (present(random)) {
            line.append(",\"price\":").append(random.nextInt(500)).append('.');
            line.append(10 + random.nextInt(90));
        }
        if (present(random)) {
            line.append(",\"coupon\":null");
        }
        if (present(random)) {
            line.append(",\"cart\":{\"items\":").append(random.nextInt(20));
            line.append(",\"total\":").append(random.nextInt(2_000)).append(".5");
            line.append(",\"currency\":\"EUR\"}");
        }
        text(line, random, "title", TITLES);
        text(line, random, "note", NOTES);
    }

    private static void text(StringBuilder line, Random random, String name, List<String> values) {
        if (present(random)) {
            line.append(",\"").append(name).append("\":\"").append(any(random, values)).append('"');
        }
    }

    private static void number(StringBuilder line, Random random, String name, int bound) {
        if (present(random)) {
            line.append(",\"").append(name).append("\":").append(random.nextInt(bound));
        }
    }

    private static void flag(StringBuilder line, Random random, String name) {
        if (present(random)) {
            line.append(",\"").append(name).append("\":").append(random.nextBoolean());
        }
    }

    private static boolean present(Random random) {
        return random.nextInt(100) < SHARE;
    }

    private static String any(Random random, List<String> values) {
        return values.get(random.nextInt(values.size()));
    }
}
