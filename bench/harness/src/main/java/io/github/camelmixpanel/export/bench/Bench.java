package io.github.camelmixpanel.export.bench;

import static io.github.camelmixpanel.export.bench.Contenders.CONTROL;
import static io.github.camelmixpanel.export.bench.Contenders.CONTROL_AGAIN;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Five figures, each against its contenders: events in a warm process, a job of a tenth of the
 * events, a job of all of them, memory, other programs. Writes {@code bench/RESULTS.md} and what
 * pages show of it, if it has measured all with at least a million events and five rounds.
 *
 * <p>Usage, from the project's folder: {@code Bench <events> <rounds> [warm|nightly|million|peers
 * …]}. The system property {@code bench.against} names an older jar of the component to compare
 * with, {@code bench.jdk25} the folder of that JDK.
 */
final class Bench {

    static final Path FOLDER = Path.of("target/bench");
    static final LocalDate FIRST_DAY = LocalDate.of(2024, 10, 5);
    static final String OURS = "this component";
    static final String BARE = "Camel alone";

    private static final int FULL = 1_000_000;
    private static final int ROUNDS = 5;
    private static final int MOST_PEER_ROUNDS = 3;
    private static final int WARM_UP = 4;
    private static final int WINDOWS = 10;
    private static final int TRAINING_EVENTS = 25_000;

    private static final String BATCHES = OURS + ", batches of 500";
    private static final String SMALL_WINDOWS = OURS + ", ten windows";
    private static final String BEFORE = "the older jar, JDK's defaults";
    private static final String DEFAULTS = "JDK's defaults";
    private static final String SERIAL = "SerialGC";
    private static final String SHORT = "SerialGC, C1, archive";
    private static final String LONG = "SerialGC, archive";
    private static final String AOT = "JDK 25, SerialGC, AOT cache";
    private static final String SMALL_HEAP = LONG + ", -Xmx64m";
    private static final String FILTER = OURS + ", filtering, " + SHORT;
    private static final String BY_HAND = "the route by hand";

    private final int events;
    private final int rounds;
    private final Path days;
    private final Contenders contenders;
    private final Jvm jvm = Jvm.ofThisProcess();
    private final Report report = new Report();
    private final Set<Path> archives = new HashSet<>();
    private boolean failed;

    private Bench(int events, int rounds, Path days, Contenders contenders) {
        this.events = events;
        this.rounds = rounds;
        this.days = days;
        this.contenders = contenders;
    }

    public static void main(String[] args) throws Exception {
        int events = Integer.parseInt(args[0]);
        int rounds = Integer.parseInt(args[1]);
        List<String> sections = List.of(args).subList(2, args.length);
        Path days = FOLDER.resolve(String.valueOf(events));
        Files.createDirectories(days);
        String machine = Machine.describe();
        boolean failed;
        try (ServerProcess server = new ServerProcess(days);
                Contenders contenders = new Contenders(FOLDER, server.port())) {
            Bench bench = new Bench(events, rounds, days, contenders);
            bench.measure(sections);
            String results = bench.report.all(machine);
            System.out.println(results);
            if (events >= FULL && rounds >= ROUNDS && sections.isEmpty()) {
                Files.writeString(Path.of("bench/RESULTS.md"), results);
                Blocks.intoPages(results);
            }
            failed = bench.failed;
        }
        System.exit(failed ? 1 : 0);
    }

    private void measure(List<String> sections) throws IOException, InterruptedException {
        PreparedDay all = day(0, events);
        contenders.ours("proof", jvm, "lines", "", day(-1, TRAINING_EVENTS)).run();
        if (sections.isEmpty() || sections.contains("warm")) {
            warm(all);
        }
        if (sections.isEmpty() || sections.contains("nightly")) {
            nightly(day(-2, events / 10));
        }
        if (sections.isEmpty() || sections.contains("million")) {
            million(all);
        }
        if (sections.isEmpty() || sections.contains("peers")) {
            peers(day(-3, events / 4), day(-4, events / 40));
        }
    }

    private void warm(PreparedDay day) throws IOException, InterruptedException {
        List<PreparedDay> small = new ArrayList<>();
        for (int i = 1; i <= WINDOWS; i++) {
            small.add(day(i, events / WINDOWS));
        }
        List<PreparedDay> one = List.of(day);
        List<Contender> list = new ArrayList<>();
        list.add(contenders.oursWarm(OURS, jvm, "headers", "", one, WARM_UP));
        list.add(contenders.oursWarm(SMALL_WINDOWS, jvm, "headers", "", small, WARM_UP));
        list.add(contenders.oursWarm(BATCHES, jvm, "batch", "batchSize=500", one, WARM_UP));
        list.add(contenders.bare(BARE, jvm, day, WARM_UP));
        Rounds measured = run(day, list, rounds);
        contenders.close();
        report.section(
                "warm",
                "Warm",
                day.describe()
                        + " One JVM for each, which exports them again and again; the first "
                        + WARM_UP
                        + " turns do not count.",
                measured,
                List.of(
                        new Figure(OURS, BARE),
                        new Figure(SMALL_WINDOWS, BARE),
                        new Figure(BATCHES, BARE),
                        new Figure(OURS, CONTROL),
                        new Figure(BARE, CONTROL)),
                List.of(CONTROL, BARE, BATCHES, OURS));
        report.block("sizing", Sizing.table(day, Report.millionCpu(measured, list.get(0))));
    }

    private void nightly(PreparedDay day) throws IOException, InterruptedException {
        Jvm serial = jvm.with(Jvm.SERIAL);
        Jvm archive = archived();
        List<Contender> list = before(day);
        list.add(job(DEFAULTS, jvm, day));
        list.add(job(SERIAL, serial, day));
        list.add(job(SERIAL + ", C1", serial.with(Jvm.C1), day));
        list.add(job(LONG, archive, day));
        list.add(job(SHORT, archive.with(Jvm.C1), day));
        for (Jvm jdk25 : jdk25()) {
            list.add(job("JDK 25, its defaults", jdk25, day));
            list.add(job(AOT, cached(jdk25), day));
            list.add(job(AOT + ", C1", cached(jdk25).with(Jvm.C1), day));
        }
        report.section(
                "nightly",
                "A nightly job",
                day.describe() + " From the start of a JVM to its end.",
                run(day, list, rounds),
                List.of(
                        new Figure(SHORT, BEFORE),
                        new Figure(SHORT, DEFAULTS),
                        new Figure(AOT + ", C1", BEFORE),
                        new Figure(AOT + ", C1", DEFAULTS),
                        new Figure(SHORT, CONTROL)),
                List.of(BEFORE, DEFAULTS, SHORT));
    }

    private void million(PreparedDay day) throws IOException, InterruptedException {
        Jvm archive = archived();
        List<Contender> list = before(day);
        list.add(job(DEFAULTS, jvm, day));
        list.add(job(SERIAL, jvm.with(Jvm.SERIAL), day));
        list.add(job(LONG, archive, day));
        list.add(job(SMALL_HEAP, archive.with("-Xmx64m"), day));
        for (Jvm jdk25 : jdk25()) {
            list.add(job(AOT, cached(jdk25), day));
        }
        report.section(
                "million",
                "A long job",
                day.describe() + " From the start of a JVM to its end.",
                run(day, list, rounds),
                List.of(
                        new Figure(LONG, BEFORE),
                        new Figure(LONG, DEFAULTS),
                        new Figure(AOT, BEFORE),
                        new Figure(AOT, DEFAULTS),
                        new Figure(LONG, CONTROL),
                        new Figure(AOT, CONTROL),
                        new Figure(SMALL_HEAP, LONG)),
                List.of(BEFORE, DEFAULTS, LONG, AOT, SMALL_HEAP));
    }

    private void peers(PreparedDay day, PreparedDay tenth)
            throws IOException, InterruptedException {
        Jvm archive = archived();
        Peers.writeProperties(days);
        List<Contender> list = new ArrayList<>();
        list.add(contenders.ours(FILTER, archive.with(Jvm.C1), "filter", "", day));
        list.add(contenders.byHand(BY_HAND, jvm, day));
        list.addAll(new Peers(contenders, FOLDER).of(day, tenth));
        report.section(
                "peers",
                "Other programs",
                day.describe() + " A tenth of that for tap-mixpanel.",
                run(day, list, Math.min(rounds, MOST_PEER_ROUNDS)),
                List.of(
                        new Figure(BY_HAND, FILTER),
                        new Figure(Peers.LIST, FILTER),
                        new Figure(Peers.TAP, FILTER)),
                List.of(CONTROL, FILTER, BY_HAND, Peers.LIST));
    }

    private Contender job(String name, Jvm settings, PreparedDay day) {
        return contenders.ours(name, settings, "headers", "", day);
    }

    /** The older jar, if there is one. */
    private List<Contender> before(PreparedDay day) {
        List<Contender> list = new ArrayList<>();
        String jar = System.getProperty("bench.against", "");
        if (!jar.isEmpty()) {
            list.add(job(BEFORE, jvm.withComponent(jar), day));
        }
        return list;
    }

    private List<Jvm> jdk25() {
        String folder = System.getProperty("bench.jdk25", "");
        if (folder.isEmpty()) {
            System.out.println("JDK 25 is not installed: left out");
            return List.of();
        }
        return List.of(new Jvm(Path.of(folder, "bin", "java"), jvm.classPath(), List.of()));
    }

    /** JDK 17 with the serial collector and an archive. */
    private Jvm archived() throws IOException, InterruptedException {
        return trained(jvm, "classes.jsa", "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile=");
    }

    /** JDK 25 with the serial collector and an AOT cache. */
    private Jvm cached(Jvm jdk25) throws IOException, InterruptedException {
        return trained(jdk25, "classes.aot", "-XX:AOTCacheOutput=", "-XX:AOTCache=");
    }

    /** With what one run has written; that run is not measured. */
    private Jvm trained(Jvm plain, String file, String writing, String reading)
            throws IOException, InterruptedException {
        Path archive = FOLDER.resolve(file).toAbsolutePath();
        Jvm serial = plain.with(Jvm.SERIAL);
        if (archives.add(archive)) {
            Files.deleteIfExists(archive);
            job(
                            "training",
                            serial.with("-Xlog:disable", writing + archive),
                            day(-1, TRAINING_EVENTS))
                    .run();
        }
        return serial.with(reading + archive);
    }

    private Rounds run(PreparedDay day, List<Contender> between, int count)
            throws InterruptedException {
        List<Contender> list = new ArrayList<>(between);
        list.add(0, contenders.curl(CONTROL, day));
        list.add(contenders.curl(CONTROL_AGAIN, day));
        Rounds taken = new Rounds(list);
        taken.run(count);
        failed |= !taken.failures().isEmpty();
        return taken;
    }

    private PreparedDay day(int number, int count) throws IOException {
        return PreparedDay.make(days, FIRST_DAY.plusDays(number), count);
    }
}
