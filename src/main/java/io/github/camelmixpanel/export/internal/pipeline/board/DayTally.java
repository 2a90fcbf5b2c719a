package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary.DayCounts;
import java.util.stream.LongStream;

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

    public DayCounts counts() {
        return new DayCounts(
                LongStream.of(events).boxed().toList(), LongStream.of(emitted).boxed().toList());
    }
}
