package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The events that Mixpanel had when golden state directories were written. */
final class GoldenDays {

    private GoldenDays() {}

    static void addTo(MixpanelSimulator mixpanel) {
        for (int day = 10; day <= 20; day++) {
            String date = "2026-10-" + day;
            if (day == 11) { // the line of bad ones may be 1 %
                String[] lines = ExportTestSupport.lines(date, 101);
                lines[50] = "no event";
                mixpanel.addDay(
                        LocalDate.parse(date),
                        (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
            } else if (day > 10) {
                mixpanel.addEvents(ExportTestSupport.lines(date, day == 16 ? 30 : 5));
            }
        }
    }

    /** Of all events that {@link #addTo} adds. */
    static List<String> ids() {
        List<String> ids = new ArrayList<>(ids("2026-10-11", 0, 50));
        ids.addAll(ids("2026-10-11", 51, 101));
        for (int day = 12; day <= 20; day++) {
            ids.addAll(ids("2026-10-" + day, 0, day == 16 ? 30 : 5));
        }
        return ids;
    }

    static List<String> ids(String day, int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> day + "-" + n).toList();
    }

    static void addArrivalsTo(MixpanelSimulator mixpanel) {
        Instant at = GoldenState.ARRIVALS.at;
        addArrivals(mixpanel, 0, 3, Instant.parse("2026-10-19T00:01:00Z"));
        addArrivals(mixpanel, 3, 7, at.minusSeconds(1_200));
        addArrivals(mixpanel, 7, 13, at.minusSeconds(300));
        addArrivals(mixpanel, 13, 15, at.plusSeconds(300));
        mixpanel.addEvents(GoldenTestSupport.processed("2026-10-20", 0, 3, at.minusSeconds(3_600)));
    }

    private static void addArrivals(
            MixpanelSimulator mixpanel, int from, int to, Instant processed) {
        mixpanel.addEvents(GoldenTestSupport.processed("2026-10-19", from, to, processed));
    }

    /** None to three events a day. */
    static void addWindowsTo(MixpanelSimulator mixpanel) {
        windows()
                .forEach(
                        day ->
                                mixpanel.addEvents(
                                        ExportTestSupport.lines(day.toString(), events(day))));
    }

    /** The days of {@link GoldenState#WINDOWS}. */
    static Stream<LocalDate> windows() {
        return LocalDate.parse("2026-09-10").datesUntil(LocalDate.parse("2026-10-10"));
    }

    static int events(LocalDate day) {
        return day.getDayOfMonth() % 4;
    }

    static void addSummerTo(MixpanelSimulator mixpanel) {
        for (int day = 1; day <= 4; day++) {
            String date = "2026-08-0" + day;
            mixpanel.addEvents(
                    GoldenTestSupport.processed(date, 0, 5, Instant.parse(date + "T00:01:00Z")));
        }
    }
}
