package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot.Forecast;
import io.github.camelmixpanel.export.internal.pipeline.board.BoardStatus;
import io.github.camelmixpanel.export.internal.pipeline.calendar.Volumes;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * How long the windows on the board will take: as long as the last bytes took, and at least as long
 * as the hourly quota, or those that failed, make them wait. Thread-safe.
 */
public final class Eta {

    /** What took less shows how long it takes to begin, and nothing of the pace. */
    private static final Duration SHOWS_THE_PACE = Duration.ofSeconds(10);

    private final ProjectLimit limit;
    private final Volumes volumes;

    // guarded by this
    private Instant begun;
    private BoardStatus.Done committedBefore = new BoardStatus.Done(0, 0);

    public Eta(ProjectLimit limit, Volumes volumes, Instant opened) {
        this.limit = limit;
        this.volumes = volumes;
        this.begun = opened;
    }

    /** Called when windows come to an empty board: the time without any says nothing. */
    synchronized void begin(BoardStatus board) {
        begun = board.at();
        committedBefore = board.committed();
    }

    /** Empty when nothing is on the board, or nothing is known by which to judge. */
    Optional<Forecast> forecast(BoardStatus board) {
        return board.windows().isEmpty() ? Optional.empty() : volumes.forecast(board.windows());
    }

    /**
     * Empty when nothing is on the board, or nothing to judge by: no window is done, or it has gone
     * on for a few seconds only.
     */
    Optional<Duration> toGo(BoardStatus board, Optional<Forecast> forecast) {
        if (board.windows().isEmpty()) {
            return Optional.empty();
        }
        Duration wait =
                Collections.max(List.of(quotaWait(board, forecast), board.untilLastRetry()));
        Optional<Duration> atThisRate =
                atThisRate(board, forecast).map(it -> Collections.max(List.of(wait, it)));
        return atThisRate.isPresent() || isShort(wait) ? atThisRate : Optional.of(wait);
    }

    /** By bytes, or by days while none has brought any. */
    private synchronized Optional<Duration> atThisRate(
            BoardStatus board, Optional<Forecast> forecast) {
        Duration sofar = Duration.between(begun, board.at());
        if (isShort(sofar)) {
            return Optional.empty();
        }
        long bytes = board.committed().bytes() - committedBefore.bytes();
        long bytesToGo = board.downloadedBytes() + forecast.map(Forecast::bytes).orElse(0L);
        if (bytes > 0 && bytesToGo > 0) {
            double times = (double) bytesToGo / bytes;
            return Optional.of(Duration.ofMillis((long) (sofar.toMillis() * times)));
        }
        int days = board.committed().days() - committedBefore.days();
        // a status that was taken before the last begin has fewer
        return days <= 0
                ? Optional.empty()
                : Optional.of(sofar.multipliedBy(board.days()).dividedBy(days));
    }

    private static boolean isShort(Duration time) {
        return time.compareTo(SHOWS_THE_PACE) < 0;
    }

    /** How long the quota alone makes the last of the windows wait that still need a query. */
    Duration quotaWait(BoardStatus board, Optional<Forecast> forecast) {
        int queries = forecast.map(Forecast::queries).orElse(0);
        if (queries == 0) {
            return Duration.ZERO;
        }
        Duration wait = Duration.between(board.at(), limit.startOf(queries));
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
