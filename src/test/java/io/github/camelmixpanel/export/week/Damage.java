package io.github.camelmixpanel.export.week;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Lines that are no events and are in every answer for their day: one to six on every third day.
 */
final class Damage {

    private Damage() {}

    static Map<LocalDate, List<String>> of(Week week) {
        Random random = week.random("damage");
        Map<LocalDate, List<String>> damage = new TreeMap<>();
        for (int i = 0; i < Week.DAYS; i++) {
            if (random.nextInt(3) == 0) {
                LocalDate day = week.firstDay.plusDays(i);
                List<String> lines = new ArrayList<>();
                // part of an event, as otherwise an answer without any could be an error message
                lines.add("{\"event\":\"view\",\"properties\":{\"n\":" + i);
                for (int left = random.nextInt(6); left > 0; left--) {
                    lines.add("no event, number " + left + " of day " + i);
                }
                damage.put(day, lines);
            }
        }
        return damage;
    }

    static byte[] bytes(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
