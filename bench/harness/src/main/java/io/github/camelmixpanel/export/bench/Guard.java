package io.github.camelmixpanel.export.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Compares this component with Camel alone, both warm and in turns, and prints the ratio of their
 * CPU. Usage, from the project's folder: {@code Guard <events> <rounds> <most>}. Ends with 1 when
 * the median is above the most; 0 for the most does not judge.
 */
final class Guard {

    private static final int WARM_UP_EVENTS = 2_000_000;

    private Guard() {}

    public static void main(String[] args) throws Exception {
        int events = Integer.parseInt(args[0]);
        int rounds = Integer.parseInt(args[1]);
        double most = Double.parseDouble(args[2]);
        Path days = Bench.FOLDER.resolve("guard-" + events);
        Files.createDirectories(days);
        PreparedDay day = PreparedDay.make(days, Bench.FIRST_DAY, events);
        Jvm jvm = Jvm.ofThisProcess();
        int warmUp = Math.max(1, WARM_UP_EVENTS / events);
        double[] ratios = new double[rounds];
        try (ServerProcess server = new ServerProcess(days);
                Contenders contenders = new Contenders(Bench.FOLDER, server.port())) {
            Contender ours = contenders.oursWarm("guard", jvm, "headers", "", List.of(day), warmUp);
            Contender bare = contenders.bare("guard, Camel alone", jvm, day, warmUp);
            for (int round = 0; round < rounds; round++) {
                double cpu = ours.run().cpu();
                double least = bare.run().cpu();
                ratios[round] = cpu / least;
                System.out.printf(
                        Locale.ROOT,
                        "%.2f s of CPU, Camel alone %.2f s: %.2f%n",
                        cpu,
                        least,
                        ratios[round]);
            }
        }
        Spread spread = new Spread(ratios);
        System.out.printf(
                Locale.ROOT,
                "warm, %,d events, this component ÷ Camel alone, CPU: %s%s%n",
                events,
                spread.summary(),
                most > 0 ? ", at most " + most : "");
        if (most > 0 && spread.median() > most) {
            System.out.println("FAILED: an event costs more than bench/guard.ratio allows");
            System.exit(1);
        }
    }
}
