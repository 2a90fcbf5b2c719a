package io.github.camelmixpanel.export.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes what was measured, as Markdown. */
final class Report {

    private static final int LEAST_RATIOS = 2; // of contenders that run in every second round
    private static final int BAR = 40;
    private static final String README_START = "<!-- bench:start -->";
    private static final String README_END = "<!-- bench:end -->";

    private final StringBuilder text = new StringBuilder();

    /**
     * @param machine and commit
     */
    Report(String machine) {
        text.append(
                "# Results\n\nWritten by `bench/run`; how to read it: [README.md](README.md).\n\n");
        text.append(machine).append("\n\n");
    }

    void add(String paragraph) {
        text.append(paragraph).append("\n\n");
    }

    /**
     * @param data what all of them exported
     */
    void add(String heading, String data, Rounds rounds, List<Figure> figures) {
        text.append("## ").append(heading).append("\n\n").append(data).append("\n\n");
        noise(rounds);
        figures(rounds, figures);
        contenders(rounds);
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void noise(Rounds rounds) {
        text.append("The control, the first and the last run of each round, differs by ");
        for (int round = 0; round < rounds.count(); round++) {
            text.append(round == 0 ? "" : ", ");
            text.append(String.format(Locale.ROOT, "%.0f %%", 100 * (rounds.noise(round) - 1)));
        }
        text.append(". A round with more than 10 % is not judged by.\n\n");
    }

    private void figures(Rounds rounds, List<Figure> figures) {
        text.append("Ratios, for each event, in the same round: median [least–most].\n\n");
        text.append("| | ratio | rounds | wanted | aim | |\n|---|---|---|---|---|---|\n");
        for (Figure figure : figures) {
            Spread all = ratios(rounds, figure, IntStream.range(0, rounds.count()));
            if (all.count() > 0) {
                String sign = figure.moreIsBetter() ? "≥ " : "≤ ";
                row(
                        figure.what() + ", " + figure.of().name().toLowerCase(Locale.ROOT),
                        all.summary(),
                        all.inOrder(),
                        figure.limit() == 0 ? "" : sign + figure.limit(),
                        figure.limit() == 0 ? "" : sign + figure.aim(),
                        verdict(rounds, figure));
            }
        }
        text.append('\n');
    }

    private static String verdict(Rounds rounds, Figure figure) {
        if (figure.limit() == 0) {
            return "";
        }
        Spread quiet = ratios(rounds, figure, rounds.quiet());
        if (!rounds.isQuiet() || quiet.count() < LEAST_RATIOS) {
            return "no verdict";
        }
        return figure.holds(quiet.median()) ? "holds" : "missed";
    }

    private static Spread ratios(Rounds rounds, Figure figure, IntStream of) {
        return new Spread(
                of.mapToObj(round -> rounds.ratio(round, figure))
                        .filter(OptionalDouble::isPresent)
                        .mapToDouble(OptionalDouble::getAsDouble)
                        .toArray());
    }

    private void contenders(Rounds rounds) {
        text.append("Whole processes, median [least–most] of the rounds:\n\n");
        text.append(
                "| | events | wall s | CPU s | memory MB | rounds |\n|---|---|---|---|---|---|\n");
        for (Contender contender : rounds.contenders()) {
            List<Measured> measured = rounds.of(contender);
            String failure = rounds.failures().get(contender.name());
            if (failure != null) {
                row(contender.what(), failure, "", "", "", "");
            } else if (!measured.isEmpty()) {
                row(
                        contender.what(),
                        String.format(Locale.ROOT, "%,d", contender.events()),
                        spread(measured, Measured::wall).summary(),
                        spread(measured, Measured::cpu).summary(),
                        spread(measured, Measured::megabytes).summary(),
                        String.valueOf(measured.size()));
            }
        }
        text.append('\n');
    }

    private void row(String... cells) {
        List<String> escaped = Stream.of(cells).map(cell -> cell.replace("|", "\\|")).toList();
        text.append("| ").append(String.join(" | ", escaped)).append(" |\n");
    }

    private static Spread spread(List<Measured> measured, ToDoubleFunction<Measured> value) {
        return new Spread(measured.stream().mapToDouble(value).toArray());
    }

    /** Bars of the wall time of a million events. */
    static String chart(Rounds rounds) {
        List<Contender> shown =
                rounds.contenders().stream()
                        .filter(it -> Contenders.SHOWN.contains(it.name()))
                        .filter(it -> !rounds.of(it).isEmpty())
                        .toList();
        double most = shown.stream().mapToDouble(it -> secondsAMillion(rounds, it)).max().orElse(1);
        StringBuilder chart = new StringBuilder("seconds for a million events (memory)\n");
        for (Contender contender : shown) {
            double seconds = secondsAMillion(rounds, contender);
            chart.append(
                    String.format(
                            Locale.ROOT,
                            "%-61s %6.1f (%4.0f MB) %s%n",
                            contender.what(),
                            seconds,
                            spread(rounds.of(contender), Measured::megabytes).median(),
                            "█".repeat(Math.max(1, (int) Math.round(BAR * seconds / most)))));
        }
        return chart.toString();
    }

    private static double secondsAMillion(Rounds rounds, Contender contender) {
        return 1e6 * spread(rounds.of(contender), Measured::wall).median() / contender.events();
    }

    /** Puts the chart where the README has its place. */
    static void intoReadme(Path readme, String chart, String machine) throws IOException {
        String old = Files.readString(readme, UTF_8);
        int start = old.indexOf(README_START);
        int end = old.indexOf(README_END);
        if (start < 0 || end < start) {
            throw new IllegalStateException(readme + " has no place for the chart");
        }
        Files.writeString(
                readme,
                old.substring(0, start + README_START.length())
                        + "\n```\n"
                        + chart
                        + "```\n\n"
                        + machine
                        + "\n"
                        + old.substring(end));
    }
}
