package io.github.camelmixpanel.export.bench;

import static io.github.camelmixpanel.export.bench.Contenders.CONTROL;
import static io.github.camelmixpanel.export.bench.Contenders.CURL_FOUR;
import static io.github.camelmixpanel.export.bench.Contenders.FILTER;
import static io.github.camelmixpanel.export.bench.Contenders.FOUR;
import static io.github.camelmixpanel.export.bench.Contenders.ONE;
import static io.github.camelmixpanel.export.bench.Contenders.SERVED;
import static io.github.camelmixpanel.export.bench.Contenders.SMALL_HEAP;
import static io.github.camelmixpanel.export.bench.Contenders.TODAY;
import static io.github.camelmixpanel.export.bench.Contenders.WATCHED;
import static io.github.camelmixpanel.export.bench.Contenders.WITHOUT_DEDUPE;
import static io.github.camelmixpanel.export.bench.Figure.Of.CPU;
import static io.github.camelmixpanel.export.bench.Figure.Of.MEMORY;
import static io.github.camelmixpanel.export.bench.Figure.Of.WALL;
import static io.github.camelmixpanel.export.bench.Figure.atLeast;
import static io.github.camelmixpanel.export.bench.Figure.atMost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares whole processes, and writes what came of it to {@code bench/RESULTS.md} and the README.
 * Usage, from the project's folder: {@code Bench [events] [rounds]}. With less than a million
 * events nothing is written: the start of a JVM is most of it.
 */
final class Bench {

    private static final Path FOLDER = Path.of("target/bench");
    private static final int FULL = 1_000_000;
    private static final LocalDate FIRST = LocalDate.of(2024, 10, 5);
    private static final long TIMEOUT_SECONDS = 600;

    private static final List<Figure> FIGURES =
            List.of(
                    atMost("four windows ÷ curl", FOUR, CURL_FOUR, WALL, 1.6, 1.2),
                    atMost("four windows ÷ curl", FOUR, CURL_FOUR, CPU, 2.6, 1.8),
                    atMost("one window ÷ curl", ONE, CONTROL, WALL, 2.1, 1.5),
                    atMost("one window ÷ curl", ONE, CONTROL, CPU, 0, 0),
                    atLeast("the route by hand ÷ ours, filtering", TODAY, FILTER, WALL, 5, 8),
                    atLeast("the route by hand ÷ ours, filtering", TODAY, FILTER, CPU, 4, 6),
                    atLeast("the route by hand ÷ ours, filtering", TODAY, FILTER, MEMORY, 0, 0),
                    atMost("with ÷ without deduplication", ONE, WITHOUT_DEDUPE, WALL, 1.25, 1.12),
                    atMost("with ÷ without deduplication", ONE, WITHOUT_DEDUPE, CPU, 1.25, 1.12),
                    atMost("-Xmx64m ÷ default heap", SMALL_HEAP, ONE, WALL, 1.1, 1.1),
                    atMost("looked at ÷ nobody looking", WATCHED, SERVED, WALL, 1.02, 1.02),
                    atMost("looked at ÷ nobody looking", WATCHED, SERVED, CPU, 1.02, 1.02),
                    atMost(
                            "Camel's own JMX, and an HTTP server, on ÷ off",
                            SERVED,
                            ONE,
                            CPU,
                            0,
                            0));

    private Bench() {}

    public static void main(String[] args) throws Exception {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : FULL;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        Path days = FOLDER.resolve(String.valueOf(events));
        System.out.println("preparing " + days);
        PreparedDay one = day(days, 0, events);
        List<PreparedDay> four = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            four.add(day(days, i, events / 4));
        }
        Rounds ran;
        try (ServerProcess server = new ServerProcess(days)) {
            Contenders contenders = new Contenders(FOLDER, server.port());
            Stopwatch stopwatch = new Stopwatch(FOLDER, TIMEOUT_SECONDS);
            Folder.delete(contenders.state());
            prove(contenders.proof(one), stopwatch);
            ran = new Rounds(contenders.of(one, four), stopwatch, contenders.state(), System.out);
            ran.run(rounds);
        }
        String data =
                String.format(
                        Locale.ROOT,
                        "%,d events, %.0f bytes each on average, %.0f MB of gzip (%.1f : 1), on loopback; %d rounds.",
                        events,
                        (double) one.bytes() / events,
                        one.gzipBytes() / 1e6,
                        (double) one.bytes() / one.gzipBytes(),
                        rounds);
        Report report = new Report(ran, FIGURES);
        String machine = Machine.describe();
        String text = report.write(data, machine, Methods.measure(FOLDER, events < FULL));
        System.out.println(text);
        if (events >= FULL) {
            Files.writeString(Path.of("bench/RESULTS.md"), text);
            report.intoReadme(Path.of("README.md"), machine);
        }
        if (!ran.failures().isEmpty()) {
            System.exit(1);
        }
    }

    private static PreparedDay day(Path folder, int number, int events) throws IOException {
        return PreparedDay.make(
                folder, FIRST.plusDays(number), events, Shape.SDK, PreparedDay.USUAL_LEVEL);
    }

    /** Not for its time: every byte that the route gets is compared. */
    private static void prove(Contender proof, Stopwatch stopwatch)
            throws IOException, InterruptedException {
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
