package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.pipeline.board.BoardStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long the windows on the board will take: as long as the last ones took, and at least as long
 * as the hourly quota, or those that failed, make them wait. Thread-safe.
 */
public final class Eta {

    private final ProjectLimit limit;

    // guarded by this
    private Instant begun;
    private int committedBefore;

    public Eta(ProjectLimit limit, Instant opened) {
        this.limit = limit;
        this.begun = opened;
    }

    /** Called when windows come to an empty board: the time without any says nothing. */
    synchronized void begin(BoardStatus board) {
        begun = board.at();
        committedBefore = board.committed();
    }

    /** Empty when nothing is on the board, or no window is done to judge by. */
    Optional<Duration> toGo(BoardStatus board) {
        if (board.size() == 0) {
            return Optional.empty();
        }
        Duration wait = longer(quotaWait(board), board.untilLastRetry());
        Optional<Duration> atThisRate = atThisRate(board).map(it -> longer(wait, it));
        return atThisRate.isPresent() || wait.isZero() ? atThisRate : Optional.of(wait);
    }

    private synchronized Optional<Duration> atThisRate(BoardStatus board) {
        int done = board.committed() - committedBefore;
        // a status that was taken before the last begin has fewer
        return done <= 0
                ? Optional.empty()
                : Optional.of(
                        Duration.between(begun, board.at())
                                .multipliedBy(board.size())
                                .dividedBy(done));
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    /** How long the quota alone makes the last of the windows wait that still need a query. */
    Duration quotaWait(BoardStatus board) {
        int queries = board.toFetch();
        if (queries == 0) {
            return Duration.ZERO;
        }
        Duration wait = Duration.between(board.at(), limit.startOf(queries));
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
