package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.board.BoardStatus;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ExportCalendar;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.spool.Spool;
import java.util.List;
import java.util.Optional;

/**
 * Takes snapshots of one export, at any time and on any thread, also when it is closed. It holds
 * one lock at a time, and none for longer than it takes to copy what is behind it.
 */
public record Status(
        ExportSettings settings,
        Ledger ledger,
        ExportCalendar calendar,
        InFlight inFlight,
        Spool spool,
        ProjectLimit limit,
        ExportCounters counters,
        Eta eta) {

    public ExportSnapshot snapshot(
            ExportSnapshot.Activity activity, BoardStatus board, List<String> troubles) {
        List<WindowStatus> windows = board.windows();
        Optional<ExportSnapshot.Forecast> forecast = eta.forecast(board);
        return new ExportSnapshot(
                settings.name(),
                board.at(),
                activity,
                counters.counts(),
                limit.quota(),
                new ExportSnapshot.Usage(
                        inFlight.count(),
                        settings.maxInFlight(),
                        spool.usedBytes(),
                        spool.maxBytes()),
                new ExportSnapshot.Pace(
                        counters.eventsByMinute(),
                        eta.toGo(board, forecast),
                        forecast,
                        calendar.lag()),
                new ExportSnapshot.Work(
                        windows, calendar.days(windows), ledger.parked(), troubles));
    }
}
