package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.testkit.ForkedExport;
import io.github.camelmixpanel.export.testkit.FullBuild;
import io.github.camelmixpanel.export.testkit.KillPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An application killed with -9 at each step of a window's life, between any two things that it
 * writes, and started again.
 */
@Tag(FullBuild.TAG)
class CrashPointsTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";
    private static final int EVENTS = 50;
    private static final Set<String> ALL = Set.of(lines(DAY, EVENTS));

    /**
     * @param place the method that is not begun any more
     * @param nth and for which time
     * @param queries that the server then has seen in all: 1 once the body is recorded
     * @param started that the query log knows of: never fewer
     * @param repeats the most events that may come twice
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    state directory locked, ledger not opened        | ledger.Ledger.open(Path, String, Map, OnQueryChange, InstantSource, Disk) | 1 | 1 | 1 | 0
                    before the query's start is written              | limit.QueryLog.append          | 1  | 1 | 1 | 0
                    start written, query not sent                    | fetch.ExportRequest.send       | 1  | 1 | 2 | 0
                    body received, file not finished                 | spool.SpoolWriter.finish       | 1  | 2 | 2 | 0
                    file forced, not renamed                         | spool.SpoolDisk.rename         | 1  | 2 | 2 | 0
                    file renamed, folder not forced                  | spool.SpoolDisk.forceFolder    | 1  | 2 | 2 | 0
                    body verified, not in the ledger                 | ledger.Ledger.spooled          | 1  | 2 | 2 | 0
                    spooled in the ledger, not known to the poll     | pipeline.board.Board.spooled         | 1  | 1 | 1 | 0
                    body about to be compared                        | pipeline.emission.WindowPreparation.dedupe       | 1  | 1 | 1 | 0
                    before the first event                           | exchange.RouteSink.emit                 | 1  | 1 | 1 | 0
                    in mid-emission                                  | exchange.RouteSink.emit                 | 30 | 1 | 1 | 29
                    all acknowledged, nothing of it written          | pipeline.emission.KeyDeduplicator.acknowledged     | 1  | 1 | 1 | 50
                    keys written, position not                       | ledger.Ledger.acknowledged     | 1  | 1 | 1 | 0
                    position written, keys not committed             | dedupe.KeyFiles.commit         | 1  | 1 | 1 | 0
                    new key file written, not renamed                | dedupe.file.KeyFileWriter.finish    | 1  | 1 | 1 | 0
                    keys committed, window not                       | ledger.Ledger.committed        | 1  | 1 | 1 | 0
                    window committed, its file not deleted           | spool.Spool.delete             | 1  | 1 | 1 | 0
                    notice owed, not sent                            | exchange.RouteSink.windowComplete       | 1  | 1 | 1 | 0
                    notice sent, still owed                          | ledger.Ledger.noticed          | 1  | 1 | 1 | 0
                    """)
    void losesNothing(String state, String place, int nth, int queries, int started, int repeats)
            throws Exception {
        mixpanel.addEvents(lines(DAY, EVENTS));
        String uri = uri(DAY, DAY, "repeatCount=1", "windowComplete=true");
        List<String> before = killAt(place, nth, uri);

        collect(uri);
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        List<String> all = new ArrayList<>(before);
        all.addAll(bodies());
        List<String> events = all.stream().filter(line -> line.startsWith("{\"event\"")).toList();
        assertThat(new HashSet<>(events)).isEqualTo(ALL);
        assertThat(events.size() - EVENTS).as("repeats").isBetween(0, repeats);
        assertThat(all.size() - events.size()).as("notices").isBetween(1, 2);
        assertThat(mixpanel.queries()).hasSize(queries);
        assertThat(queriesLogged()).isEqualTo(started);
        assertThat(consumer().trouble()).isEmpty();
        assertThat(filesIn("exports/test/spool")).isEmpty();
        assertThat(filesIn("exports/test/keys-mixpanel")).containsExactly(DAY + ".keys");
    }

    /** What the route had when its JVM was killed. */
    private List<String> killAt(String place, int nth, String uri) throws Exception {
        Path out = temp.resolve("out.jsonl");
        try (KillPoint point = KillPoint.at(place, nth);
                ForkedExport export =
                        ForkedExport.start(
                                uri,
                                out,
                                temp.resolve("log.txt"),
                                point.jvmOption(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC")) {
            point.await();
            export.kill();
        }
        return ForkedExport.written(out);
    }

    /** A query that a busy machine sends long after its start was written has it taken back. */
    private long queriesLogged() throws IOException {
        long started = 0;
        for (String log : filesIn("queries")) {
            for (String line : Files.readAllLines(state().resolve("queries").resolve(log))) {
                started += line.endsWith("(unsent)") ? -1 : 1;
            }
        }
        return started;
    }

    private List<String> filesIn(String folder) throws IOException {
        try (Stream<Path> files = Files.list(state().resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
