package io.github.camelmixpanel.export.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/**
 * What deduplication costs when a day is too large for its keys to be kept in memory: one day of
 * many distinct events, with and without it, in turn. Usage, from the project's folder: {@code
 * Dedupe [events] [rounds]}.
 */
final class Dedupe {

    private static final Path FOLDER = Path.of("target/bench-dedupe");
    private static final LocalDate DAY = LocalDate.of(2024, 10, 5);
    private static final long TIMEOUT_SECONDS = 3600;
    private static final String HEAP = "-Xmx512m";

    private Dedupe() {}

    public static void main(String[] args) throws Exception {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 10_000_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        Path days = FOLDER.resolve(String.valueOf(events));
        PreparedDay day = PreparedDay.make(days, DAY, events, Shape.SHOP, PreparedDay.USUAL_LEVEL);
        System.out.printf("%,d events, %,d bytes of gzip%n", events, day.gzipBytes());
        double[] wall = new double[rounds];
        double[] cpu = new double[rounds];
        try (ServerProcess server = new ServerProcess(days)) {
            Contenders contenders = new Contenders(FOLDER, server.port());
            for (int round = 0; round < rounds; round++) {
                boolean withFirst = round % 2 == 0;
                Measured first = run(contenders, day, withFirst);
                Measured second = run(contenders, day, !withFirst);
                Measured with = withFirst ? first : second;
                Measured without = withFirst ? second : first;
                wall[round] = with.wall() / without.wall();
                cpu[round] = with.cpu() / without.cpu();
                System.out.printf("  ratio: wall %.2f, cpu %.2f%n", wall[round], cpu[round]);
            }
        }
        System.out.println(
                "with / without: wall "
                        + new Spread(wall).summary()
                        + ", cpu "
                        + new Spread(cpu).summary());
    }

    private static Measured run(Contenders contenders, PreparedDay day, boolean deduplicate)
            throws IOException, InterruptedException {
        Contender contender =
                contenders
                        .ours(deduplicate ? "with" : "without", "", List.of(day))
                        .jvm(HEAP)
                        .options("deduplicate=" + deduplicate)
                        .build();
        Folder.delete(contenders.state());
        Measured measured =
                new Stopwatch(FOLDER, TIMEOUT_SECONDS)
                        .measure(contender.name(), contender.command());
        if (!contender.isDone(measured)) {
            throw new IllegalStateException(
                    "expected " + contender.expected() + ", found " + measured.output());
        }
        System.out.printf(
                "%-7s deduplicate: wall %6.1f s, cpu %6.1f s, peak memory %.0f MB%n",
                contender.name(), measured.wall(), measured.cpu(), measured.megabytes());
        Folder.delete(contenders.state());
        return measured;
    }
}
