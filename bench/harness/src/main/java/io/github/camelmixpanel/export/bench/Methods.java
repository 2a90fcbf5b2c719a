package io.github.camelmixpanel.export.bench;

import io.github.camelmixpanel.export.internal.pipeline.emission.EmissionMethods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What single methods take: {@link EventMethods} and {@link EmissionMethods}, by JMH with its gc
 * profiler.
 */
final class Methods {

    private static final String MEMORY = "gc.alloc.rate.norm";

    private Methods() {}

    /**
     * A table.
     *
     * @param quick for one short iteration, which only shows that it works
     */
    static String measure(Path folder, boolean quick) throws IOException, InterruptedException {
        Path csv = folder.resolve("methods.csv");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "org.openjdk.jmh.Main",
                                EventMethods.class.getSimpleName()
                                        + "|"
                                        + EmissionMethods.class.getSimpleName(),
                                "-prof",
                                "gc",
                                "-rf",
                                "csv",
                                "-rff",
                                csv.toString()));
        if (quick) {
            command.addAll(List.of("-wi", "1", "-w", "100ms", "-i", "1", "-r", "100ms"));
        }
        Path log = folder.resolve("methods.log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (process.waitFor() != 0) {
            throw new IOException("JMH has failed, see " + log);
        }
        return table(Files.readAllLines(csv));
    }

    private static String table(List<String> csv) {
        Map<String, Double> nanos = new LinkedHashMap<>();
        Map<String, Double> bytes = new LinkedHashMap<>();
        for (String row : csv.subList(1, csv.size())) {
            // "Benchmark","Mode",Threads,Samples,Score,Score Error,"Unit"
            String[] cells = row.replace("\"", "").split(",");
            String name = cells[0].replaceFirst(".*Methods\\.", "");
            double score = Double.parseDouble(cells[4]);
            if (name.endsWith(MEMORY)) {
                bytes.put(name.substring(0, name.indexOf(':')), score);
            } else if (!name.contains(":")) {
                nanos.put(name, score);
            }
        }
        StringBuilder text = new StringBuilder("## Methods\n\n");
        text.append("By JMH, for one event. Field extraction ÷ Jackson's tree of the same line: ");
        text.append(Spread.text(nanos.get("findFields") / nanos.get("jacksonTree")));
        text.append(" (wanted ≤ 0.33, aim 0.17).\n\n| method | ns | bytes |\n|---|---|---|\n");
        nanos.forEach(
                (name, score) ->
                        text.append(
                                String.format(
                                        Locale.ROOT,
                                        "| %s | %.0f | %.0f |%n",
                                        name,
                                        score,
                                        bytes.getOrDefault(name, 0.0))));
        return text.toString().strip();
    }
}
