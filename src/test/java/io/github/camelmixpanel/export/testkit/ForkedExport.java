package io.github.camelmixpanel.export.testkit;

import io.github.camelmixpanel.export.ShiftedTime;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.ScheduledPollConsumer;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * An application in a JVM of its own that can be killed: it writes each event it gets to a file,
 * one line an event, batches too, before the exchange completes, and ends after its first poll.
 */
public final class ForkedExport implements AutoCloseable {

    private static final boolean ON_DEMAND = Boolean.getBoolean("onDemand");
    private static final String DATABASE = System.getProperty("database");
    private static final String ASK = System.getProperty("ask");
    private static final Pattern POISON = Pattern.compile(System.getProperty("poison", "(?!)"));

    private final Process process;
    private final Path log;

    private ForkedExport(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * @param out where the events go; appended
     * @param log where the application's own output goes; appended
     * @param jvmOptions such as {@code -Xmx64m}, {@code -Dpause=1} (ms an event takes) or {@code
     *     -DblockAt=10} (the event at which the route blocks for ever, before it is written) or
     *     {@code -DonDemand=true} (the days of the URI are exported once, by its producer) or
     *     {@code -DclockAhead=PT3H} (by how much its clock is ahead) or {@code -Dpoison=regex} (the
     *     events that the route fails, where it is found in a line) or {@code -Dask=RESUME} (an
     *     operation for the days of the URI, asked for after the first poll; it then runs on) or
     *     {@code -Ddatabase=url} (the JDBC URL of its {@code dataSource=#bean:db})
     */
    public static ForkedExport start(String uri, Path out, Path log, String... jvmOptions)
            throws IOException {
        List<String> options = new ArrayList<>(List.of("-Dexport.log=INFO"));
        options.addAll(Arrays.asList(jvmOptions));
        Process process =
                ForkedJvm.of(ForkedExport.class, options, uri, out.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        return new ForkedExport(process, log);
    }

    public long pid() {
        return process.pid();
    }

    /** Ends the JVM at once, as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Whether the application ends by itself in this time. */
    public boolean endsWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Whether the application ends by itself, rather than stand still.
     *
     * @param quiet for how long it does next to nothing when it stands still
     */
    public boolean endsUnlessQuiet(Duration quiet) throws InterruptedException {
        Progress progress = Progress.of(process.toHandle(), quiet);
        while (!endsWithin(Duration.ofSeconds(1))) {
            if (progress.isOver()) {
                return false;
            }
        }
        return true;
    }

    /**
     * @throws AssertionError when the application did not end by itself with 0
     */
    public void awaitEnd() throws InterruptedException, IOException {
        Patiently.await().until(() -> !process.isAlive());
        int exit = process.exitValue();
        if (exit != 0) {
            throw new AssertionError("exit code " + exit + ":\n" + log());
        }
    }

    /** The lines of its {@code out} so far; none before it has written any. */
    public static List<String> written(Path out) throws IOException {
        return Files.exists(out) ? Files.readAllLines(out) : List.of();
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] args) throws Exception {
        String uri = args[0];
        CountDownLatch never = new CountDownLatch(1);
        long blockAt = Long.getLong("blockAt", Long.MAX_VALUE);
        long pause = Long.getLong("pause", 0);
        DefaultCamelContext context = new DefaultCamelContext();
        ShiftedTime.shift(context, Duration.parse(System.getProperty("clockAhead", "PT0S")));
        if (DATABASE != null) {
            context.getRegistry().bind("db", new DriverManagerDataSource(DATABASE));
        }
        try (OutputStream out = new FileOutputStream(args[1], true)) {
            context.addRoutes(
                    new RouteBuilder() {
                        private long count;

                        @Override
                        public void configure() {
                            if (ON_DEMAND) {
                                from("direct:once")
                                        .to(uri)
                                        .split(body())
                                        .streaming()
                                        .process(this::write);
                            } else {
                                from(uri).routeId("export").process(this::write);
                            }
                            if (ASK != null) {
                                from("direct:ask").to(uri + "&operation=" + ASK);
                            }
                        }

                        private void write(Exchange exchange) throws Exception {
                            if (++count == blockAt) {
                                never.await();
                            }
                            if (pause > 0) {
                                Thread.sleep(pause);
                            }
                            String lines = exchange.getMessage().getBody(String.class);
                            if (POISON.matcher(lines).find()) {
                                throw new IllegalStateException("poison");
                            }
                            String end = lines.endsWith("\n") ? "" : "\n"; // a batch has its own
                            out.write((lines + end).getBytes(StandardCharsets.UTF_8));
                        }
                    });
            context.start();
            if (ON_DEMAND) {
                context.createProducerTemplate().sendBody("direct:once", null);
            } else {
                awaitFirstPoll(context);
            }
            if (ASK != null) {
                context.createProducerTemplate().sendBody("direct:ask", null);
                never.await();
            }
            context.stop();
        }
        System.exit(0);
    }

    private static void awaitFirstPoll(DefaultCamelContext context) throws InterruptedException {
        ScheduledPollConsumer consumer =
                (ScheduledPollConsumer) context.getRoute("export").getConsumer();
        while (!consumer.isFirstPollDone()) {
            Thread.sleep(20);
        }
    }
}
