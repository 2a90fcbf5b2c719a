package io.github.camelmixpanel.export.internal.pipeline.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import io.github.camelmixpanel.export.internal.plan.DueWindow.Kind;
import io.github.camelmixpanel.export.testkit.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoardTest {

    private final FakeTime time = FakeTime.at("2026-11-01T12:00:00Z");
    private boolean refused;
    private final Board board =
            new Board(
                    time,
                    time,
                    2,
                    true,
                    Comparator.comparing(DueWindow::kind)
                            .thenComparing(due -> due.window().fromDate()),
                    null,
                    () -> refused);

    private WindowRun task(int day, Kind kind) {
        return new WindowRun(
                board, new DueWindow(Window.ofDay(LocalDate.of(2026, 10, day)), kind), 1);
    }

    @Test
    void givesOutTheMostUrgentFirst() throws Exception {
        WindowRun old = task(1, Kind.BACKFILL);
        WindowRun today = task(20, Kind.TODAY);
        board.open();
        board.add(List.of(old, today));

        assertThat(board.takeToFetch()).isSameAs(today);
        assertThat(board.takeToFetch()).isSameAs(old);
    }

    @Test
    void isNotDoneWhileAWindowMayBeAskedForAgain() throws Exception {
        WindowRun task = task(1, Kind.BACKFILL);
        board.open();
        board.add(List.of(task));
        board.retryLater(
                board.takeToFetch(),
                time.instant().plus(Duration.ofHours(1)),
                true,
                Trouble.of(Verdict.Kind.QUERY, "x"));
        assertThat(board.isDone()).isTrue();
        assertThat(board.takeToFetch()).isNull();

        time.advance(Duration.ofHours(1));

        assertThat(board.isDone()).as("its hour is over, and nobody has taken it yet").isFalse();
        assertThat(board.takeToFetch()).isSameAs(task);
    }

    @Test
    void waitsNoLongerWhenTheClockIsSetBack() throws Exception {
        WindowRun task = task(1, Kind.BACKFILL);
        board.open();
        board.add(List.of(task));
        board.retryLater(
                board.takeToFetch(),
                time.instant().plus(Duration.ofSeconds(30)),
                false,
                Trouble.of(Verdict.Kind.RETRY, "x"));
        time.advance(Duration.ofDays(-9));
        Instant set = time.instant();

        assertThat(board.takeToFetch()).isSameAs(task);
        assertThat(time.instant()).isEqualTo(set.plusSeconds(30));
    }

    @Test
    void isDoneWhenTheCredentialsAreRefused() throws Exception {
        board.open();
        board.add(List.of(task(1, Kind.BACKFILL)));
        assertThat(board.isDone()).isFalse();

        refused = true;

        assertThat(board.isDone()).isTrue();
        assertThat(board.takeToFetch()).isNull();
    }

    @Test
    void letsAMoreUrgentWindowInterruptOneThatWaitsForItsPermit() throws Exception {
        WindowRun old = task(1, Kind.BACKFILL);
        board.open();
        board.add(List.of(old));
        assertThat(board.takeToFetch()).isSameAs(old);

        board.add(List.of(task(2, Kind.BACKFILL)));
        assertThat(Thread.interrupted()).as("as urgent").isFalse();
        board.add(List.of(task(20, Kind.TODAY)));
        assertThat(Thread.interrupted()).isTrue();

        board.putBack(old);
        assertThat(board.takeToFetch().due.kind()).isEqualTo(Kind.TODAY);
    }

    @Test
    void leavesAQueryUnderWayAlone() throws Exception {
        board.open();
        board.add(List.of(task(1, Kind.BACKFILL)));
        WindowRun old = board.takeToFetch();
        assertThat(board.querying(old, () -> {})).isTrue();

        board.add(List.of(task(20, Kind.TODAY)));
        board.pause();

        assertThat(Thread.interrupted()).isFalse();
        assertThat(old.state()).isEqualTo(WindowState.FETCHING);
    }

    @Test
    void startsNoQueryWhenThePollIsOver() throws Exception {
        board.open();
        board.add(List.of(task(1, Kind.BACKFILL)));
        WindowRun task = board.takeToFetch();
        board.pause();
        assertThat(Thread.interrupted()).isTrue();

        assertThat(board.querying(task, () -> {})).isFalse();
    }

    @Test
    void stopsWaitingWhenThereIsSomethingToPlan() throws Exception {
        board.open();
        board.add(List.of(task(1, Kind.BACKFILL)));
        Instant nextDue = time.instant().plus(Duration.ofMinutes(5));

        assertThat(board.takeToEmit(() -> true, nextDue)).isEmpty();
        assertThat(time.instant()).isEqualTo(nextDue);
    }
}
