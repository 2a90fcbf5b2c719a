package io.github.camelmixpanel.export.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A JVM that exports the same again and again, a turn whenever it is asked to; it idles meanwhile.
 * The first turns, in which the JIT compiler has most of its work, do not count. A turn counts from
 * the end of the one before, so that what the JVM compiles afterwards is in it.
 */
final class WarmProcess implements Contender.Turn, AutoCloseable {

    /** Of a second of CPU time, see {@code proc(5)}. */
    private static final double TICKS = 100;

    private static final int USER_TIME = 11; // behind the name of the program
    private static final int SYSTEM_TIME = 12;

    private final ProcessBuilder builder;
    private final int warmUp;
    private Process process;
    private BufferedReader results;
    private double cpu;

    /**
     * @param command that reads turns, see {@link Turns}
     * @param log for what it writes besides its results
     * @param warmUp how many turns do not count
     */
    WarmProcess(List<String> command, Path log, int warmUp) {
        this.builder = new ProcessBuilder(command).redirectError(log.toFile());
        this.warmUp = warmUp;
    }

    @Override
    public Measured take() throws IOException {
        if (process == null) {
            process = builder.start();
            results = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            for (int i = 0; i < warmUp; i++) {
                turn();
            }
        }
        return turn();
    }

    private Measured turn() throws IOException {
        long start = System.nanoTime();
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        String result = results.readLine();
        if (result == null) {
            throw new IOException("ended, see its log");
        }
        double wall = (System.nanoTime() - start) / 1e9;
        double before = cpu;
        cpu = cpuSeconds(process.pid());
        double megabytes = Stopwatch.peakKilobytes(process.pid()) / 1024.0;
        return new Measured(wall, cpu - before, megabytes, result);
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
        }
    }

    /** Of all threads of the process. */
    private static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS;
    }
}
