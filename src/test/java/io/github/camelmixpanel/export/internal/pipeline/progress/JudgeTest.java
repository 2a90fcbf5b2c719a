package io.github.camelmixpanel.export.internal.pipeline.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.QuotaStatus;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.Verdict.Attempt;
import io.github.camelmixpanel.export.internal.model.Verdict.Kind;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {

    private static final Instant NOW = Instant.parse("2026-11-30T03:00:00Z");
    private static final LocalDate DAY = LocalDate.parse("2026-10-05");
    private static final Optional<Instant> TOMORROW =
            Optional.of(Instant.parse("2026-12-01T00:00:00Z"));

    /** Windows: Q queried, W waits for a permit, T the same today, R retried in 5 minutes, ... */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # windows, polls, free, pause, WORKING or what it waits for, minutes until, words
                    Q,    true,  50, false, WORKING,   -1, downloading 2026-10-05
                    QQ,   true,  50, false, WORKING,   -1, downloading 2026-10-05 and 2026-10-06
                    QQQ,  true,  50, false, WORKING,   -1, downloading 3 windows
                    QE,   true,  50, false, WORKING,   -1, 'downloading 2026-10-05, emitting 2026-10-06'
                    I,    true,  0,  false, WORKING,   -1, waiting for the outcome of 2026-10-05
                    W,    true,  50, false, WORKING,   -1, between two windows
                    EW,   true,  0,  true,  WORKING,   -1, emitting 2026-10-05
                    W,    true,  0,  false, QUOTA,     40, all 60 queries of the hour are used
                    T,    true,  0,  false, QUOTA,     20, all 60 queries of the hour are used
                    W,    true,  6,  false, RESERVE,   40, the last 6 queries of each hour are kept for today's events
                    W,    true,  7,  false, WORKING,   -1, between two windows
                    T,    true,  6,  false, WORKING,   -1, between two windows
                    WT,   true,  6,  false, WORKING,   -1, between two windows
                    W,    true,  50, true,  PAUSE,     20, Mixpanel answered 429
                    RP,   true,  50, false, RETRY,      5, what failed is tried again
                    R,    false, 50, false, RETRY,      5, what failed is tried again
                    P,    false, 50, false, NEXT_POLL, -1, the next poll takes what is due
                    E,    false, 50, false, NEXT_POLL, -1, the next poll takes what is due
                    '',   true,  50, false, NEXT_POLL, 1260, nothing is due
                    '',   false, 50, false, NEXT_POLL, 1260, nothing is due
                    """)
    void saysWhatItDoesOrWaitsFor(
            String windows,
            boolean polls,
            int free,
            boolean pause,
            String state,
            long minutes,
            String what) {
        Verdict verdict = judge(windows, polls, quota(free, pause), TOMORROW).verdict(List.of());

        assertThat(verdict.waitsFor().map(Enum::name).orElse(verdict.state().name()))
                .isEqualTo(state);
        assertThat(verdict.what()).isEqualTo(what);
        assertThat(verdict.until())
                .isEqualTo(
                        minutes < 0
                                ? Optional.empty()
                                : Optional.of(NOW.plus(Duration.ofMinutes(minutes))));
    }

    @Test
    void isFinishedWhenNothingWillBeDue() {
        Verdict verdict =
                judge("", false, quota(60, false), Optional.of(Instant.MAX)).verdict(List.of());

        assertThat(verdict.state()).isEqualTo(Verdict.State.FINISHED);
        assertThat(verdict.text())
                .isEqualTo(
                        "FINISHED: every day is exported, and none will be due; 54 of 730 days"
                                + " exported (7 %), done about 2026-11-30T15:00:00Z");
        assertThat(judge("", false, quota(60, false), Optional.empty()).verdict(List.of()).what())
                .isEqualTo("the first poll is to come");
    }

    @ParameterizedTest
    @CsvSource({
        "POLL, NEEDS_YOU",
        "STATE, NEEDS_YOU",
        "CREDENTIALS, NEEDS_YOU",
        "DISK, NEEDS_YOU",
        "ROUTE, NEEDS_YOU",
        "HELD, NEEDS_YOU",
        "PARKED_WINDOW, NEEDS_YOU",
        "PARKED_EVENTS, NEEDS_YOU",
        "QUERY, NEEDS_YOU",
        "RATE_LIMIT, NEEDS_YOU",
        "TIME_ZONE, NEEDS_YOU",
        "EMPTY, NEEDS_YOU",
        "RETRY, WORKING",
        "PAUSE, WORKING"
    })
    void needsSomebodyWhereSomethingIsToBeDone(Kind kind, Verdict.State state) {
        Verdict verdict =
                judge("Q", true, quota(50, false), TOMORROW)
                        .verdict(List.of(Trouble.of(kind, "something")));

        assertThat(verdict.state()).isEqualTo(state);
        assertThat(kind.todo().isPresent()).isEqualTo(state == Verdict.State.NEEDS_YOU);
        kind.todo().ifPresent(it -> assertThat(verdict.what()).isEqualTo(it).endsWith("."));
        assertThat(verdict.troubles()).extracting(Trouble::kind).containsExactly(kind);
    }

    @Test
    void listsEachCauseOnceWithItsWindowsTheMostUrgentFirst() {
        List<Trouble> found =
                List.of(
                        failed(2, "no such thing", 30),
                        failed(0, "no such thing", 20),
                        failed(1, "no such thing", 25),
                        failed(4, "no such thing", 60),
                        failed(5, "timed out", 10),
                        Trouble.of(Kind.DISK, "full"));

        Verdict verdict = judge("RRRRR", false, quota(50, true), TOMORROW).verdict(found);

        assertThat(verdict.what()).isEqualTo(Kind.DISK.todo().orElseThrow());
        assertThat(verdict.troubles())
                .extracting(Trouble::cause)
                .containsExactly("full", "no such thing", "timed out", "Mixpanel answered 429");
        Trouble shared = verdict.troubles().get(1);
        assertThat(shared.windows())
                .extracting(Window::toString)
                .containsExactly("2026-10-05..2026-10-07", "2026-10-09");
        assertThat(shared.attempt().next()).contains(NOW.plusSeconds(20 * 60));
        assertThat(shared.summary())
                .isEqualTo("Window 2026-10-07: no such thing The same holds up 2026-10-09.");
        assertThat(verdict.troubles().get(3).attempt().next()).contains(NOW.plusSeconds(20 * 60));
    }

    @Test
    void remembersSinceWhen() {
        Since since = new Since();
        Trouble full = Trouble.of(Kind.DISK, "full");
        Judge later =
                new Judge(
                        NOW.plusSeconds(60),
                        true,
                        windows("Q"),
                        quota(50, false),
                        new Judge.Reserve(0, NOW),
                        TOMORROW,
                        new Verdict.Days(0, 1),
                        Optional.empty());

        since.of(judge("Q", true, quota(50, false), TOMORROW).verdict(List.of(full)));
        Verdict still = since.of(later.verdict(List.of(full, Trouble.of(Kind.ROUTE, "down"))));
        assertThat(still.since()).isEqualTo(NOW);
        assertThat(still.troubles().get(0).since()).contains(NOW);
        assertThat(still.troubles().get(1).since()).contains(NOW.plusSeconds(60));
        assertThat(since.of(later.verdict(List.of())).since()).isEqualTo(NOW.plusSeconds(60));
    }

    private static Trouble failed(int day, String why, int minutes) {
        Window window = Window.ofDay(DAY.plusDays(day));
        return Trouble.of(Kind.QUERY, window, "Window " + window + ": " + why)
                .with(new Attempt(3, 6, Optional.of(NOW.plus(Duration.ofMinutes(minutes)))));
    }

    private static Judge judge(
            String windows, boolean polls, QuotaStatus quota, Optional<Instant> nextDue) {
        return new Judge(
                NOW,
                polls,
                windows(windows),
                quota,
                new Judge.Reserve(6, NOW.plus(Duration.ofMinutes(40))),
                nextDue,
                new Verdict.Days(54, 730),
                Optional.of(NOW.plus(Duration.ofHours(12))));
    }

    private static QuotaStatus quota(int free, boolean pause) {
        return new QuotaStatus(
                60,
                60 - free,
                0,
                NOW.plus(Duration.ofMinutes(20)),
                Optional.empty(),
                pause ? Optional.of("Mixpanel answered 429") : Optional.empty());
    }

    private static List<WindowStatus> windows(String states) {
        return Stream.iterate(0, i -> i < states.length(), i -> i + 1)
                .map(i -> window(DAY.plusDays(i), states.charAt(i)))
                .toList();
    }

    private static WindowStatus window(LocalDate day, char state) {
        return new WindowStatus(
                Window.ofDay(day),
                state == 'T' ? "today" : "backfill",
                switch (state) {
                    case 'Q', 'W', 'T' -> WindowState.FETCHING;
                    case 'E' -> WindowState.EMITTING;
                    case 'I' -> WindowState.ISSUED;
                    case 'R' -> WindowState.RETRY_WAIT;
                    default -> WindowState.PLANNED;
                },
                1,
                new WindowStatus.Download(state == 'Q', 1, 0, 0),
                0,
                state == 'R' ? Optional.of(NOW.plus(Duration.ofMinutes(5))) : Optional.empty(),
                Optional.empty());
    }
}
