package io.github.camelmixpanel.export.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Lets the contenders take turns: in each round each once, in another order, between the two runs
 * of the control. One that has failed takes no more.
 */
final class Rounds {

    /** Walls of a round whose two controls differ by more tell nothing. */
    private static final double MOST_NOISE = 1.10;

    private static final int LEAST_QUIET = 3;

    private final List<Contender> contenders;
    private final List<Map<String, Measured>> rounds = new ArrayList<>();
    private final Map<String, String> failures = new LinkedHashMap<>();

    /**
     * @param contenders the control first, and once more as the last
     */
    Rounds(List<Contender> contenders) {
        this.contenders = contenders;
    }

    void run(int count) throws InterruptedException {
        for (int round = 0; round < count; round++) {
            System.out.printf("round %d of %d%n", round + 1, count);
            rounds.add(new LinkedHashMap<>());
            List<Contender> between = new ArrayList<>(contenders.subList(1, contenders.size() - 1));
            Collections.rotate(between, -3 * round);
            run(contenders.get(0), round);
            for (Contender contender : between) {
                run(contender, round);
            }
            run(contenders.get(contenders.size() - 1), round);
        }
    }

    private void run(Contender contender, int round) throws InterruptedException {
        if (failures.containsKey(contender.name())) {
            return;
        }
        try {
            Measured measured = contender.run();
            rounds.get(round).put(contender.name(), measured);
            System.out.printf(
                    "  %-60s %7.2f s cpu %7.2f s %6.0f MB%n",
                    contender.what(), measured.cpu(), measured.wall(), measured.megabytes());
        } catch (IOException e) {
            failures.put(contender.name(), e.getMessage());
            System.out.printf("  %-60s FAILED: %s%n", contender.what(), e.getMessage());
        }
    }

    List<Contender> contenders() {
        return contenders;
    }

    /** Why contenders have failed, by their names. */
    Map<String, String> failures() {
        return failures;
    }

    boolean has(String name) {
        return rounds.stream().anyMatch(round -> round.containsKey(name));
    }

    /** Of the rounds that the contender took part in; walls only of those that were quiet. */
    Spread of(Contender contender, Figure.Of of) {
        return new Spread(
                telling(of)
                        .mapToObj(round -> rounds.get(round).get(contender.name()))
                        .filter(Objects::nonNull)
                        .mapToDouble(of::total)
                        .toArray());
    }

    /** The ratios of the rounds that both took part in; walls only of those that were quiet. */
    Spread ratios(Figure figure, Figure.Of of) {
        return new Spread(
                telling(of)
                        .mapToDouble(round -> ratio(round, figure, of))
                        .filter(Double::isFinite)
                        .toArray());
    }

    /** All rounds, or for walls those that were quiet, if they are enough. */
    private IntStream telling(Figure.Of of) {
        if (of != Figure.Of.WALL) {
            return IntStream.range(0, rounds.size());
        }
        int[] quiet =
                IntStream.range(0, rounds.size())
                        .filter(round -> noise(round) <= MOST_NOISE)
                        .toArray();
        return IntStream.of(quiet.length < LEAST_QUIET ? new int[0] : quiet);
    }

    /** How much more the slower control took than the faster, for each round; 1 is the same. */
    DoubleStream noise() {
        return IntStream.range(0, rounds.size()).mapToDouble(this::noise);
    }

    private double noise(int round) {
        Figure controls = new Figure(Contenders.CONTROL_AGAIN, Contenders.CONTROL);
        double ratio = ratio(round, controls, Figure.Of.WALL);
        return Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : Math.max(ratio, 1 / ratio);
    }

    private double ratio(int round, Figure figure, Figure.Of of) {
        return value(round, figure.over(), of) / value(round, figure.under(), of);
    }

    private double value(int round, String name, Figure.Of of) {
        Measured measured = rounds.get(round).get(name);
        return contenders.stream()
                .filter(it -> measured != null && it.name().equals(name))
                .mapToDouble(it -> of.forEachEvent(it, measured))
                .findFirst()
                .orElse(Double.NaN);
    }
}
