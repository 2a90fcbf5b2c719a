package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.ForkedExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * An application that exports for days while everything goes wrong: at random moments it is killed
 * with -9 and started again, answers break at random, events come late, and hours pass. At the end
 * it counts what got lost, what came twice, and what the server counted.
 *
 * <p>All is real: a process of its own, its files, sockets, kill -9. Only the clock is set ahead
 * between two runs, by minutes, of the application and of the simulated Mixpanel alike; while the
 * application runs it goes at its own pace, so that the limits are counted as Mixpanel would.
 */
final class KillRounds implements AutoCloseable {

    private static final int PAUSE_MILLIS = 1;

    /** One in flight, and what can be acknowledged in a second when each takes a millisecond. */
    static final int MOST_REPEATS_A_KILL = 1_001;

    /** An export that waits longer, say for a pause to end, is killed like any other. */
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final Duration MOMENT = Duration.ofMillis(20);

    private final Path folder;
    private final long seed;
    private final Random random;
    private final Set<String> expected = new HashSet<>();
    private final MixpanelSimulator mixpanel;
    private final Instant begin;
    private volatile Duration ahead = Duration.ZERO;
    private int events;
    private int faults;
    private int kills;
    private int runs;

    /** What came of it; see {@link #holds}. */
    record Verdict(
            long seed,
            int runs,
            int kills,
            int faults,
            Duration virtualTime,
            int events,
            int lost,
            int repeats,
            int unknown,
            int queries,
            int mostInAnHour,
            int mostInASecond,
            int refusedByLimit) {

        /** Nothing lost, repeats within the promise, not a query over the limit. */
        boolean holds() {
            return lost == 0
                    && unknown <= kills
                    && repeats <= kills * MOST_REPEATS_A_KILL
                    && refusedByLimit == 0
                    && mostInAnHour <= 60
                    && mostInASecond <= 3;
        }

        @Override
        public String toString() {
            return String.format(
                    "%s: seed %d, %d runs, %d kills, %d broken answers, %d h of virtual time;"
                            + " %d events, %d lost, %d repeated, %d torn by a kill;"
                            + " %d queries, at most %d in an hour and %d in a second, %d over the limit",
                    holds() ? "HOLDS" : "BROKEN",
                    seed,
                    runs,
                    kills,
                    faults,
                    virtualTime.toHours(),
                    events,
                    lost,
                    repeats,
                    unknown,
                    queries,
                    mostInAnHour,
                    mostInASecond,
                    refusedByLimit);
        }
    }

    KillRounds(Path folder, long seed) {
        this.folder = folder;
        this.seed = seed;
        this.random = new Random(seed);
        this.begin = now();
        this.mixpanel =
                MixpanelSimulator.builder()
                        .serviceAccount("account", "secret", "7")
                        .limits(60, 3, 100)
                        .clock(this::now)
                        .start();
    }

    private Instant now() {
        return Instant.now().plus(ahead);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(now(), ZoneOffset.UTC);
    }

    Verdict run(int rounds) throws Exception {
        for (int daysAgo = 3; daysAgo >= 1; daysAgo--) {
            addEvents(today().minusDays(daysAgo), 1_500);
        }
        LocalDate firstDay = today().minusDays(3);
        for (int round = 0; round < rounds; round++) {
            addEvents(today().minusDays(random.nextInt(2)), random.nextInt(600));
            breakSomeAnswers();
            runOnce(firstDay, Duration.ofMillis(random.nextInt(1_000)));
            ahead = ahead.plusSeconds(random.nextInt(600));
        }
        // until the last day is final: its end, a day of lookback, an hour, and some runs more for
        // what was broken last
        Instant end = today().plusDays(2).atStartOfDay(ZoneOffset.UTC).toInstant();
        for (int orderly = 0; orderly < 3; ahead = ahead.plusHours(13)) {
            boolean late = now().isAfter(end.plus(Duration.ofHours(2)));
            orderly += runOnce(firstDay, LONG) && late ? 1 : 0;
        }
        return verdict();
    }

    private void addEvents(LocalDate day, int count) {
        long start = day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        for (int i = 0; i < count; i++) {
            String line =
                    "{\"event\":\"view\",\"properties\":{\"time\":"
                            + (start + random.nextInt(86_400))
                            + ",\"distinct_id\":\"u"
                            + random.nextInt(10)
                            + "\",\"$insert_id\":\"e"
                            + ++events
                            + "\"}}";
            expected.add(line);
            mixpanel.addEvents(line);
        }
    }

    private void breakSomeAnswers() {
        List<Supplier<Answer>> all =
                List.of(
                        () -> Answer.reset(random.nextDouble()),
                        () -> Answer.close(random.nextDouble()),
                        () -> Answer.gzipCut(random.nextDouble()),
                        Answer::gzipWrongCrc,
                        Answer::noAnswer,
                        Answer::missingLastChunk,
                        Answer::cutInLine,
                        () -> Answer.hangAfter(random.nextDouble()),
                        () -> Answer.terminatedEarly("terminated early", false, true),
                        () -> Answer.dribble(200, Duration.ofMillis(1)),
                        () -> Answer.rateLimited("1"),
                        () -> Answer.status(500, "text/plain", "oops", Map.of()),
                        () -> Answer.status(401, "text/plain", "who?", Map.of()));
        while (random.nextInt(2) == 0 && faults < mixpanel.queries().size() + 2) {
            mixpanel.answer(all.get(random.nextInt(all.size())).get());
            faults++;
        }
    }

    /**
     * Lets it run for so long from the moment it has the state directory.
     *
     * @return whether it ended by itself
     */
    private boolean runOnce(LocalDate firstDay, Duration time) throws Exception {
        runs++;
        try (ForkedExport export =
                ForkedExport.start(
                        uri(firstDay),
                        out(),
                        folder.resolve("log.txt"),
                        "-DclockAhead=" + ahead,
                        "-Dpause=" + PAUSE_MILLIS,
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC")) {
            while (!hasStateDirectory(export) && !export.endsWithin(MOMENT)) {
                // it is still starting
            }
            if (export.endsWithin(time)) {
                return true;
            }
            export.kill();
            kills++;
            return false;
        }
    }

    private boolean hasStateDirectory(ForkedExport export) throws IOException {
        Path owner = folder.resolve("state/lock.owner");
        return Files.exists(owner)
                && Files.readString(owner).startsWith("process " + export.pid() + " ");
    }

    private String uri(LocalDate firstDay) {
        return "mixpanel-export:rounds?serviceAccount=account&serviceAccountSecret=secret&projectId=7"
                + "&baseUrl="
                + mixpanel.baseUrl()
                + "&stateDirectory="
                + folder.resolve("state")
                + "&fromDate="
                + firstDay
                + "&lookbackDays=1&revisitInterval=6h&retryDelay=50&responseTimeout=500"
                + "&initialDelay=0&repeatCount=1";
    }

    private Path out() {
        return folder.resolve("out.jsonl");
    }

    private Verdict verdict() throws IOException {
        Set<String> found = new HashSet<>();
        int repeats = 0;
        int unknown = 0;
        for (String line : ForkedExport.written(out())) {
            if (!expected.contains(line)) {
                unknown++;
            } else if (!found.add(line)) {
                repeats++;
            }
        }
        return new Verdict(
                seed,
                runs,
                kills,
                faults,
                Duration.between(begin, now()),
                expected.size(),
                expected.size() - found.size(),
                repeats,
                unknown,
                mixpanel.queries().size(),
                mixpanel.mostQueriesInAnyHour(),
                mixpanel.mostQueriesInAnySecond(),
                mixpanel.refused());
    }

    @Override
    public void close() {
        mixpanel.close();
    }
}
