package io.github.camelmixpanel.export.internal.pipeline.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.failure.TransientExportException;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import io.github.camelmixpanel.export.internal.plan.DueWindow.Kind;
import io.github.camelmixpanel.export.testkit.FakeTime;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Days that go into one window when one of them is taken; here three at most. */
class GatheringTest {

    private final FakeTime time = FakeTime.at("2026-11-01T12:00:00Z");
    private final Comparator<DueWindow> oldest = Comparator.comparing(it -> it.window().fromDate());

    private Board board(Comparator<DueWindow> order, int... days) {
        Board board =
                new Board(
                        time,
                        time,
                        9,
                        true,
                        Comparator.comparing(DueWindow::kind).thenComparing(order),
                        (due, underWay) -> due.subList(0, Math.min(3, due.size())),
                        () -> false);
        board.open();
        for (int day : days) {
            Window window = Window.ofDay(LocalDate.of(2026, 10, day));
            Kind kind = day == 31 ? Kind.TODAY : day > 25 ? Kind.REVISIT : Kind.BACKFILL;
            board.plan(List.of(new DueWindow(window, kind)), it -> day);
        }
        return board;
    }

    private static String windows(Board board) {
        return board.windows().toString().replace("2026-10-", "");
    }

    @Test
    void takesNeighboursOfTheSameKind() throws Exception {
        Board board = board(oldest, 1, 2, 4, 5, 6, 7, 25, 26, 27, 31);

        for (int i = 0; i < 6; i++) {
            board.takeToFetch();
        }

        assertThat(windows(board)).isEqualTo("[31, 26..27, 01..02, 04..06, 07, 25]");
        assertThat(board.all())
                .extracting(run -> run.generation)
                .containsExactly(31, 27, 2, 6, 7, 25);
    }

    @Test
    void goesBackwardsWithTheNewestFirst() throws Exception {
        Board board = board(oldest.reversed(), 1, 2, 3, 4, 5);

        board.takeToFetch();

        assertThat(windows(board)).isEqualTo("[03..05, 02, 01]");
    }

    @Test
    void putsDaysBackOnTheirOwnWhenNoQueryCameOfIt() throws Exception {
        Board board = board(oldest, 1, 2, 3, 4);

        board.putBack(board.takeToFetch());

        assertThat(windows(board)).isEqualTo("[01, 02, 03, 04]");
    }

    @Test
    void keepsWindowsWhoseQueryFailed() throws Exception {
        Board board = board(oldest, 1, 2, 3, 4);
        WindowRun run = board.takeToFetch();
        RetryRule rule = new RetryRule(5, Duration.ofSeconds(1), new Random(1));
        run.countFailure(new TransientExportException("no"), rule);
        board.retryLater(run, time.instant(), false, Trouble.of(Verdict.Kind.RETRY, "no"));

        assertThat(board.takeToFetch()).isSameAs(run);
        board.putBack(run);

        assertThat(windows(board)).isEqualTo("[01..03, 04]");
    }

    @Test
    void takesApartWhatWasTooLarge() throws Exception {
        Board board = board(oldest, 1, 2, 3, 4);
        WindowRun run = board.takeToFetch();

        board.cut(run);

        assertThat(windows(board)).isEqualTo("[01, 02, 03, 04]");
    }
}
