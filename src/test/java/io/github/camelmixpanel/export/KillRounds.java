package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.ForkedExport;
import io.github.camelmixpanel.export.testkit.Patiently;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An application that exports for days while everything goes wrong: at random moments it is killed
 * with -9 and started again, answers break at random, lines are broken, the route is away or fails
 * some events, events come late, and hours pass. Many rounds begin with more days than Mixpanel
 * answers for in an hour. At the end it counts what got lost, what came twice and by which kill,
 * and what the server counted.
 *
 * <p>All is real: a process of its own, its files, sockets, kill -9. Only the clock is set ahead
 * between two runs, by minutes, of the application and of the simulated Mixpanel alike; while the
 * application runs it goes at its own pace, so that the limits are counted as Mixpanel would.
 */
final class KillRounds implements AutoCloseable {

    private static final int PAUSE_MILLIS = 1;

    /** One in flight, and what can be acknowledged in a second when each takes a millisecond. */
    static final int MOST_REPEATS_A_KILL = 1_001;

    /** Some take more, so that one that forgets all of its run, and not a second, is seen. */
    private static final int LONGEST_LIFE_MILLIS = 2_500;

    /** So that the end, when all is to come through, does not begin with the faults of hours. */
    private static final int MOST_FAULTS_AHEAD = 4;

    private static final int MOST_DAYS = 80;

    /** An export that does nothing for longer, say until a pause ends, is killed like any other. */
    private static final Duration QUIET = Duration.ofSeconds(60);

    private static final Duration MOMENT = Duration.ofMillis(20);

    private final Path folder;
    private final long seed;
    private final Random random;
    private final Set<String> expected = new HashSet<>();
    private final List<String> badLines = new ArrayList<>();

    /** For each run, how many lines were written when it had ended, and whether it was killed. */
    private final List<RunEnd> ends = new ArrayList<>();

    private final MixpanelSimulator mixpanel;
    private final Instant begin;
    private volatile Duration ahead = Duration.ZERO;
    private int events;
    private int faults;

    /** Broken answers that no query has had yet. */
    private int faultsAhead;

    private int queriesBefore;
    private int kills;
    private int awayRuns;

    private record RunEnd(int written, boolean killed) {}

    /** What came of it; see {@link #holds}. */
    record Verdict(
            long seed,
            int runs,
            int kills,
            int faults,
            int awayRuns,
            Duration virtualTime,
            int events,
            int lost,
            int badLines,
            int badLinesLost,
            int repeats,
            int mostRepeatsOfAKill,
            int repeatsWithoutAKill,
            int unknown,
            int queries,
            int mostInAnHour,
            int mostInASecond,
            int refusedByLimit) {

        /** Nothing lost, repeats within the promise, not a query over the limit. */
        boolean holds() {
            return lost == 0
                    && badLinesLost == 0
                    && unknown <= kills
                    && repeatsWithoutAKill == 0
                    && mostRepeatsOfAKill <= MOST_REPEATS_A_KILL
                    && refusedByLimit == 0
                    && mostInAnHour <= 60
                    && mostInASecond <= 3;
        }

        @Override
        public String toString() {
            return String.format(
                    "%s: seed %d, %d runs, %d kills, %d broken answers, %d runs with a failing route,"
                            + " %d h of virtual time; %d events, %d lost; %d bad lines, %d lost;"
                            + " %d repeated, at most %d by a kill, %d without one, %d torn by a kill;"
                            + " %d queries, at most %d in an hour and %d in a second, %d over the limit",
                    holds() ? "HOLDS" : "BROKEN",
                    seed,
                    runs,
                    kills,
                    faults,
                    awayRuns,
                    virtualTime.toHours(),
                    events,
                    lost,
                    badLines,
                    badLinesLost,
                    repeats,
                    mostRepeatsOfAKill,
                    repeatsWithoutAKill,
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
        int days = Math.min(MOST_DAYS, 3 + rounds);
        LocalDate firstDay = today().minusDays(days);
        for (int day = 0; day < days; day++) {
            addEvents(firstDay.plusDays(day), 100);
        }
        for (int round = 0; round < rounds; round++) {
            LocalDate day = today().minusDays(random.nextInt(2));
            if (random.nextInt(5) == 0) {
                addBadLine(day);
            }
            addEvents(day, 1 + random.nextInt(1_000));
            breakSomeAnswers();
            Duration life = Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS));
            runOnce(firstDay, export -> export.endsWithin(life), failures());
            ahead = ahead.plusSeconds(random.nextInt(600));
        }
        // until the last day is final: its end, a day of lookback, an hour, and some runs more for
        // what was broken last
        Instant end = today().plusDays(2).atStartOfDay(ZoneOffset.UTC).toInstant();
        Life orderlyLife = export -> export.endsUnlessQuiet(QUIET);
        for (int orderly = 0; orderly < 3; ahead = ahead.plusHours(13)) {
            boolean late = now().isAfter(end.plus(Duration.ofHours(2)));
            orderly += runOnce(firstDay, orderlyLife, "(?!)") && late ? 1 : 0;
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

    private void addBadLine(LocalDate day) {
        String line = "{\"event\":bad line " + badLines.size() + "}";
        badLines.add(line);
        mixpanel.addDay(day, (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** What the route fails in the next run: nothing, everything, or every fifth event. */
    private String failures() {
        String fails =
                switch (random.nextInt(8)) {
                    case 0 -> ".";
                    case 1 -> "\"e\\d*[05]\"";
                    default -> "(?!)";
                };
        awayRuns += fails.equals("(?!)") ? 0 : 1;
        return fails;
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
        int queries = mixpanel.queries().size();
        faultsAhead = Math.max(0, faultsAhead - (queries - queriesBefore));
        queriesBefore = queries;
        while (random.nextInt(2) == 0 && faultsAhead < MOST_FAULTS_AHEAD) {
            mixpanel.answer(all.get(random.nextInt(all.size())).get());
            faultsAhead++;
            faults++;
        }
    }

    /** Returns when an application that has the state directory ends, or is to be killed. */
    @FunctionalInterface
    private interface Life {
        boolean endsByItself(ForkedExport export) throws InterruptedException;
    }

    /**
     * Lets it run for a life from the moment it has the state directory.
     *
     * @return whether it ended by itself
     */
    private boolean runOnce(LocalDate firstDay, Life life, String fails) throws Exception {
        boolean ended = run(firstDay, life, fails);
        kills += ended ? 0 : 1;
        ends.add(new RunEnd(ForkedExport.written(out()).size(), !ended));
        return ended;
    }

    private boolean run(LocalDate firstDay, Life life, String fails) throws Exception {
        try (ForkedExport export =
                ForkedExport.start(
                        uri(firstDay),
                        out(),
                        folder.resolve("log.txt"),
                        "-DclockAhead=" + ahead,
                        "-Dpause=" + PAUSE_MILLIS,
                        "-Dpoison=" + fails,
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC")) {
            Patiently.await().until(() -> hasStateDirectory(export) || export.endsWithin(MOMENT));
            if (life.endsByItself(export)) {
                return true;
            }
            export.kill();
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
                + "&lookbackDays=1&revisitInterval=6h&retryDelay=50&maxRedeliveries=1000000&responseTimeout=5000"
                + "&initialDelay=0&repeatCount=1";
    }

    private Path out() {
        return folder.resolve("out.jsonl");
    }

    private Verdict verdict() throws IOException {
        List<String> written = ForkedExport.written(out());
        Map<String, Integer> lastRun = new HashMap<>();
        int[] repeatsOfRun = new int[ends.size()];
        int unknown = 0;
        int run = 0;
        for (int i = 0; i < written.size(); i++) {
            while (i >= ends.get(run).written()) {
                run++;
            }
            String line = written.get(i);
            if (!expected.contains(line)) {
                unknown++;
                continue;
            }
            Integer before = lastRun.put(line, run);
            if (before != null) {
                repeatsOfRun[before]++; // what that run forgot
            }
        }
        IntPredicate killed = each -> ends.get(each).killed();
        return new Verdict(
                seed,
                ends.size(),
                kills,
                faults,
                awayRuns,
                Duration.between(begin, now()),
                expected.size(),
                expected.size() - lastRun.size(),
                badLines.size(),
                badLines.size() - inQuarantine(),
                IntStream.of(repeatsOfRun).sum(),
                IntStream.of(repeatsOfRun).max().orElse(0),
                IntStream.range(0, ends.size())
                        .filter(killed.negate())
                        .map(each -> repeatsOfRun[each])
                        .sum(),
                unknown,
                mixpanel.queries().size(),
                mixpanel.mostQueriesInAnyHour(),
                mixpanel.mostQueriesInAnySecond(),
                mixpanel.refused());
    }

    private int inQuarantine() throws IOException {
        Path quarantine = folder.resolve("state/exports/rounds/quarantine");
        StringBuilder all = new StringBuilder();
        if (Files.exists(quarantine)) {
            try (Stream<Path> files = Files.list(quarantine)) {
                for (Path file : files.toList()) {
                    all.append(Files.readString(file));
                }
            }
        }
        return (int) badLines.stream().filter(line -> all.indexOf(line) >= 0).count();
    }

    @Override
    public void close() {
        mixpanel.close();
    }
}
