package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is on the board at one instant.
 *
 * @param at the instant, by the clock of this machine
 * @param windows how far each window has come, in due order
 * @param issued tasks without an outcome
 * @param committed what was committed since the export was opened
 */
public record BoardStatus(
        Instant at, List<WindowStatus> windows, List<ExportTask> issued, Done committed) {

    /**
     * What was committed.
     *
     * @param days an arrival query counts as one
     * @param bytes as received
     */
    public record Done(int days, long bytes) {

        Done and(WindowRun run) {
            OpenWindow body = run.spooled();
            long more = body == null ? 0 : body.body().bytes();
            return new Done(days + run.window.dayCount(), bytes + more);
        }
    }

    /** Days that are due and not committed; an arrival query counts as one. */
    public int days() {
        return windows.stream().mapToInt(it -> it.window().dayCount()).sum();
    }

    /** Bytes of verified bodies of windows that are not committed. */
    public long downloadedBytes() {
        return windows.stream()
                .filter(it -> it.state().isDownloaded())
                .mapToLong(it -> it.download().bytes())
                .sum();
    }

    /** How long until the last of the windows that failed is queried again; zero for none. */
    public Duration untilLastRetry() {
        return windows.stream()
                .flatMap(it -> it.waitsUntil().stream())
                .map(until -> Duration.between(at, until))
                .filter(wait -> !wait.isNegative())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** When the next task is lost; never when none is issued. */
    public Instant nextDeadline() {
        return issued.stream()
                .map(ExportTask::deadline)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    /** Tasks that are lost: their time is over. */
    public List<ExportTask> lost() {
        return issued.stream().filter(task -> !task.deadline().isAfter(at)).toList();
    }

    /** What the bodies of parked windows take up in the spool. */
    public long parkedBytes() {
        return windows.stream()
                .filter(it -> it.state() == WindowState.PARKED)
                .mapToLong(it -> it.download().bytes())
                .sum();
    }

    /** Why windows are not further. */
    public List<Verdict.Trouble> troubles() {
        return windows.stream().map(WindowStatus::trouble).flatMap(Optional::stream).toList();
    }
}
