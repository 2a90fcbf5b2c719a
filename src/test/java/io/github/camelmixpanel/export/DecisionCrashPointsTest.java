package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.testkit.ForkedExport;
import io.github.camelmixpanel.export.testkit.FullBuild;
import io.github.camelmixpanel.export.testkit.KillPoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An application killed with -9 at each step of parking, and of what somebody decides afterwards,
 * and started again: no event is gone that nobody gave up.
 */
@Tag(FullBuild.TAG)
class DecisionCrashPointsTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";
    private static final String[] LINES = lines(DAY, 300);
    private static final Set<String> ALL = Set.of(LINES);

    /** Three of 300 events are one percent and park alone, four park their window. */
    private static final String THREE = "\"n\":[579]\\}";

    private static final String FOUR = "\"n\":[5789]\\}";

    /** What the route refuses. */
    private volatile Pattern poison = Pattern.compile("(?!)");

    private Set<String> sound() {
        Set<String> sound = new HashSet<>(ALL);
        sound.removeIf(line -> poison.matcher(line).find());
        return sound;
    }

    private String export(String... options) {
        String[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = "maxRedeliveries=0";
        return uri(DAY, DAY, all);
    }

    /** Exports in this JVM, where {@link #ask} has a decision carried out. */
    private void start() throws Exception {
        String uri = export();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri)
                                .routeId("export")
                                .process(
                                        e -> {
                                            Received event = Received.of(e);
                                            if (poison.matcher(event.body()).find()) {
                                                throw new IllegalStateException("poison");
                                            }
                                            received.add(event);
                                        });
                        from("direct:ask").to(uri);
                    }
                });
        context.start();
    }

    private void ask(String operation) {
        context.createProducerTemplate()
                .sendBodyAndHeader(
                        "direct:ask", null, MixpanelExportConstants.OPERATION, operation);
    }

    /** Ends the export of an earlier phase as it should end, with what is parked. */
    private void exportAndPark(String events) throws Exception {
        poison = Pattern.compile(events);
        mixpanel.addEvents(LINES);
        start();
        awaitParked();
        restart();
    }

    private void awaitParked() {
        await().until(() -> consumer().trouble().toString().matches(".*(is|are) parked.*"));
    }

    private void awaitCommit() {
        await().until(() -> ledger().contains("\"committed\""));
    }

    private void awaitNoTrouble() {
        await().until(() -> consumer().export().parked().isEmpty());
        awaitCommit();
        await().until(() -> consumer().trouble().isEmpty());
    }

    /** What the route had in a JVM that was killed. */
    private List<String> killAt(String place, int nth, String uri, String... options)
            throws Exception {
        Path out = temp.resolve("out.jsonl");
        try (KillPoint point = KillPoint.at(place, nth)) {
            List<String> jvm = new ArrayList<>(List.of(options));
            jvm.add(point.jvmOption());
            jvm.add("-XX:TieredStopAtLevel=1");
            jvm.add("-XX:+UseSerialGC");
            try (ForkedExport export =
                    ForkedExport.start(
                            uri, out, temp.resolve("log.txt"), jvm.toArray(String[]::new))) {
                point.await();
                export.kill();
            }
        }
        return ForkedExport.written(out);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    refused, not in the parked file            | spool.ParkedEvents.add             | 3 | are parked
                    in the parked file, not in the ledger      | ledger.Ledger.parked(ParkedWindow) | 3 | are parked
                    parked, keys not committed                 | dedupe.KeyFiles.commit             | 3 | are parked
                    parked, window not committed               | ledger.Ledger.committed            | 3 | are parked
                    window parks, not in the ledger            | ledger.Ledger.parked(ParkedWindow) | 4 | left 4 events failed
                    window parked in the ledger, not elsewhere | pipeline.board.Board.parked              | 4 | is parked
                    """)
    void keepWhatTheRouteFails(String state, String place, int failing, String trouble)
            throws Exception {
        mixpanel.addEvents(LINES);
        poison = Pattern.compile(failing == 3 ? THREE : FOUR);
        List<String> before = killAt(place, 1, export("repeatCount=1"), "-Dpoison=" + poison);

        start();
        // with nothing else left to hand out, nothing tells poison from a route that is down
        await().until(() -> consumer().trouble().toString().contains(trouble));
        Set<String> had = new HashSet<>(before);
        had.addAll(bodies());
        assertThat(had).isEqualTo(sound());

        poison = Pattern.compile("(?!)");
        ask("RESUME");
        awaitNoTrouble();

        had.addAll(bodies());
        assertThat(had).isEqualTo(ALL);
        assertThat(before.size() + received.size() - LINES.length)
                .as("repeats, of the last second")
                .isBetween(0, before.size());
        assertThat(mixpanel.queries()).hasSize(1);
    }

    /** The other body shows one event more, and so the parked ones in other lines. */
    @Test
    void parkNothingTwiceWhenAnotherBodyTakesThePlaceOfTheFirst() throws Exception {
        mixpanel.addEvents(LINES);
        poison = Pattern.compile(THREE);
        killAt(
                "ledger.Ledger.parked(ParkedWindow)",
                1,
                export("repeatCount=1"),
                "-Dpoison=" + poison);
        try (Stream<Path> bodies = Files.list(exportFolder().resolve("spool"))) {
            for (Path body : bodies.toList()) {
                Files.delete(body);
            }
        }
        mixpanel.addEvents(lines(DAY, 301)[300]);

        start();
        awaitCommit();
        assertThat(Files.readAllLines(exportFolder().resolve("parked/" + DAY + ".g1.tsv")))
                .hasSize(3);

        poison = Pattern.compile("(?!)");
        ask("RESUME");
        awaitNoTrouble();
        assertThat(bodies()).filteredOn(Pattern.compile(THREE).asPredicate()).hasSize(3);
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    emitted in part                     | exchange.RouteSink.emit          | 2 | 3
                    taken, still in the parked file     | spool.ParkedEvents.keep | 1 | 3
                    out of the file, not of the ledger  | ledger.Ledger.parked(ParkedWindow)    | 1 | 3
                    window no longer parked, not begun  | pipeline.board.Board.resumed  | 1 | 4
                    window emitted in part              | exchange.RouteSink.emit          | 2 | 4
                    """)
    void resumeWithoutALoss(String state, String place, int nth, int failing) throws Exception {
        exportAndPark(failing == 3 ? THREE : FOUR);
        List<String> mended = killAt(place, nth, export(), "-Dask=RESUME");

        poison = Pattern.compile("(?!)");
        start();
        ask("RESUME");
        awaitNoTrouble();

        Set<String> had = new HashSet<>(bodies());
        had.addAll(mended);
        assertThat(had).isEqualTo(ALL);
        assertThat(mended.size() + received.size() - LINES.length)
                .as("repeats, of those resumed")
                .isBetween(0, mended.size());
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    out of the ledger, file not deleted     | spool.ParkedEvents.delete | 1 | 3
                    window given up, nothing written        | spool.ParkedEvents.delete | 1 | 4
                    window given up, not out of the ledger  | ledger.Ledger.parked(ParkedWindow)      | 1 | 4
                    window given up, not committed          | ledger.Ledger.committed   | 1 | 4
                    """)
    void dropOnlyWhatIsGivenUp(String state, String place, int nth, int failing) throws Exception {
        exportAndPark(failing == 3 ? THREE : FOUR);
        killAt(place, nth, export(), "-Dask=DROP", "-Dpoison=" + poison);

        start();
        await().until(() -> consumer().isFirstPollDone());
        ask("DROP");
        awaitNoTrouble();

        assertThat(bodies()).containsExactlyInAnyOrderElementsOf(sound());
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    asked, not in the ledger       | ledger.Ledger.requestReexport | 1  | false | 1
                    in the ledger, not planned     | pipeline.board.Board.plan     | 1  | true  | 2
                    replayed in part               | exchange.RouteSink.emit          | 30 | true  | 2
                    replayed, not committed        | ledger.Ledger.committed | 1  | true  | 2
                    """)
    void forgetNoDaysAskedForAgain(
            String state, String place, int nth, boolean recorded, int queries) throws Exception {
        mixpanel.addEvents(LINES);
        start();
        awaitCommit();
        restart();
        List<String> replayed =
                new ArrayList<>(killAt(place, nth, export("reexport=REPLAY"), "-Dask=REEXPORT"));
        received.clear();

        start();
        await().until(() -> consumer().getCounter() > 2);

        replayed.addAll(bodies());
        assertThat(new HashSet<>(replayed)).isEqualTo(recorded ? ALL : Set.of());
        assertThat(mixpanel.queries()).hasSize(queries);
    }
}
