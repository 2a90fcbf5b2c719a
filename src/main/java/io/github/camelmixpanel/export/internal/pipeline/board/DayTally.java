package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Counts the events of a window by day, each once, however often its body is read. Lines are taken
 * in ascending order within one reading. Not thread-safe.
 */
public final class DayTally {

    private final Window window;
    private final long[] events;
    private final long[] emitted;
    private long lastLine;
    private long total;

    public DayTally(Window window) {
        this.window = window;
        this.events = new long[window.length()];
        this.emitted = new long[window.length()];
    }

    /** How many events it has. */
    public long total() {
        return total;
    }

    /** Does nothing for a line that it has. */
    public void take(ExportEvent event, boolean isEmitted) {
        if (event.line() <= lastLine) {
            return;
        }
        lastLine = event.line();
        total++;
        int day = window.indexOf(event);
        events[day]++;
        emitted[day] += isEmitted ? 1 : 0;
    }

    /** In calendar order: every day of a window of days, those with events of an arrival query. */
    public List<WindowSummary.Day> counts(Predicate<LocalDate> isFinal) {
        List<WindowSummary.Day> counts = new ArrayList<>();
        for (int i = 0; i < events.length; i++) {
            LocalDate day = window.fromDate().plusDays(i);
            if (events[i] > 0 || !window.isArrivals()) {
                counts.add(new WindowSummary.Day(day, events[i], emitted[i], isFinal.test(day)));
            }
        }
        return counts;
    }
}
