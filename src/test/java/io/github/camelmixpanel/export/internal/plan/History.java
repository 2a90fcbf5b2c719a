package io.github.camelmixpanel.export.internal.plan;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.plan.WindowSizer.Volume;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;

/**
 * What is asked for of a history, one query after the other, each with what is known by then.
 *
 * @param cut windows that were too large
 */
public record History(List<Part> windows, List<Part> cut) {

    static final double MB = 1024 * 1024;
    static final long SIZE = (long) (64 * MB);

    /** What one query brought, or would have brought. */
    public record Part(Window window, double bytes) {}

    int queries() {
        return windows.size() + cut.size();
    }

    double largest() {
        return windows.stream().mapToDouble(Part::bytes).max().orElse(0);
    }

    /**
     * @param megabytes of a day, by its number
     */
    public static History of(LocalDate first, int days, IntToDoubleFunction megabytes) {
        Map<LocalDate, Volume> known = new HashMap<>();
        Map<LocalDate, Integer> longest = new HashMap<>();
        History history = new History(new ArrayList<>(), new ArrayList<>());
        TreeSet<LocalDate> due = new TreeSet<>(first.datesUntil(first.plusDays(days)).toList());
        while (!due.isEmpty()) {
            List<LocalDate> stretch =
                    due.first()
                            .datesUntil(due.last().plusDays(1))
                            .takeWhile(due::contains)
                            .toList();
            List<LocalDate> next = new WindowSizer(known, longest, SIZE).next(stretch, Set.of());
            int size = next.size();
            double bytes = 0;
            for (LocalDate day : next) {
                long number = day.toEpochDay() - first.toEpochDay();
                bytes += megabytes.applyAsDouble((int) number) * MB;
            }
            Part part = new Part(new Window(next.get(0), next.get(size - 1)), bytes);
            if (size > 1 && bytes > 4 * SIZE) {
                history.cut.add(part);
                next.forEach(it -> longest.merge(it, (size + 3) / 4, Math::min));
            } else {
                history.windows.add(part);
                Volume volume = new Volume(bytes / size, bytes / size, size);
                next.forEach(day -> known.put(day, volume));
                due.removeAll(next);
            }
        }
        return history;
    }
}
