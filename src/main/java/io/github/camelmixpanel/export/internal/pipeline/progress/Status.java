package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.DayStatus;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.QuotaStatus;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import io.github.camelmixpanel.export.internal.pipeline.board.BoardStatus;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ExportCalendar;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Takes snapshots of one export, at any time and on any thread, also when it is closed. It holds
 * one lock at a time, and none for longer than it takes to copy what is behind it.
 */
public record Status(
        ExportSettings settings,
        Ledger ledger,
        ExportCalendar calendar,
        Supplier<ExportSnapshot.Usage> usage,
        ProjectLimit limit,
        Runs runs,
        Eta eta,
        Since since) {

    /**
     * @param nextDue when the next window is due, as of the last plan; empty before the first
     */
    public ExportSnapshot snapshot(
            ExportSnapshot.Activity activity,
            BoardStatus board,
            List<Verdict.Trouble> troubles,
            Optional<Instant> nextDue) {
        List<WindowStatus> windows = board.windows();
        Optional<ExportSnapshot.Forecast> forecast = eta.forecast(board);
        Optional<Duration> toGo = eta.toGo(board, forecast);
        List<DayStatus> days = calendar.days(windows);
        QuotaStatus quota = limit.quota();
        Judge judge =
                new Judge(
                        board.at(),
                        activity == ExportSnapshot.Activity.POLLING,
                        windows,
                        quota,
                        reserve(board.at()),
                        nextDue,
                        exported(days),
                        toGo.map(board.at()::plus));
        return new ExportSnapshot(
                settings.name(),
                board.at(),
                activity,
                runs.counters().counts(),
                quota,
                usage.get(),
                new ExportSnapshot.Pace(
                        runs.counters().eventsByMinute(), toGo, forecast, calendar.lag()),
                new ExportSnapshot.Work(
                        windows,
                        days,
                        runs.list(),
                        ledger.parked(),
                        since.of(judge.verdict(troubles))));
    }

    private Judge.Reserve reserve(Instant now) {
        int kept = settings.keptForToday(now);
        return new Judge.Reserve(kept, kept == 0 ? now : limit.startOf(kept + 1));
    }

    private static Verdict.Days exported(List<DayStatus> days) {
        long exported = days.stream().filter(day -> day.lastCommit().generation() > 0).count();
        return new Verdict.Days((int) exported, days.size());
    }
}
