package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ExportCalendar;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.spool.Spool;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What an earlier run of this export has left under way. Used once, before the first poll. */
final class Recovery {

    private final Ledger ledger;
    private final Spool spool;
    private final ExportCalendar calendar;
    private final Board board;
    private final ExportLog progress;

    Recovery(Ledger ledger, Spool spool, ExportCalendar calendar, Board board, ExportLog progress) {
        this.ledger = ledger;
        this.spool = spool;
        this.calendar = calendar;
        this.board = board;
        this.progress = progress;
    }

    /** Takes up the tasks that an earlier run has given out; bodies in the spool are no use. */
    void takeUpTasks() throws ExportException {
        for (OpenWindow window : ledger.openWindows()) {
            ledger.dropped(window.window(), "emit is WINDOWS now");
            progress.otherEmit(
                    window.window(), " was half emitted, and is given out as a task as a whole");
        }
        spool.keepOnly(Set.of());
        board.plan(
                ledger.tasks().stream()
                        .map(task -> new WindowRun(task, calendar.kind(task.window())))
                        .toList());
    }

    /**
     * Takes up the verified bodies that an earlier run has left; what else is in the spool is no
     * use.
     */
    void takeUpWindows() throws ExportException {
        for (ExportTask task : ledger.tasks()) {
            ledger.taskOver(task);
            progress.otherEmit(
                    task.window(),
                    " was given out as a task, which may be carried out all the same: its events come"
                            + " once more, from here");
        }
        List<WindowRun> left = new ArrayList<>();
        for (OpenWindow window : ledger.openWindows()) {
            WindowRun task = new WindowRun(window, calendar.kind(window.window()));
            left.add(task);
            if (isParked(window)) {
                task.moveTo(WindowState.PARKED);
            }
            progress.resumed(
                    window.window(),
                    window.generation(),
                    window.acknowledged(),
                    window.body().lines());
        }
        spool.keepOnly(
                left.stream().map(task -> task.spooled.body().file()).collect(Collectors.toSet()));
        board.plan(left);
    }

    private boolean isParked(OpenWindow window) {
        return ledger.parked().stream()
                .anyMatch(
                        it ->
                                it.whole()
                                        && it.window().equals(window.window())
                                        && it.generation() == window.generation());
    }
}
