package io.github.camelmixpanel.export.internal.pipeline.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoardRulesTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final LocalDate FIRST = LocalDate.of(2026, 1, 1);
    private static final Pattern RUN =
            Pattern.compile("([PFIRSEX])([bf!]*)(?:\\+(\\d+))?(?:@(\\d+))?");

    private final Object monitor = new Object();

    /**
     * @param board a letter per window: Planned, Fetching, Issued, Retry wait, Spooled, Emitting, X
     *     parked; b begun before, f few events failed, ! a wait that no poll waits for, +30 waits
     *     30 seconds more, @2 the day (else ten days after the window before)
     * @param most that may be downloaded at a time
     * @param fetch which is the next to query, from 0
     * @param emit which is the next to emit, from 0
     */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    nothing on it                          |                 | 2 |   |   | true
                    one planned                            | P               | 2 | 0 |   | false
                    the first of two                       | F P P           | 2 | 1 |   | false
                    a retry that is due                    | R+0 P           | 2 | 0 |   | false
                    a retry that waits lets others go      | R+30 P          | 2 | 1 |   | false
                    a retry that waits                     | R+30            | 2 |   |   | false
                    a retry that no poll waits for         | R!+3600         | 2 |   |   | true
                    a long retry that is due               | R!+0            | 2 | 0 |   | false
                    downloads only                         | F F             | 2 |   |   | false
                    as many ahead as may be downloaded     | E F P           | 2 | 2 |   | false
                    no more ahead                          | E F S P         | 2 |   | 0 | false
                    one at a time, one ahead               | E P             | 1 | 1 | 0 | false
                    tasks take up a download each          | I P             | 2 | 1 |   | false
                    as many tasks as downloads             | I I P           | 2 |   |   | false
                    a spooled one is emitted               | F S             | 2 |   | 1 | false
                    an older one is emitted first          | S S             | 2 |   | 0 | false
                    a half emitted one goes on             | P Sb            | 2 | 0 | 1 | false
                    the route is down, for a poll          | E+30            | 2 |   |   | false
                    the route is down for longer           | E!+3600         | 2 |   |   | true
                    the route is down, room is used up     | E!+3600 E!+3600 E!+3600 P | 2 | |  | true
                    a few failed take up no room           | Ef+30 Ef+30 Ef+30 P | 2 | 3 | | false
                    others go on meanwhile                 | Ef+30 S         | 2 |   | 1 | false
                    the same day waits for the other       | Ef+30@1 S@1     | 2 |   |   | false
                    a day that may share events waits too  | Ef+30@1 S@3     | 2 |   |   | false
                    days further apart do not share        | Ef+30@1 S@4     | 2 |   | 1 | false
                    one that waits for another uses no room | Ef!+99@1 S@1 S@2 S@3 P@9 | 2 | 4 | | false
                    all wait for one that no poll waits for | Ef!+99@1 S@1   | 2 |   |   | true
                    parked is done with                    | X               | 2 |   |   | true
                    a parked one holds up no other         | X@1 S@1 P       | 2 | 2 | 1 | false
                    """)
    void decideWhoIsNext(
            String what, String board, int most, Integer fetch, Integer emit, boolean done) {
        synchronized (monitor) {
            List<WindowRun> runs = runs(board);
            BoardRules rules = new BoardRules(runs, NOW, most, true, false, false);

            assertThat(place(rules.nextToFetch(), runs)).as("fetch").isEqualTo(fetch);
            if (emit != null || runs.stream().noneMatch(BoardRulesTest::isEmittedNow)) {
                assertThat(place(rules.nextToEmit(), runs)).as("emit").isEqualTo(emit);
            }
            assertThat(rules.isDone()).as("done").isEqualTo(done);
        }
    }

    /** The polling thread has it, and asks for none meanwhile. */
    private static boolean isEmittedNow(WindowRun run) {
        return run.state() == WindowState.EMITTING && run.emitWait().isEmpty();
    }

    @Test
    void asksForNothingWithoutCredentials() {
        synchronized (monitor) {
            List<WindowRun> runs = runs("P R+30 S");
            BoardRules rules = new BoardRules(runs, NOW, 2, true, false, true);

            assertThat(rules.nextToFetch()).isEmpty();
            assertThat(rules.mayFetchInThisPoll()).isFalse();
            assertThat(rules.nextToEmit()).contains(runs.get(2));
            assertThat(rules.isDone()).as("one is to be emitted").isFalse();
            assertThat(new BoardRules(runs.subList(0, 2), NOW, 2, true, false, true).isDone())
                    .isTrue();
        }
    }

    @Test
    void downloadsOneAtATimeIntoAFullSpool() {
        synchronized (monitor) {
            assertThat(new BoardRules(runs("F P"), NOW, 3, true, true, false).hasRoom()).isFalse();
            assertThat(new BoardRules(runs("S P"), NOW, 3, true, true, false).hasRoom()).isFalse();
            assertThat(new BoardRules(runs("X P"), NOW, 3, true, true, false).hasRoom()).isTrue();
        }
    }

    @Test
    void comparesNothingWithDeduplicateOff() {
        synchronized (monitor) {
            List<WindowRun> runs = runs("Ef+30@1 S@1");

            assertThat(new BoardRules(runs, NOW, 2, false, false, false).nextToEmit())
                    .contains(runs.get(1));
        }
    }

    @Test
    void waitsForTheFirstRetryThatThereIsRoomFor() {
        synchronized (monitor) {
            assertThat(rules("R+30 R+20 R!+10").untilNextRetry()).isEqualTo(seconds(20));
            assertThat(rules("R!+10").untilNextRetry()).isEqualTo(BoardRules.LONGEST_WAIT);
            assertThat(rules("R+20 F F F").untilNextRetry()).isEqualTo(BoardRules.LONGEST_WAIT);
        }
    }

    @Test
    void waitsForTheFirstEmissionOrPlan() {
        synchronized (monitor) {
            Instant until = NOW.plusSeconds(40);

            assertThat(rules("E+30 E+20").untilNextEmission(until)).isEqualTo(seconds(20));
            assertThat(rules("E+50").untilNextEmission(until)).isEqualTo(seconds(40));
            assertThat(rules("P").untilNextEmission(Instant.MAX.minusSeconds(99_999)))
                    .isEqualTo(BoardRules.LONGEST_WAIT);
        }
    }

    @Test
    void letsTheOldestDownloadHaveTheSpool() {
        synchronized (monitor) {
            List<WindowRun> runs = runs("S F P F X");
            BoardRules rules = new BoardRules(runs, NOW, 3, true, true, false);

            assertThat(rules.isOldestDownload(runs.get(1))).isTrue();
            assertThat(rules.isOldestDownload(runs.get(3))).isFalse();
            assertThat(rules.othersInSpool(runs.get(3))).containsExactly(runs.get(0), runs.get(1));
        }
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private BoardRules rules(String board) {
        return new BoardRules(runs(board), NOW, 2, true, false, false);
    }

    private static Integer place(Optional<WindowRun> run, List<WindowRun> runs) {
        return run.map(runs::indexOf).orElse(null);
    }

    private List<WindowRun> runs(String board) {
        List<WindowRun> runs = new ArrayList<>();
        for (String each : board == null ? new String[0] : board.split(" +")) {
            Matcher match = RUN.matcher(each);
            assertThat(match.matches()).as(each).isTrue();
            int day = match.group(4) == null ? 10 * runs.size() + 9 : number(match.group(4));
            Wait wait =
                    match.group(3) == null
                            ? null
                            : new Wait(
                                    NOW.plusSeconds(number(match.group(3))),
                                    match.group(2).contains("!"));
            runs.add(run(match.group(1), match.group(2), wait, FIRST.plusDays(day)));
        }
        return runs;
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }

    private WindowRun run(String state, String flags, Wait wait, LocalDate day) {
        Window window = Window.ofDay(day);
        if (state.equals("I")) {
            ExportTask task = new ExportTask("test", "1", window, 1, NOW, NOW, NOW);
            return new WindowRun(monitor, task, DueWindow.Kind.BACKFILL);
        }
        WindowRun run = new WindowRun(monitor, new DueWindow(window, DueWindow.Kind.BACKFILL), 1);
        if (state.equals("P")) {
            return run;
        }
        run.fetch();
        if (state.equals("R")) {
            run.retryLater(wait, Trouble.of(Verdict.Kind.RETRY, "failed"));
        } else if (!state.equals("F")) {
            SpooledBody body = new SpooledBody("a", false, 10, "00", 1, 1, 0, 0);
            OpenWindow spooled = new OpenWindow(window, 1, NOW, null, body);
            Comparison compared = flags.contains("b") ? Comparison.allNew(1) : null;
            run.spooled(spooled.compared(compared), null, Findings.NONE);
            emit(run, state, flags, wait);
        }
        return run;
    }

    private static void emit(WindowRun run, String state, String flags, Wait wait) {
        if (state.equals("S")) {
            return;
        }
        run.moveTo(WindowState.EMITTING);
        if (state.equals("X")) {
            run.park();
        } else if (wait != null) {
            run.leftFailed(flags.contains("f"), wait, Trouble.of(Verdict.Kind.RETRY, "failed"));
        }
    }
}
