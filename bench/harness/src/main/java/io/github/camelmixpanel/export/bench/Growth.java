package io.github.camelmixpanel.export.bench;

import static io.github.camelmixpanel.export.bench.Figure.Of.CPU;
import static io.github.camelmixpanel.export.bench.Figure.Of.WALL;
import static io.github.camelmixpanel.export.bench.Figure.atMost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What grows: the events of a window, the days in the ledger, the windows downloaded at the same
 * time. Time for each event is to stay the same.
 */
final class Growth {

    private static final String TENTH = "a tenth";
    private static final String WHOLE = "whole";
    private static final String FOURFOLD = "fourfold";
    private static final String TINY_HEAP = "tiny heap";
    private static final List<Integer> LEDGER_DAYS = List.of(1, 30, 3650);
    private static final List<Integer> CONCURRENT = List.of(1, 2, 4, 8);

    static final List<Figure> FIGURES =
            List.of(
                    // 4.2 times the time for 4 times the events
                    atMost("4 ÷ 1 million events in a window", FOURFOLD, WHOLE, WALL, 1.05, 1.0),
                    atMost("4 ÷ 1 million events in a window", FOURFOLD, WHOLE, CPU, 1.05, 1.0),
                    atMost("0.1 ÷ 1 million events in a window", TENTH, WHOLE, WALL, 0, 0),
                    atMost("-Xmx24m ÷ default heap", TINY_HEAP, WHOLE, WALL, 0, 0),
                    atMost("3,650 ÷ 1 days in the ledger", ledger(3650), ledger(1), WALL, 0, 0),
                    atMost("3,650 ÷ 1 days in the ledger", ledger(3650), ledger(1), CPU, 0, 0),
                    atMost("30 ÷ 1 days in the ledger", ledger(30), ledger(1), WALL, 0, 0),
                    atMost("2 ÷ 1 concurrent windows", concurrent(2), concurrent(1), WALL, 0, 0),
                    atMost("4 ÷ 1 concurrent windows", concurrent(4), concurrent(1), WALL, 0, 0),
                    atMost("8 ÷ 1 concurrent windows", concurrent(8), concurrent(1), WALL, 0, 0));

    /** Nothing is prepared for the days in the ledger: they have no events. */
    private static final String WITHOUT_QUOTA = "queriesPerHour=1000000&queriesPerSecond=1000000";

    private final Contenders contenders;
    private final Stopwatch stopwatch;
    private final Path folder;

    Growth(Contenders contenders, Stopwatch stopwatch, Path folder) {
        this.contenders = contenders;
        this.stopwatch = stopwatch;
        this.folder = folder;
    }

    /**
     * @param sizes windows of a tenth, of all and of four times the events
     * @param eight windows
     */
    List<Contender> of(List<PreparedDay> sizes, List<PreparedDay> eight)
            throws IOException, InterruptedException {
        List<Contender> list = new ArrayList<>();
        PreparedDay small = sizes.get(0);
        list.add(contenders.curl(Contenders.CONTROL, List.of(sizes.get(1))));
        list.add(contenders.ours(TENTH, "one window, a tenth", List.of(small)).build());
        list.add(contenders.ours(WHOLE, "one window", List.of(sizes.get(1))).build());
        list.add(
                contenders
                        .ours(FOURFOLD, "one window, four times as large", List.of(sizes.get(2)))
                        .build());
        list.add(
                contenders
                        .ours(TINY_HEAP, "one window, -Xmx24m", List.of(sizes.get(1)))
                        .jvm("-Xmx24m -XX:+UseSerialGC")
                        .build());
        for (int days : LEDGER_DAYS) {
            list.add(
                    contenders
                            .ours(ledger(days), "one window more, after " + days, List.of(small))
                            .after(ledgerOf(small, days), first(small, days))
                            .options(WITHOUT_QUOTA)
                            .build());
        }
        for (int windows : CONCURRENT) {
            list.add(
                    contenders
                            .ours(
                                    concurrent(windows),
                                    "eight windows, " + concurrent(windows),
                                    eight)
                            .options(
                                    "maxConcurrentWindows="
                                            + windows
                                            + "&maxConcurrentQueries="
                                            + windows)
                            .build());
        }
        list.add(contenders.curl(Contenders.CONTROL_AGAIN, List.of(sizes.get(1))));
        return list;
    }

    /** A state directory with so many days committed, up to the day before. */
    private Path ledgerOf(PreparedDay day, int days) throws IOException, InterruptedException {
        Folder.delete(contenders.state());
        List<PreparedDay> empty = new ArrayList<>();
        for (int i = days; i > 0; i--) {
            empty.add(PreparedDay.empty(day.day().minusDays(i)));
        }
        Contender filling = contenders.ours(ledger(days), "", empty).options(WITHOUT_QUOTA).build();
        Measured measured = stopwatch.measure(filling.name(), filling.command());
        if (!filling.isDone(measured)) {
            throw new IOException("days without events had some: " + measured.output());
        }
        Path state = folder.resolve("ledger-" + days);
        Folder.delete(state);
        return Files.move(contenders.state(), state);
    }

    private static String first(PreparedDay day, int days) {
        return day.day().minusDays(days).toString();
    }

    private static String ledger(int days) {
        return "ledger of " + days;
    }

    private static String concurrent(int windows) {
        return windows + " at the same time";
    }
}
