package com.example;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * Two planners and three fetchers export through a real Kafka broker, and are killed with -9
 * meanwhile: nothing may be lost, and the quota of the project must hold. {@code --rounds=30} and
 * {@code --seed=7} say how often and how; {@code --scale} compares three fetchers with one instead.
 */
public final class KillRounds {

    private static final Path FOLDER = Path.of("target", "cluster").toAbsolutePath();

    private KillRounds() {}

    public static void main(String[] args) {
        int exitCode = 1;
        try {
            Path folder = FOLDER.resolve(Long.toString(System.currentTimeMillis()));
            Files.createDirectories(folder);
            String brokers = Broker.start(folder.resolve("kafka"));
            boolean holds =
                    Arrays.asList(args).contains("--scale")
                            ? scale(brokers, folder)
                            : rounds(
                                    brokers,
                                    folder,
                                    number(args, "rounds", 1),
                                    number(args, "seed", 1));
            exitCode = holds ? 0 : 1;
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.exit(exitCode);
    }

    private static int number(String[] args, String name, int otherwise) {
        String start = "--" + name + "=";
        return Arrays.stream(args)
                .filter(it -> it.startsWith(start))
                .map(it -> Integer.parseInt(it.substring(start.length())))
                .findFirst()
                .orElse(otherwise);
    }

    private static boolean rounds(String brokers, Path folder, int rounds, long seed)
            throws Exception {
        System.out.printf("%d rounds, seed %d, logs in %s%n", rounds, seed, folder);
        int broken = 0;
        for (int number = 1; number <= rounds; number++) {
            Round.Verdict verdict = new Round(brokers, folder, number, seed).run();
            System.out.println(verdict);
            broken += verdict.holds() ? 0 : 1;
        }
        System.out.printf("%d of %d rounds hold%n", rounds - broken, rounds);
        return broken == 0;
    }

    /**
     * A route that waits 20 ms with each event: what more fetchers are good for. The quota is not
     * what holds them up here.
     */
    private static boolean scale(String brokers, Path folder) throws Exception {
        double one = eventsASecond(brokers, folder, 1);
        double three = eventsASecond(brokers, folder, 3);
        System.out.printf(
                Locale.ROOT,
                "1 fetcher: %.0f events per second; 3 fetchers: %.0f; ratio %.2f%n",
                one,
                three,
                three / one);
        return true;
    }

    /** From the first query to the end; Kafka has given the fetchers their partitions before. */
    private static double eventsASecond(String brokers, Path folder, int fetchers)
            throws Exception {
        String name = "scale" + fetchers;
        try (Cluster cluster =
                new Cluster(
                        brokers,
                        name,
                        folder.resolve(name),
                        1,
                        fetchers,
                        18,
                        200,
                        20,
                        1_000,
                        100,
                        Map.of(
                                "mixpanel.windowDays", "1",
                                "mixpanel.tasks", "6",
                                "mixpanel.taskStartTimeout", "1m",
                                "mixpanel.taskTimeout", "10m"))) {
            cluster.startFetchers();
            Topic.awaitReaders(brokers, "fetchers", fetchers);
            cluster.start();
            while (cluster.mixpanel.queries().isEmpty()) {
                Thread.sleep(20);
            }
            long since = System.nanoTime();
            cluster.awaitEnd();
            return cluster.expected.size() / ((System.nanoTime() - since) / 1e9);
        }
    }
}
