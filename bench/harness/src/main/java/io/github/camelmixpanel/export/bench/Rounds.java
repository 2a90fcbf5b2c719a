package io.github.camelmixpanel.export.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Lets the contenders take turns: in each round each once, in another order, between the two runs
 * of the control.
 */
final class Rounds {

    /** A round whose two controls differ by more tells nothing. */
    static final double MOST_NOISE = 1.10;

    private static final int LEAST_QUIET = 3;

    private final List<Contender> contenders;
    private final Stopwatch stopwatch;
    private final Path state;
    private final PrintStream progress;
    private final List<Map<String, Measured>> rounds = new ArrayList<>();
    private final Map<String, String> failures = new LinkedHashMap<>();

    Rounds(List<Contender> contenders, Stopwatch stopwatch, Path state, PrintStream progress) {
        this.contenders = contenders;
        this.stopwatch = stopwatch;
        this.state = state;
        this.progress = progress;
    }

    void run(int count) throws IOException, InterruptedException {
        for (int round = 0; round < count; round++) {
            progress.printf("round %d of %d%n", round + 1, count);
            rounds.add(new LinkedHashMap<>());
            List<Contender> between = new ArrayList<>(contenders.subList(1, contenders.size() - 1));
            Collections.rotate(between, -3 * round);
            run(contenders.get(0), round);
            for (Contender contender : between) {
                if (contender.everyRound() || round % 2 == 0) {
                    run(contender, round);
                }
            }
            run(contenders.get(contenders.size() - 1), round);
        }
    }

    /** Runs a contender; one that has failed does not run again. */
    private void run(Contender contender, int round) throws IOException, InterruptedException {
        if (failures.containsKey(contender.name())) {
            return;
        }
        Folder.delete(state);
        try {
            Measured measured = stopwatch.measure(contender.name(), contender.command());
            if (!contender.isDone(measured)) {
                throw new IOException(
                        "did other work: expected "
                                + contender.expected()
                                + ", found "
                                + measured.output().strip());
            }
            rounds.get(round).put(contender.name(), measured);
            progress.printf(
                    "  %-60s %7.2f s %7.2f s cpu %6.0f MB%n",
                    contender.what(), measured.wall(), measured.cpu(), measured.megabytes());
        } catch (IOException e) {
            failures.put(contender.name(), e.getMessage());
            progress.printf("  %-60s FAILED: %s%n", contender.what(), e.getMessage());
        }
        Folder.delete(state);
    }

    List<Contender> contenders() {
        return contenders;
    }

    int count() {
        return rounds.size();
    }

    /** Why contenders have failed, by their names. */
    Map<String, String> failures() {
        return failures;
    }

    /** Of the rounds that the contender took part in. */
    List<Measured> of(Contender contender) {
        return rounds.stream()
                .map(round -> round.get(contender.name()))
                .filter(it -> it != null)
                .toList();
    }

    /** How much more the slower control took than the faster, wall or CPU; 1 is the same. */
    double noise(int round) {
        return Math.max(noise(round, Figure.Of.WALL), noise(round, Figure.Of.CPU));
    }

    /** Those that tell something. */
    IntStream quiet() {
        return IntStream.range(0, rounds.size()).filter(round -> noise(round) <= MOST_NOISE);
    }

    /** Whether there are enough of these for a verdict. */
    boolean isQuiet() {
        return quiet().count() >= LEAST_QUIET;
    }

    private double noise(int round, Figure.Of of) {
        OptionalDouble ratio =
                ratio(
                        round,
                        Figure.atMost("", Contenders.CONTROL_AGAIN, Contenders.CONTROL, of, 0, 0));
        return ratio.isEmpty()
                ? Double.POSITIVE_INFINITY
                : Math.max(ratio.getAsDouble(), 1 / ratio.getAsDouble());
    }

    /** Empty when one of the two did not take part. */
    OptionalDouble ratio(int round, Figure figure) {
        Optional<Double> over = value(round, figure.over(), figure.of());
        Optional<Double> under = value(round, figure.under(), figure.of());
        return over.isPresent() && under.isPresent()
                ? OptionalDouble.of(over.get() / under.get())
                : OptionalDouble.empty();
    }

    private Optional<Double> value(int round, String name, Figure.Of of) {
        Measured measured = rounds.get(round).get(name);
        return contenders.stream()
                .filter(it -> measured != null && it.name().equals(name))
                .map(it -> of.of(it, measured))
                .findFirst();
    }
}
