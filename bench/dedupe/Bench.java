import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What deduplication costs: one day of many distinct events, exported by whole processes with and
 * without it, in turn. Usage: Bench.java [events] [rounds], from the project's folder.
 */
public class Bench {

    private static final Path HERE = Path.of("bench/dedupe");
    private static final Path WORK = Path.of("target/bench-dedupe");
    private static final long DAY = 1_791_158_400; // 2026-10-05T00:00Z
    private static final int BLOCK = 20_000;
    private static final long SEED = 20261005;

    private record Template(String head, String afterTime, String afterId) {}

    private record Run(double wall, double cpu, long megabytes) {}

    public static void main(String[] args) throws Exception {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 10_000_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        Files.createDirectories(WORK);
        Path body = body(events);
        System.out.printf("%,d events, %,d bytes of gzip%n", events, Files.size(body));
        double[] wall = new double[rounds];
        double[] cpu = new double[rounds];
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            serve(server, body);
            int port = server.socket().getLocalPort();
            for (int round = 0; round < rounds; round++) {
                boolean withFirst = round % 2 == 0;
                Run first = run(port, events, withFirst);
                Run second = run(port, events, !withFirst);
                Run with = withFirst ? first : second;
                Run without = withFirst ? second : first;
                wall[round] = with.wall / without.wall;
                cpu[round] = with.cpu / without.cpu;
                System.out.printf("  ratio: wall %.2f, cpu %.2f%n", wall[round], cpu[round]);
            }
        }
        System.out.println("with / without: wall " + spread(wall) + ", cpu " + spread(cpu));
    }

    private static String spread(double[] ratios) {
        Arrays.sort(ratios);
        return String.format(
                "%.2f [%.2f-%.2f]",
                ratios[ratios.length / 2], ratios[0], ratios[ratios.length - 1]);
    }

    // ---- one process

    private static Run run(int port, int events, boolean deduplicate) throws Exception {
        Path state = WORK.resolve("state").toAbsolutePath();
        delete(state);
        String classPath = Files.readString(Path.of("target/bench-classpath.txt")).strip();
        try (Stream<Path> jars = Files.list(Path.of("target"))) {
            classPath =
                    jars.filter(jar -> jar.toString().endsWith("-SNAPSHOT.jar"))
                                    .findFirst()
                                    .orElseThrow()
                            + ":"
                            + classPath;
        }
        long start = System.nanoTime();
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-Xmx512m",
                                "-cp",
                                classPath,
                                HERE.resolve("Drive.java").toString(),
                                String.valueOf(port),
                                state.toString(),
                                String.valueOf(deduplicate))
                        .redirectError(WORK.resolve("log.txt").toFile())
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        double wall = (System.nanoTime() - start) / 1e9;
        String[] result =
                output.lines()
                        .filter(line -> line.startsWith("result "))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("see " + WORK + "/log.txt"))
                        .split(" ");
        if (Integer.parseInt(result[1]) != events) {
            throw new IllegalStateException(result[1] + " of " + events + " events came");
        }
        Run run = new Run(wall, Double.parseDouble(result[2]), Long.parseLong(result[3]));
        System.out.printf(
                "%-7s deduplicate: wall %6.1f s, cpu %6.1f s, peak memory %d MB%n",
                deduplicate ? "with" : "without", run.wall, run.cpu, run.megabytes);
        delete(state);
        return run;
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    // ---- the day: realistic events, each with a time and an $insert_id of its own

    private static Path body(int events) throws IOException {
        Path body = WORK.resolve(events + ".jsonl.gz");
        if (Files.exists(body)) {
            return body;
        }
        List<Template> templates = templates();
        Path unfinished = WORK.resolve("unfinished");
        int blocks = (events + BLOCK - 1) / BLOCK;
        int step = 4 * Runtime.getRuntime().availableProcessors();
        try (OutputStream out = Files.newOutputStream(unfinished)) {
            for (int from = 0; from < blocks; from += step) {
                List<byte[]> members =
                        IntStream.range(from, Math.min(blocks, from + step))
                                .parallel()
                                .mapToObj(block -> member(templates, block, events))
                                .toList();
                for (byte[] member : members) {
                    out.write(member);
                }
            }
        }
        return Files.move(unfinished, body, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] member(List<Template> templates, int block, int events) {
        Random random = new Random(SEED + block);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes, 1 << 16)) {
            for (int i = block * BLOCK; i < Math.min(events, (block + 1) * BLOCK); i++) {
                Template t = templates.get(i % templates.size());
                String id = String.format("%016x%016x", random.nextLong(), random.nextLong());
                gzip.write((t.head + (DAY + random.nextInt(86_400)) + t.afterTime).getBytes(UTF_8));
                gzip.write((id + t.afterId + "\n").getBytes(UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static List<Template> templates() throws IOException {
        List<Template> templates = new ArrayList<>();
        try (DirectoryStream<Path> days =
                Files.newDirectoryStream(Path.of("examples/data"), "*.jsonl.gz")) {
            for (Path day : days) {
                try (InputStream in = new GZIPInputStream(Files.newInputStream(day))) {
                    new String(in.readAllBytes(), UTF_8)
                            .lines()
                            .forEach(line -> templates.add(template(line)));
                }
            }
        }
        return templates;
    }

    private static Template template(String line) {
        String time = "\"time\":";
        String id = "\"$insert_id\":\"";
        int timeAt = line.indexOf(time) + time.length();
        int timeEnd = timeAt;
        while (Character.isDigit(line.charAt(timeEnd))) {
            timeEnd++;
        }
        int idAt = line.indexOf(id, timeEnd) + id.length();
        return new Template(
                line.substring(0, timeAt),
                line.substring(timeEnd, idAt),
                line.substring(line.indexOf('"', idAt)));
    }

    // ---- a server whose own cost is small: it sends the file as it is

    private static void serve(ServerSocketChannel server, Path body) {
        Thread thread =
                new Thread(
                        () -> {
                            while (true) {
                                try (SocketChannel client = server.accept()) {
                                    answer(client, body);
                                } catch (IOException e) {
                                    if (!server.isOpen()) {
                                        return;
                                    }
                                    System.err.println(e);
                                }
                            }
                        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void answer(SocketChannel client, Path body) throws IOException {
        ByteBuffer request = ByteBuffer.allocate(1 << 16);
        while (!UTF_8.decode(request.duplicate().flip()).toString().contains("\r\n\r\n")) {
            if (client.read(request) < 0) {
                return;
            }
        }
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        try (FileChannel file = FileChannel.open(body)) {
            String head =
                    "HTTP/1.1 200 OK\r\nDate: "
                            + date
                            + "\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\n"
                            + "Content-Length: "
                            + file.size()
                            + "\r\nConnection: close\r\n\r\n";
            client.write(UTF_8.encode(head));
            for (long at = 0; at < file.size(); ) {
                at += file.transferTo(at, file.size() - at, client);
            }
        }
    }
}
