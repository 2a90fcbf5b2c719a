package io.github.camelmixpanel.export.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures whole processes. Times are those of bash's {@code time}: what the kernel has counted for
 * the processes of a pipeline when they are over. Memory is the kernel's peak of each process, read
 * from {@code /proc} four times per second, so that what it grows in its last quarter is not seen.
 */
final class Stopwatch {

    private static final long FIRST_LOOK_MILLIS = 20;
    private static final long MOST_LOOK_MILLIS = 250;
    private static final long TIMEOUT_SECONDS = 900;

    private final Path folder;

    /**
     * @param folder for what the contenders write
     */
    Stopwatch(Path folder) {
        this.folder = folder;
    }

    /** Where a contender's standard error goes. */
    Path log(String name) {
        return folder.resolve(name.replaceAll("\\W+", "-") + ".log");
    }

    /**
     * @param command for bash
     * @throws IOException when it fails, or does not end in time
     */
    Measured measure(String name, String command) throws IOException, InterruptedException {
        Path log = log(name);
        Path output = folder.resolve("output");
        // the times go to the shell's own standard error, what the contender says to its log
        String timed =
                "set -o pipefail; TIMEFORMAT='%R %U %S'; time { " + command + "; } 2>'" + log + "'";
        Process process =
                new ProcessBuilder("bash", "-c", timed)
                        .redirectOutput(output.toFile())
                        .redirectError(folder.resolve("times").toFile())
                        .start();
        long peak = 0;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        long pause = FIRST_LOOK_MILLIS;
        while (!process.waitFor(pause, TimeUnit.MILLISECONDS)) {
            pause = Math.min(2 * pause, MOST_LOOK_MILLIS);
            peak = Math.max(peak, largest(process));
            if (System.nanoTime() > deadline) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IOException("not over after " + TIMEOUT_SECONDS + " s, see " + log);
            }
        }
        if (process.exitValue() != 0) {
            throw new IOException("failed with " + process.exitValue() + ", see " + log);
        }
        List<String> times = Files.readAllLines(folder.resolve("times"));
        String[] figures = times.get(times.size() - 1).split(" ");
        return new Measured(
                Double.parseDouble(figures[0]),
                Double.parseDouble(figures[1]) + Double.parseDouble(figures[2]),
                peak / 1024.0,
                Files.readString(output, UTF_8));
    }

    private static long largest(Process process) {
        return process.descendants().mapToLong(it -> peakKilobytes(it.pid())).max().orElse(0);
    }

    /** 0 when the process has ended. */
    static long peakKilobytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException over) {
            return 0; // the process has ended
        }
    }
}
