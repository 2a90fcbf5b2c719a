package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.HeldWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** The exports that golden state directories belong to, and the route behind them. */
abstract class GoldenTestSupport extends VirtualTimeTestSupport {

    /** The ids of the events that the route has taken, in order. */
    final List<String> taken = Collections.synchronizedList(new ArrayList<>());

    /** The windows whose notice the route has taken, in order: first day and generation. */
    final List<String> notices = Collections.synchronizedList(new ArrayList<>());

    /** The tasks that the route was given, in order. */
    final List<String> tasks = Collections.synchronizedList(new ArrayList<>());

    /** Of each endpoint. */
    String queriesPerHour = "queriesPerHour=60";

    /** Events, and days with their notices, that the route fails. */
    final Set<String> refused = ConcurrentHashMap.newKeySet();

    /** What has happened before they pass. */
    Runnable beforeSlow = () -> {};

    /** The event during which two seconds pass; what is done is on disk after the next one. */
    volatile String slow = "";

    /** The event that the route never gives back. */
    volatile String last = "";

    private final Semaphore reached = new Semaphore(0);
    private final Semaphore release = new Semaphore(0);

    GoldenTestSupport() {
        super(Instant.parse("2026-08-05T12:00:00Z"));
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder().lateArrival(true);
    }

    @Override
    CamelContext newContext() throws Exception {
        CamelContext fresh = super.newContext();
        HeldWatch.of(fresh); // what is on disk does not depend on how fast this machine is
        return fresh;
    }

    void advanceTo(Instant instant) {
        time.advance(Duration.between(time.now(), instant));
    }

    String uri(GoldenState golden, String... options) {
        List<String> all =
                new ArrayList<>(List.of("windowDays=1", "maxConcurrentWindows=1", "delay=1"));
        all.add(queriesPerHour);
        all.addAll(golden.options());
        all.addAll(Arrays.asList(options));
        return withoutDates(uri("", "", all.toArray(String[]::new)));
    }

    String producer() {
        return withoutDates(uri("", "", queriesPerHour));
    }

    private static String withoutDates(String uri) {
        return uri.replace("fromDate=&", "").replace("toDate=&", "");
    }

    /** Adds the route behind the export, and one to its producer. */
    void route(String uri) throws Exception {
        handle(uri, this::take);
        asker();
    }

    /** Adds a route to the producer. */
    void asker() throws Exception {
        String producer = producer();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:ask").to(producer);
                    }
                });
    }

    /** Adds a route that does what a task says, and replies with what became of it. */
    void fetcher() throws Exception {
        String producer = producer();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:fetch")
                                .doTry()
                                .to(producer)
                                .split(body())
                                .streaming()
                                .process(e -> take(e))
                                .end()
                                .setBody(header(MixpanelExportConstants.OUTCOME))
                                .endDoTry()
                                .doCatch(Exception.class)
                                .setBody(header(MixpanelExportConstants.FAILURE))
                                .end();
                    }
                });
    }

    /** What a fetcher says of the last task for a day. */
    String carryOut(String day) {
        String task =
                tasks.stream().filter(it -> it.contains(day)).reduce((a, b) -> b).orElseThrow();
        return reply("direct:fetch", task, "TASK");
    }

    /** What the planner says to the outcome of a task. */
    String complete(String outcome) {
        return reply("direct:ask", outcome, "COMPLETE");
    }

    private String reply(String to, String body, String operation) {
        return context.createProducerTemplate()
                .send(
                        to,
                        e -> {
                            e.getMessage().setHeader(MixpanelExportConstants.OPERATION, operation);
                            e.getMessage().setBody(body);
                        })
                .getMessage()
                .getBody(String.class);
    }

    private void take(Exchange exchange) {
        String from =
                exchange.getMessage()
                        .getHeader(MixpanelExportConstants.FROM_DATE, "", String.class);
        if (exchange.getMessage().getHeader(MixpanelExportConstants.WINDOW_COMPLETE) != null) {
            refuse(from);
            notices.add(
                    from
                            + " "
                            + exchange.getMessage().getHeader(MixpanelExportConstants.GENERATION));
            return;
        }
        String id =
                exchange.getMessage().getBody() instanceof MixpanelEvent event
                        ? event.getInsertId()
                        : null;
        if (id == null) {
            tasks.add(exchange.getMessage().getBody(String.class));
            return;
        }
        if (id.equals(slow)) {
            beforeSlow.run();
            time.advance(Duration.ofSeconds(2));
        }
        if (id.equals(last)) {
            reached.release();
            release.acquireUninterruptibly();
            throw new IllegalStateException("killed");
        }
        refuse(id);
        taken.add(id);
    }

    private void refuse(String what) {
        if (refused.contains(what)) {
            throw new IllegalStateException("refused: " + what);
        }
    }

    Exchange ask(String operation, String from, String to, Object... headers) {
        return context.createProducerTemplate()
                .send(
                        "direct:ask",
                        e -> {
                            e.getMessage().setHeader(MixpanelExportConstants.OPERATION, operation);
                            e.getMessage().setHeader(MixpanelExportConstants.FROM_DATE, from);
                            e.getMessage().setHeader(MixpanelExportConstants.TO_DATE, to);
                            for (int i = 0; i < headers.length; i += 2) {
                                e.getMessage().setHeader((String) headers[i], headers[i + 1]);
                            }
                        });
    }

    void awaitLast() throws InterruptedException {
        if (!reached.tryAcquire(20, TimeUnit.SECONDS)) {
            throw new AssertionError("no event " + last + " came; taken: " + taken);
        }
    }

    /** Ends the application and leaves on disk what was there before: it has been killed. */
    void kill() throws Exception {
        Path left = temp.resolve("left");
        copy(state(), left);
        List<String> before = List.copyOf(taken);
        release.release();
        context.stop();
        taken.clear();
        taken.addAll(before);
        Files.move(state(), temp.resolve("killed-" + System.nanoTime()));
        Files.move(left, state());
        release.drainPermits();
        context = newContext();
    }

    /** One poll to its end. */
    void poll(String uri) throws Exception {
        route(uri + "&repeatCount=1");
        context.start();
        await().until(() -> consumer().isFirstPollDone());
    }

    void awaitPolls() {
        long polls = consumer().getCounter();
        await().until(() -> consumer().getCounter() > polls + 2);
    }

    /** The files below, by their path; lock and temporary ones are no part of the state. */
    static TreeMap<String, Path> files(Path folder) throws IOException {
        TreeMap<String, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(Files::isRegularFile)
                    .filter(it -> !it.getFileName().toString().matches("lock.*|.*\\.tmp|.*\\.part"))
                    .forEach(it -> files.put(folder.relativize(it).toString(), it));
        }
        return files;
    }

    static void copy(Path from, Path to) throws IOException {
        for (var file : files(from).entrySet()) {
            Path copy = to.resolve(file.getKey());
            Files.createDirectories(copy.getParent());
            Files.copy(file.getValue(), copy);
        }
    }

    /** Events of one day as they come late: each with the time at which it was processed. */
    static String[] processed(String day, int from, int to, Instant processed) {
        return Stream.of(lines(day, to))
                .skip(from)
                .map(
                        line ->
                                line.replace(
                                        "}}",
                                        ",\"mp_processing_time_ms\":"
                                                + processed.toEpochMilli()
                                                + "}}"))
                .toArray(String[]::new);
    }
}
