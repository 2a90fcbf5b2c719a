package io.github.camelmixpanel.export.internal.pipeline.calendar;

import io.github.camelmixpanel.export.internal.ledger.DayRecord;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot.Forecast;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import io.github.camelmixpanel.export.internal.plan.DayRule;
import io.github.camelmixpanel.export.internal.plan.WindowSizer;
import io.github.camelmixpanel.export.internal.plan.WindowSizer.Volume;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Expects of the days that are due what the days in the ledger brought: how many go into one
 * window, and what all of them will take. Thread-safe.
 */
public record Volumes(ExportSettings settings, Ledger ledger, InstantSource clock, DayRule rule) {

    /**
     * The days of the next query. A window has either days that are final with it or others, so
     * that what is said of it is true of each of its days.
     *
     * @param due neighbouring days of one kind in due order, at least two
     * @param underWay days that are being downloaded
     */
    public List<LocalDate> next(List<LocalDate> due, Collection<LocalDate> underWay) {
        Instant now = clock.instant();
        boolean isFinal = rule.isFinal(due.get(0), now);
        List<LocalDate> alike =
                due.stream().takeWhile(day -> rule.isFinal(day, now) == isFinal).toList();
        return sizer().next(alike, underWay);
    }

    /**
     * What is left to do.
     *
     * @param windows on the board, in due order
     * @return empty when nothing is known by which to judge how many queries they take
     */
    public Optional<Forecast> forecast(List<WindowStatus> windows) {
        WindowSizer sizer = sizer();
        if (sizer.knownDays() == 0 && settings.sizesWindows()) {
            return Optional.empty();
        }
        List<WindowStatus> toQuery =
                windows.stream().filter(window -> !window.state().isDownloaded()).toList();
        double bytes =
                toQuery.stream()
                        .filter(it -> !it.window().isArrivals())
                        .flatMap(it -> it.window().days())
                        .mapToDouble(sizer::expected)
                        .sum();
        int queries = stretches(toQuery).stream().mapToInt(it -> queries(sizer, it)).sum();
        return Optional.of(new Forecast(queries, Math.round(bytes), sizer.knownDays()));
    }

    private static int queries(WindowSizer sizer, List<WindowStatus> stretch) {
        return stretch.size() == 1
                ? 1
                : sizer.queries(stretch.stream().map(it -> it.window().fromDate()).toList());
    }

    /** Those that may go into one window, and each of the others alone. */
    private List<List<WindowStatus>> stretches(List<WindowStatus> toQuery) {
        Instant now = clock.instant();
        List<List<WindowStatus>> stretches = new ArrayList<>();
        WindowStatus last = null;
        for (WindowStatus next : toQuery) {
            if (last == null || !mayJoin(last, next, now)) {
                stretches.add(new ArrayList<>());
            }
            stretches.get(stretches.size() - 1).add(next);
            last = next;
        }
        return stretches;
    }

    private boolean mayJoin(WindowStatus a, WindowStatus b, Instant now) {
        return settings.sizesWindows()
                && a.state() == WindowState.PLANNED
                && b.state() == WindowState.PLANNED
                && a.kind().equals(b.kind())
                && a.window().isNextDayTo(b.window())
                && rule.isFinal(a.window().fromDate(), now)
                        == rule.isFinal(b.window().fromDate(), now);
    }

    private WindowSizer sizer() {
        Map<LocalDate, Volume> known = new TreeMap<>();
        ledger.days().forEach((day, record) -> know(day, record, known));
        for (OpenWindow open : ledger.openWindows()) {
            if (!open.window().isArrivals()) {
                open.window().days().forEach(day -> know(day, open.record(), known));
            }
        }
        return new WindowSizer(known, ledger.longest(), settings.windowSize());
    }

    /** A day that had not ended brings more. */
    private void know(LocalDate day, DayRecord record, Map<LocalDate, Volume> known) {
        if (!rule.beginsFrom(day.plusDays(1), record.asOf())) {
            int days = record.window().length();
            double spread = (double) record.bytes() / days;
            known.put(day, new Volume(record.bytes(day), spread, days));
        }
    }
}
