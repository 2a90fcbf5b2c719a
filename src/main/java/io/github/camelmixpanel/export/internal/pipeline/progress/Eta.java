package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How long the windows on the board will take: as long as the last ones took, and at least as long
 * as the quota of the hour, or those that failed, make them wait. Thread-safe.
 */
public final class Eta {

    private final Board board;
    private final ProjectLimit limit;
    private final InstantSource clock;
    private Instant begun;
    private int committedBefore;

    public Eta(Board board, ProjectLimit limit, InstantSource clock) {
        this.board = board;
        this.limit = limit;
        this.clock = clock;
        this.begun = clock.instant();
    }

    /** Called when windows come to an empty board: the time without any tells nothing. */
    synchronized void begin() {
        begun = clock.instant();
        committedBefore = board.committed();
    }

    /** Empty when nothing is on the board, or no window is done to judge by. */
    synchronized Optional<Duration> toGo() {
        int left = board.size();
        if (left == 0) {
            return Optional.empty();
        }
        Duration wait = longer(quotaWait(board.toFetch()), board.untilLastRetry());
        int done = board.committed() - committedBefore;
        if (done == 0) {
            return wait.isZero() ? Optional.empty() : Optional.of(wait);
        }
        Duration atThisRate =
                Duration.between(begun, clock.instant()).multipliedBy(left).dividedBy(done);
        return Optional.of(longer(wait, atThisRate));
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    /** How long the quota alone makes the last of so many queries wait. */
    Duration quotaWait(int queries) {
        if (queries == 0) {
            return Duration.ZERO;
        }
        Duration wait = Duration.between(clock.instant(), limit.startOf(queries));
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
