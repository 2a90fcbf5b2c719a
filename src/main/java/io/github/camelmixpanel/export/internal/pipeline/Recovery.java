package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ExportCalendar;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import io.github.camelmixpanel.export.internal.spool.Spool;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Takes up what an earlier run of this export left under way. Used once, before the first poll. */
record Recovery(Ledger ledger, Spool spool, ExportCalendar calendar, Board board, ExportLog log) {

    /**
     * @param asTasks whether due windows are issued as tasks now
     */
    void takeUp(boolean asTasks) throws ExportException {
        if (asTasks) {
            takeUpTasks();
        } else {
            takeUpWindows();
        }
    }

    /** Takes up the tasks that an earlier run issued; bodies in the spool are no use. */
    private void takeUpTasks() throws ExportException {
        for (OpenWindow window : ledger.openWindows()) {
            ledger.dropped(window.window(), "emit is WINDOWS now");
            log.otherEmit(window.window(), " was half emitted, and is issued as a task as a whole");
        }
        spool.keepOnly(Set.of());
        for (ExportTask task : ledger.tasks()) {
            board.recover(task, calendar.kind(task.window()));
        }
        for (ExportTask task : ledger.countingTasks()) {
            Window window = task.window();
            if (board.windows().stream()
                    .filter(it -> it.isArrivals() == window.isArrivals())
                    .noneMatch(window::sharesADayWith)) {
                // given up: a late outcome may come before the first poll plans it
                DueWindow due = new DueWindow(window, calendar.kind(window));
                board.plan(List.of(due), ledger::nextGeneration);
            }
        }
    }

    /**
     * Takes up the verified bodies that an earlier run has left; what else is in the spool is no
     * use.
     */
    private void takeUpWindows() throws ExportException {
        for (ExportTask task : ledger.tasks()) {
            ledger.taskOver(task);
            log.otherEmit(
                    task.window(),
                    " was issued as a task, which may still be carried out: its events come again");
        }
        List<OpenWindow> left = ledger.openWindows();
        for (OpenWindow window : left) {
            board.recover(window, calendar.kind(window.window()), isParked(window));
            log.recovered(
                    window.window(),
                    window.generation(),
                    window.acknowledged(),
                    window.body().lines());
        }
        spool.keepOnly(
                left.stream().map(window -> window.body().file()).collect(Collectors.toSet()));
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
