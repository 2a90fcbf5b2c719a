package io.github.camelmixpanel.export.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Compares whole processes, and writes what came of it to {@code bench/RESULTS.md} and the README.
 * Usage, from the project's folder: {@code Bench main|long|more|looks [events] [rounds]}, where
 * {@code long} is {@code main} and {@code more}. With less than a million events nothing is
 * written, as the start of a JVM is most of it, nor with less than five rounds, nor where fewer
 * than three were quiet, nor anything of {@code more} or {@code looks} alone.
 */
final class Bench {

    private static final Path FOLDER = Path.of("target/bench");
    private static final int FULL = 1_000_000;
    private static final long TIMEOUT_SECONDS = 900;
    private static final int ROUNDS = 5;
    private static final int MORE_ROUNDS = 3;
    private static final int LOOKS_A_ROUND = 2;

    private final int events;
    private final Path days;
    private final Contenders contenders;
    private final Stopwatch stopwatch = new Stopwatch(FOLDER, TIMEOUT_SECONDS);
    private final Report report;
    private boolean failed;

    private Bench(int events, Path days, int port, String machine) throws IOException {
        this.events = events;
        this.days = days;
        this.contenders = new Contenders(FOLDER, port);
        this.report = new Report(machine);
    }

    public static void main(String[] args) throws Exception {
        boolean longer = args[0].equals("long");
        int events = args.length > 1 ? Integer.parseInt(args[1]) : FULL;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : ROUNDS;
        Path days = FOLDER.resolve(String.valueOf(events));
        Files.createDirectories(days);
        String machine = Machine.describe();
        try (ServerProcess server = new ServerProcess(days)) {
            Bench bench = new Bench(events, days, server.port(), machine);
            if (args[0].equals("looks")) {
                System.out.println(bench.looks(rounds));
                return;
            }
            if (args[0].equals("more")) {
                bench.moreRounds(rounds);
                System.out.println(bench.report);
                bench.exitIfFailed();
                return;
            }
            Rounds main = bench.mainRounds(rounds);
            bench.report.add(bench.looks(rounds));
            if (longer) {
                bench.moreRounds(rounds);
            }
            bench.report.add(Methods.measure(FOLDER, events < FULL));
            System.out.println(bench.report);
            if (events >= FULL && rounds >= ROUNDS && main.isQuiet()) {
                Files.writeString(Path.of("bench/RESULTS.md"), bench.report.toString());
                Report.intoReadme(Path.of("README.md"), Report.chart(main), machine);
            }
            bench.exitIfFailed();
        }
    }

    private void exitIfFailed() {
        if (failed) {
            System.exit(1);
        }
    }

    private String looks(int rounds) throws Exception {
        return new Looks(usual(0, events), contenders.port(), contenders.state())
                .measure(rounds * LOOKS_A_ROUND);
    }

    private Rounds mainRounds(int count) throws IOException, InterruptedException {
        System.out.println("preparing days");
        PreparedDay one = usual(0, events);
        List<PreparedDay> four = several(1, 4);
        prove(one);
        Rounds rounds = run(contenders.of(one, four), count);
        report.add("```\n" + Report.chart(rounds) + "```");
        report.add(
                "Against curl, a route by hand, and itself", one.describe(), rounds, Figures.MAIN);
        return rounds;
    }

    private void moreRounds(int most) throws IOException, InterruptedException {
        int count = Math.min(most, MORE_ROUNDS);
        System.out.println("preparing more days");
        PreparedDay usual = usual(0, events);
        Map<String, PreparedDay> kinds = new LinkedHashMap<>();
        kinds.put(
                Shapes.LONG_LINES,
                day(20, events / 200, Shape.LONG_LINES, PreparedDay.USUAL_LEVEL));
        kinds.put(Shapes.ESCAPES, day(21, events / 2, Shape.ESCAPES, PreparedDay.USUAL_LEVEL));
        kinds.put(Shapes.LEVEL_1, day(22, events / 2, Shape.SDK, 1));
        report.add(
                "Other events",
                describe(kinds),
                run(Shapes.of(contenders, usual, kinds), count),
                Shapes.FIGURES);

        // before all others, so that the days in the ledger, which are before it, have no events
        PreparedDay small = usual(-100, events / 10);
        List<PreparedDay> sizes = List.of(small, usual, usual(6, 4 * events));
        Growth growth = new Growth(contenders, stopwatch, days);
        report.add(
                "Growth",
                "Windows of the usual events; the days in the ledger have none.",
                run(growth.of(sizes, several(7, 8)), count),
                Growth.FIGURES);
        peers(usual, count);
    }

    private void peers(PreparedDay usual, int count) throws IOException, InterruptedException {
        Peers peers = new Peers(contenders, stopwatch, FOLDER);
        List<String> installed = peers.installed();
        if (installed.isEmpty()) {
            report.add("## Other programs\n\nNone is installed here.");
            return;
        }
        Peers.writeProperties(days);
        PreparedDay window = usual(15, events / 5);
        report.add(
                "Other programs",
                window.describe() + " A tenth of that for tap-mixpanel.",
                run(peers.of(installed, usual, window, usual(16, events / 50)), count),
                Peers.FIGURES);
    }

    private static String describe(Map<String, PreparedDay> kinds) {
        return kinds.entrySet().stream()
                .map(kind -> "- " + kind.getKey() + ": " + kind.getValue().describe())
                .collect(Collectors.joining("\n"));
    }

    private Rounds run(List<Contender> list, int count) throws IOException, InterruptedException {
        Rounds rounds = new Rounds(list, stopwatch, contenders.state(), System.out);
        rounds.run(count);
        failed |= !rounds.failures().isEmpty();
        return rounds;
    }

    private List<PreparedDay> several(int first, int count) throws IOException {
        List<PreparedDay> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(usual(first + i, events / count));
        }
        return list;
    }

    private PreparedDay usual(int number, int count) throws IOException {
        return day(number, count, Shape.SDK, PreparedDay.USUAL_LEVEL);
    }

    private PreparedDay day(int number, int count, Shape shape, int level) throws IOException {
        return PreparedDay.make(
                days, LocalDate.of(2024, 10, 5).plusDays(number), count, shape, level);
    }

    /** Not for its time: every byte that the route gets is compared. */
    private void prove(PreparedDay day) throws IOException, InterruptedException {
        Contender proof = contenders.proof(day);
        Folder.delete(contenders.state());
        Measured measured = stopwatch.measure(proof.name(), proof.command());
        if (!proof.isDone(measured)) {
            throw new IOException(
                    "The route got other bytes than were sent: expected "
                            + proof.expected()
                            + ", found "
                            + measured.output());
        }
    }
}
