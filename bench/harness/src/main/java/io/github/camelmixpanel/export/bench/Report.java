package io.github.camelmixpanel.export.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was measured, as Markdown. What pages show of it is in blocks, see {@link Blocks}. */
final class Report {

    private static final int BAR = 30;

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder chart = new StringBuilder();
    private final StringBuilder memory = new StringBuilder("| | memory, MB |\n|---|---|\n");

    /**
     * @param name of the block with the table
     * @param data what they exported, and how
     * @param charted those whose CPU is in the chart
     */
    void section(
            String name,
            String heading,
            String data,
            Rounds rounds,
            List<Figure> figures,
            List<String> charted) {
        paragraph("## " + heading);
        paragraph(data + " " + noise(rounds));
        figures(rounds, figures);
        contenders(name, rounds);
        memory(heading, rounds);
        chart(heading, rounds, charted);
    }

    void paragraph(String paragraph) {
        text.append(paragraph).append("\n\n");
    }

    /** For pages to show. */
    void block(String name, String content) {
        paragraph(Blocks.of(name, content));
    }

    /**
     * @param machine and commit
     */
    String all(String machine) {
        return "# Results\n\nWritten by `bench/run`; how to read it: [README.md](README.md). Earlier"
                + " ones: [HISTORY.md](HISTORY.md).\n\n"
                + machine
                + "\n\n"
                + Blocks.of("chart", "```\n" + chart + "```\n\n" + machine + "\n")
                + "\n\n"
                + text
                + "## Memory\n\nThe kernel's peak of the largest process, median [least–most].\n\n"
                + Blocks.of("memory", memory.toString())
                + "\n";
    }

    private static String noise(Rounds rounds) {
        String noise =
                rounds.noise()
                        .mapToObj(it -> String.format(Locale.ROOT, "%.0f %%", 100 * (it - 1)))
                        .collect(Collectors.joining(", "));
        return "The control's walls, first and last in each round, differ by " + noise + ".";
    }

    private void figures(Rounds rounds, List<Figure> figures) {
        text.append("| ratio, for each event | CPU | wall, quiet rounds | memory |\n");
        text.append("|---|---|---|---|\n");
        for (Figure figure : figures) {
            if (rounds.has(figure.over()) && rounds.has(figure.under())) {
                text.append(
                        row(
                                figure.over() + " ÷ " + figure.under(),
                                rounds.ratios(figure, Figure.Of.CPU).summary(),
                                rounds.ratios(figure, Figure.Of.WALL).summary(),
                                rounds.ratios(figure, Figure.Of.MEMORY).summary()));
            }
        }
        text.append('\n');
    }

    private void contenders(String name, Rounds rounds) {
        StringBuilder table =
                new StringBuilder("| | events | CPU, s | wall, s |\n|---|---|---|---|\n");
        for (Contender contender : rounds.contenders()) {
            String failure = rounds.failures().get(contender.name());
            table.append(
                    row(
                            contender.what(),
                            String.format(Locale.ROOT, "%,d", contender.events()),
                            failure != null
                                    ? failure
                                    : rounds.of(contender, Figure.Of.CPU).summary(),
                            rounds.of(contender, Figure.Of.WALL).summary()));
        }
        block(name, table.toString());
    }

    private void memory(String heading, Rounds rounds) {
        for (Contender contender : rounds.contenders()) {
            if (!contender.name().startsWith(Contenders.CONTROL)) {
                memory.append(
                        row(
                                heading + ": " + contender.what(),
                                rounds.of(contender, Figure.Of.MEMORY).summary()));
            }
        }
    }

    /** Bars of the CPU of a turn. */
    private void chart(String heading, Rounds rounds, List<String> charted) {
        List<Contender> shown =
                rounds.contenders().stream()
                        .filter(it -> charted.contains(it.name()) && rounds.has(it.name()))
                        .toList();
        double most = shown.stream().mapToDouble(it -> cpu(rounds, it)).max().orElse(1);
        chart.append(
                String.format(
                        Locale.ROOT,
                        "%s, %,d events: seconds of CPU (memory)%n",
                        heading,
                        shown.get(0).events()));
        for (Contender contender : shown) {
            double seconds = cpu(rounds, contender);
            chart.append(
                    String.format(
                            Locale.ROOT,
                            "  %-57s %5.1f (%4.0f MB) %s%n",
                            contender.what(),
                            seconds,
                            rounds.of(contender, Figure.Of.MEMORY).median(),
                            "█".repeat(Math.max(1, (int) Math.round(BAR * seconds / most)))));
        }
    }

    private static double cpu(Rounds rounds, Contender contender) {
        return rounds.of(contender, Figure.Of.CPU).median();
    }

    /** Seconds of CPU for a million events. */
    static double millionCpu(Rounds rounds, Contender contender) {
        return 1e6 * cpu(rounds, contender) / contender.events();
    }

    private static String row(String... cells) {
        return Stream.of(cells)
                .map(it -> it.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
