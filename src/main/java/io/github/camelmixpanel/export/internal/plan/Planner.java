package io.github.camelmixpanel.export.internal.plan;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.plan.DueWindow.Kind;
import io.github.camelmixpanel.export.option.BackfillOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Covers every day that is due, none twice, and no day after today. Pure, thread-safe.
 *
 * <p>Groups up to {@code windowDays} consecutive days that were never exported into one window;
 * today and days to export again get a window each.
 */
public final class Planner {

    private final DayRule rule;
    private final int windowDays;
    private final BackfillOrder order;

    public Planner(DayRule rule, int windowDays, BackfillOrder order) {
        this.rule = rule;
        this.windowDays = windowDays;
        this.order = order;
    }

    /**
     * What to export now, and when to plan again.
     *
     * @param windows in no particular order
     * @param nextDue when the next other day falls due; empty when none ever does
     */
    public record Plan(List<DueWindow> windows, Optional<Instant> nextDue) {

        public Plan {
            windows = List.copyOf(windows);
        }

        /** The union of this plan and another one. */
        public Plan and(Plan other) {
            List<DueWindow> both = new ArrayList<>(windows);
            both.addAll(other.windows);
            return new Plan(both, other.nextDue.map(it -> earlier(nextDue, it)).orElse(nextDue));
        }
    }

    /** The order of exports: today, arrivals, revisits, then the back-fill as the option says. */
    public Comparator<DueWindow> order() {
        Comparator<DueWindow> oldest = Comparator.comparing(due -> due.window().fromDate());
        return Comparator.comparing(DueWindow::kind)
                .thenComparing(order == BackfillOrder.NEWEST ? oldest.reversed() : oldest);
    }

    /**
     * @param firstDay inclusive
     * @param toDate inclusive, or null for no end
     * @param lastExport of a day; null for one that was never exported
     * @param byArrival days whose events arrival queries bring from the first one on
     * @param underWay days that need no new window
     */
    public Plan plan(
            Instant now,
            LocalDate firstDay,
            LocalDate toDate,
            Function<LocalDate, LastExport> lastExport,
            Predicate<LocalDate> byArrival,
            Predicate<LocalDate> underWay) {
        LocalDate today = rule.today(now);
        LocalDate last = toDate != null && toDate.isBefore(today) ? toDate : today;
        List<DueWindow> windows = new ArrayList<>();
        List<LocalDate> neverExported = new ArrayList<>();
        Optional<Instant> nextDue =
                toDate == null || toDate.isAfter(last)
                        ? rule.dueFrom(last.plusDays(1), null, byArrival.test(last.plusDays(1)))
                        : Optional.empty();
        for (LocalDate day = firstDay; !day.isAfter(last); day = day.plusDays(1)) {
            LastExport exported = lastExport.apply(day);
            Optional<Instant> dueFrom = rule.dueFrom(day, exported, byArrival.test(day));
            if (dueFrom.isEmpty() || underWay.test(day)) {
                continue;
            }
            if (dueFrom.get().isAfter(now)) {
                nextDue = earlier(nextDue, dueFrom.get());
            } else if (day.equals(today)) {
                windows.add(new DueWindow(Window.ofDay(day), Kind.TODAY));
            } else if (exported != null) {
                windows.add(new DueWindow(Window.ofDay(day), Kind.REVISIT));
            } else {
                neverExported.add(day);
            }
        }
        grouped(neverExported).forEach(w -> windows.add(new DueWindow(w, Kind.BACKFILL)));
        return new Plan(windows, nextDue);
    }

    private static Optional<Instant> earlier(Optional<Instant> a, Instant b) {
        return a.filter(it -> it.isBefore(b)).or(() -> Optional.of(b));
    }

    private List<Window> grouped(List<LocalDate> days) {
        boolean newestFirst = order == BackfillOrder.NEWEST;
        if (newestFirst) {
            Collections.reverse(days);
        }
        int step = newestFirst ? -1 : 1;
        List<Window> windows = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= days.size(); i++) {
            boolean ends =
                    i == days.size()
                            || i - start == windowDays
                            || !days.get(i).equals(days.get(i - 1).plusDays(step));
            if (ends) {
                LocalDate a = days.get(start);
                LocalDate b = days.get(i - 1);
                windows.add(newestFirst ? new Window(b, a) : new Window(a, b));
                start = i;
            }
        }
        return windows;
    }
}
