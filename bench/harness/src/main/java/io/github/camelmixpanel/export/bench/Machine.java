package io.github.camelmixpanel.export.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.stream.Stream;

/** What a figure depends on, without naming the machine. */
final class Machine {

    private Machine() {}

    static String describe() throws IOException {
        return String.format(
                "%s, commit %s. %d cores (%s), %.0f GB of memory, JDK %s (%s), %s. Load average"
                        + " before the rounds: %s.",
                LocalDate.now(),
                commit(),
                Runtime.getRuntime().availableProcessors(),
                first("/proc/cpuinfo", "model name"),
                Long.parseLong(first("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1e6,
                System.getProperty("java.version"),
                System.getProperty("java.vendor"),
                output("curl", "--version").split(" \\(")[0],
                Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    }

    private static String commit() throws IOException {
        String changes = output("git", "status", "--porcelain", "--untracked-files=no");
        return output("git", "rev-parse", "--short", "HEAD").strip()
                + (changes.isBlank() ? "" : " with changes");
    }

    private static String first(String file, String key) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    private static String output(String... command) throws IOException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }
}
