package io.github.camelmixpanel.export.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What it costs to be looked at: exports of the same day take turns in this process, and in each
 * second turn somebody looks.
 *
 * <p>Whole processes of ten seconds do not tell two per cent: the JIT compiler alone takes a third
 * of one, and more or less from run to run.
 */
final class Looks {

    private static final double LIMIT = 1.02;

    private static final int WARM_UP = 2; // of each kind
    private static final int LEAST_QUIET = 5;
    private static final int AMPLIFIED = 10;

    /** Of a second of CPU time, see {@code proc(5)}. */
    private static final double TICKS = 100;

    private static final int USER_TIME = 11; // behind the name of the program
    private static final int SYSTEM_TIME = 12;

    private final PreparedDay day;
    private final int port;
    private final Path state;
    private final List<Double> alone = new ArrayList<>();
    private final List<Double> lookedAt = new ArrayList<>();

    Looks(PreparedDay day, int port, Path state) {
        this.day = day;
        this.port = port;
        this.state = state;
    }

    /**
     * A section of the report.
     *
     * @param rounds how often somebody looks
     */
    String measure(int rounds) throws Exception {
        System.out.println("looks: in one process, " + rounds + " rounds");
        for (int i = 0; i < WARM_UP; i++) {
            turn(false);
            turn(true);
        }
        alone.add(turn(false));
        for (int round = 0; round < rounds; round++) {
            lookedAt.add(turn(true));
            alone.add(turn(false));
        }
        return String.format(
                Locale.ROOT,
                "## Looked at%n%n%,d events, exported again and again in one process with JMX on and"
                        + " the status page served; the first %d turns do not count. In each second"
                        + " turn meters are bound, and all attributes, all meters and the page are"
                        + " looked at every %.1f s, which is %d times as often as the page itself"
                        + " does: so often, because the cost of one look is less than what two turns"
                        + " differ by.%n%nCPU of each such turn ÷ the mean of those before and after"
                        + " it, which must not differ by more than 10 %%: median [least–most].%n%n"
                        + "| | ratio | rounds | wanted | |%n|---|---|---|---|---|%n%s",
                day.events(),
                2 * WARM_UP,
                Watching.EVERY_MILLIS / 1000.0,
                AMPLIFIED,
                rows());
    }

    private String rows() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < lookedAt.size(); i++) {
            double before = alone.get(i);
            double after = alone.get(i + 1);
            if (Math.max(before, after) <= Rounds.MOST_NOISE * Math.min(before, after)) {
                ratios.add(lookedAt.get(i) / ((before + after) / 2));
            }
        }
        Spread all = new Spread(ratios.stream().mapToDouble(it -> it).toArray());
        if (all.count() == 0) {
            return "| looked at ÷ nobody looking | every round was noisy | | | |";
        }
        double usual = 1 + (all.median() - 1) / AMPLIFIED;
        String verdict = usual <= LIMIT ? "holds" : "missed";
        return String.format(
                Locale.ROOT,
                "| looked at ÷ nobody looking | %s | %s | | |%n"
                        + "| the same, looked at every %.0f s: a %dth of what that adds | %.3f | | ≤ %s | %s |",
                all.summary(),
                all.inOrder(),
                AMPLIFIED * Watching.EVERY_MILLIS / 1000.0,
                AMPLIFIED,
                usual,
                LIMIT,
                all.count() < LEAST_QUIET ? "no verdict" : verdict);
    }

    /** What it took, in seconds of CPU. */
    private double turn(boolean looked) throws Exception {
        Folder.delete(state);
        System.gc(); // what the turn before has left is not this one's
        double before = cpu();
        Result result =
                new Ours(looked ? Ours.WATCHED : Ours.SERVED)
                        .export(Ours.uri(port, day.day(), day.day(), state, ""), 1);
        double taken = cpu() - before;
        String expected = Result.text(day.events(), day.headerSum());
        if (!result.toString().equals(expected)) {
            throw new IOException("expected " + expected + ", found " + result);
        }
        System.out.printf("  %-15s %7.2f s cpu%n", looked ? "looked at" : "nobody looking", taken);
        return taken;
    }

    /** Of this process, without that of its children, which the JDK's own figure has in it. */
    private static double cpu() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS;
    }
}
