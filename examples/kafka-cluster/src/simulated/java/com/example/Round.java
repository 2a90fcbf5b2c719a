package com.example;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * One export by two planners and three fetchers, of which one after the other is killed with -9 and
 * started again; the first to die is the planner that leads.
 */
final class Round {

    private static final int DAYS = 12;
    private static final int EVENTS_A_DAY = 400;
    private static final int WORK = 5;
    private static final int KILLS = 6;

    /** Five heartbeats of the leader, a start of the component, and room for a busy machine. */
    private static final Duration TAKEOVER = Duration.ofSeconds(30);

    private final String brokers;
    private final Path folder;
    private final int number;
    private final Random random;
    private Duration takeover = Duration.ZERO;
    private int takeovers;
    private int kills;

    Round(String brokers, Path folder, int number, long seed) {
        this.brokers = brokers;
        this.folder = folder;
        this.number = number;
        this.random = new Random(seed * 1_000 + number);
    }

    /** What came of it. */
    record Verdict(
            int number,
            int kills,
            int events,
            int lost,
            int unknown,
            int repeated,
            long tasks,
            int queries,
            int mostInAnHour,
            int mostInASecond,
            int overTheLimit,
            int takeovers,
            Duration takeover) {

        boolean holds() {
            return lost == 0
                    && unknown == 0
                    && overTheLimit == 0
                    && mostInAnHour <= 60
                    && mostInASecond <= 3
                    && takeover.compareTo(TAKEOVER) <= 0;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "round %d %s: %d kills; %d events, %d lost, %d unknown, %d repeated;"
                            + " %d tasks for %d days, %d queries, at most %d in an hour and %d in a second,"
                            + " %d over the limit; %d takeovers, the longest in %.1f s",
                    number,
                    holds() ? "holds" : "IS BROKEN",
                    kills,
                    events,
                    lost,
                    unknown,
                    repeated,
                    tasks,
                    DAYS,
                    queries,
                    mostInAnHour,
                    mostInASecond,
                    overTheLimit,
                    takeovers,
                    takeover.toMillis() / 1000.0);
        }
    }

    Verdict run() throws Exception {
        try (Cluster cluster =
                new Cluster(
                        brokers,
                        "round" + number,
                        folder.resolve("round-" + number),
                        2,
                        3,
                        DAYS,
                        EVENTS_A_DAY,
                        WORK,
                        60,
                        3,
                        Map.of(
                                "mixpanel.windowDays", "1",
                                "mixpanel.tasks", "6",
                                "mixpanel.taskStartTimeout", "3s",
                                "mixpanel.taskTimeout", "12s"))) {
            cluster.start();
            while (cluster.tasks() == 0) {
                Thread.sleep(20);
            }
            Thread.sleep(random.nextInt(1_000));
            killLeader(cluster);
            while (kills < KILLS && !cluster.isDone()) {
                Thread.sleep(500 + random.nextInt(3_000));
                Node node = cluster.nodes.get(random.nextInt(cluster.nodes.size()));
                if (Optional.of(node).equals(cluster.leader())) {
                    killLeader(cluster);
                } else {
                    kills++;
                    node.kill();
                    node.start();
                }
            }
            cluster.awaitEnd();
            return verdict(cluster);
        }
    }

    /** And waits for the other one to take over, before the killed one is started again. */
    private void killLeader(Cluster cluster) throws Exception {
        Optional<Node> leader = cluster.leader();
        if (leader.isEmpty()) {
            return; // nobody leads just now
        }
        Node killed = leader.get();
        kills++;
        killed.kill();
        long since = System.nanoTime();
        while (cluster.leader().filter(it -> it != killed && it.isAlive()).isEmpty()) {
            if (System.nanoTime() - since > Duration.ofMinutes(2).toNanos()) {
                throw new IllegalStateException("no planner took over in two minutes");
            }
            Thread.sleep(20);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - since);
        takeover = took.compareTo(takeover) > 0 ? took : takeover;
        takeovers++;
        killed.start();
    }

    private Verdict verdict(Cluster cluster) throws Exception {
        List<String> exported = cluster.exported();
        Set<String> different = new HashSet<>(exported);
        Set<String> unknown = new HashSet<>(different);
        unknown.removeAll(cluster.expected);
        Set<String> lost = new HashSet<>(cluster.expected);
        lost.removeAll(different);
        return new Verdict(
                number,
                kills,
                cluster.expected.size(),
                lost.size(),
                unknown.size(),
                exported.size() - different.size(),
                cluster.tasks(),
                cluster.mixpanel.queries().size(),
                cluster.mixpanel.mostQueriesInAnyHour(),
                cluster.mixpanel.mostQueriesInAnySecond(),
                cluster.mixpanel.refused(),
                takeovers,
                takeover);
    }
}
