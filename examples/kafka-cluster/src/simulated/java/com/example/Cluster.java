package com.example;

import static java.time.temporal.ChronoUnit.DAYS;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A simulated Mixpanel with some days of events, and the planners and fetchers that export them to
 * topics of their own.
 */
final class Cluster implements AutoCloseable {

    private static final LocalDate FIRST = LocalDate.parse("2026-10-01");
    private static final Pattern COMMITTED =
            Pattern.compile("\"type\":\"committed\",\"from\":\"([^\"]+)\",\"to\":\"([^\"]+)\"");
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    final List<Node> nodes = new ArrayList<>();
    final Set<String> expected = new HashSet<>();
    final MixpanelSimulator mixpanel;
    private final int days;
    private final String brokers;
    private final String topics;
    private final Path state;

    /**
     * @param topics how the names of its topics begin
     * @param work milliseconds that a fetcher's route waits with each event
     * @param options more properties of all nodes
     */
    Cluster(
            String brokers,
            String topics,
            Path folder,
            int planners,
            int fetchers,
            int days,
            int eventsADay,
            int work,
            int queriesAnHour,
            int queriesASecond,
            Map<String, String> options)
            throws Exception {
        this.brokers = brokers;
        this.topics = topics;
        this.days = days;
        this.state = folder.resolve("planner");
        Files.createDirectories(folder);
        Topic.create(brokers, topics + "-tasks", topics + "-results", topics + "-events");
        mixpanel =
                MixpanelSimulator.builder()
                        .serviceAccount("account", "secret", "7")
                        .limits(queriesAnHour, queriesASecond, 100)
                        .start();
        for (int day = 0; day < days; day++) {
            for (String event : events(FIRST.plusDays(day), eventsADay)) {
                expected.add(event);
                mixpanel.addEvents(event);
            }
        }
        Map<String, String> all = new HashMap<>();
        all.put("MIXPANEL_PROJECT_ID", "7");
        all.put("MIXPANEL_SERVICE_ACCOUNT", "account");
        all.put("MIXPANEL_SERVICE_ACCOUNT_SECRET", "secret");
        all.put("KAFKA_BROKERS", brokers);
        all.put("camel.component.mixpanel-export.base-url", mixpanel.baseUrl());
        all.put("topics", topics);
        all.put("cluster", folder.resolve("cluster").toString());
        all.put("mixpanel.fromDate", FIRST.toString());
        all.put("mixpanel.toDate", FIRST.plusDays(days - 1L).toString());
        all.put("mixpanel.lateEvents", "NONE");
        all.put("camel.component.mixpanel-export.queries-per-hour", "" + queriesAnHour);
        all.put("camel.component.mixpanel-export.queries-per-second", "" + queriesASecond);
        all.put("mixpanel.maxRetries", "100");
        all.put("mixpanel.retryDelay", "500ms");
        all.put("work", String.valueOf(work));
        all.putAll(options);
        for (int i = 1; i <= planners; i++) {
            nodes.add(node("planner", i, all, folder, state));
        }
        for (int i = 1; i <= fetchers; i++) {
            nodes.add(node("fetcher", i, all, folder, folder.resolve("fetcher-" + i)));
        }
    }

    private static Node node(
            String role, int number, Map<String, String> all, Path folder, Path state) {
        Map<String, String> own = new HashMap<>(all);
        own.put("state", state.toString());
        return new Node(role, number, own, folder);
    }

    private static List<String> events(LocalDate day, int count) {
        List<String> lines = new ArrayList<>();
        long start = day.toEpochDay() * 86_400;
        for (int i = 0; i < count; i++) {
            lines.add(
                    "{\"event\":\"view\",\"properties\":{\"time\":%d,\"distinct_id\":\"u%d\",\"$insert_id\":\"%s-%d\"}}"
                            .formatted(start + i, i % 10, day, i));
        }
        return lines;
    }

    void startFetchers() throws IOException {
        for (Node node : nodes) {
            if (node.role.equals("fetcher")) {
                node.start();
            }
        }
    }

    /** All that do not run. */
    void start() throws IOException {
        for (Node node : nodes) {
            if (!node.isAlive()) {
                node.start();
            }
        }
    }

    /** Days whose export the planners have noted as done. */
    long done() throws IOException {
        return ledger().map(COMMITTED::matcher)
                .filter(Matcher::find)
                .mapToLong(
                        it ->
                                DAYS.between(
                                                LocalDate.parse(it.group(1)),
                                                LocalDate.parse(it.group(2)))
                                        + 1)
                .sum();
    }

    /** Tasks that the planners have issued. */
    long tasks() throws IOException {
        return ledger().filter(it -> it.contains("\"type\":\"task\"")).count();
    }

    private Stream<String> ledger() throws IOException {
        Path file = state.resolve("exports/cluster/ledger.jsonl");
        return Files.exists(file) ? Files.readAllLines(file).stream() : Stream.of();
    }

    /**
     * The planner that leads, or led last: it holds the state directory, and has left its number.
     */
    Optional<Node> leader() throws IOException {
        Path file = state.resolve("lock.owner");
        String owner = Files.exists(file) ? Files.readString(file) : "";
        return nodes.stream()
                .filter(node -> owner.startsWith("process " + node.pid() + " "))
                .findFirst();
    }

    void awaitEnd() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!isDone()) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException(
                        done() + " of " + days + " days are done after " + PATIENCE);
            }
            Thread.sleep(100);
        }
    }

    boolean isDone() throws IOException {
        return done() >= days;
    }

    /** What the events topic holds now. */
    List<String> exported() {
        return Topic.values(brokers, topics + "-events");
    }

    @Override
    public void close() throws InterruptedException {
        for (Node node : nodes) {
            node.kill();
        }
        mixpanel.close();
    }
}
