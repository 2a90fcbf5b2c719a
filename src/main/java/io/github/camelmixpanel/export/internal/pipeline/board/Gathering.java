package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Puts neighbouring due days into one window when one of them is about to be queried, and takes
 * such a window apart again: until then each day is on the board on its own, so that the size of a
 * window rests on all that is known by then. The caller holds the board's monitor.
 *
 * @param runs those on the board, in due order; changed by this
 * @param sizes says how many of the due days, at least two neighbours of one kind in due order, go
 *     into the next query while others are downloaded; null when windows stay as they are planned
 */
record Gathering(
        Object monitor,
        List<WindowRun> runs,
        Comparator<WindowRun> order,
        BinaryOperator<List<LocalDate>> sizes) {

    /** The window to query next, {@code first} or one that is made of it and its neighbours. */
    WindowRun around(WindowRun first) {
        List<WindowRun> neighbours = neighbours(first);
        if (neighbours.size() == 1) {
            return first;
        }
        List<LocalDate> due = neighbours.stream().map(run -> run.window.fromDate()).toList();
        List<LocalDate> next = sizes.apply(due, daysUnderWay());
        int from = due.indexOf(next.get(0));
        List<WindowRun> taken = neighbours.subList(from, from + next.size());
        return taken.size() == 1 ? taken.get(0) : together(taken);
    }

    private WindowRun together(List<WindowRun> taken) {
        Window one = taken.get(0).window;
        Window other = taken.get(taken.size() - 1).window;
        Window whole =
                one.fromDate().isBefore(other.fromDate())
                        ? new Window(one.fromDate(), other.toDate())
                        : new Window(other.fromDate(), one.toDate());
        int generation = taken.stream().mapToInt(run -> run.generation).max().orElseThrow();
        WindowRun run =
                new WindowRun(
                        monitor, new DueWindow(whole, taken.get(0).due.kind()), generation, true);
        int first = runs.indexOf(taken.get(0));
        runs.subList(first, first + taken.size()).clear();
        runs.add(first, run);
        return run;
    }

    private List<WindowRun> neighbours(WindowRun first) {
        List<WindowRun> neighbours = new ArrayList<>(List.of(first));
        if (sizes != null && first.isUntriedDay()) {
            WindowRun last = first;
            for (WindowRun run : runs.subList(runs.indexOf(first) + 1, runs.size())) {
                if (!run.isUntriedDay() || !areNeighbours(last, run)) {
                    break;
                }
                neighbours.add(run);
                last = run;
            }
        }
        return neighbours;
    }

    private static boolean areNeighbours(WindowRun a, WindowRun b) {
        return a.due.kind() == b.due.kind() && a.window.isNextDayTo(b.window);
    }

    private List<LocalDate> daysUnderWay() {
        return runs.stream()
                .filter(run -> run.state() == WindowState.FETCHING && !run.window.isArrivals())
                .flatMap(run -> run.window.days())
                .toList();
    }

    /** Puts the days of a window back on their own. */
    void takeApart(WindowRun whole) {
        if (sizes != null && whole.window.length() > 1 && runs.remove(whole)) {
            whole.window
                    .days()
                    .map(day -> new DueWindow(Window.ofDay(day), whole.due.kind()))
                    .map(due -> new WindowRun(monitor, due, whole.generation, false))
                    .forEach(runs::add);
            runs.sort(order);
        }
    }
}
