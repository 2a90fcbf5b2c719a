package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.internal.model.Window;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The windows that are spooled and not committed: no two of them share a day, except that one
 * window of arrivals may share days with the others. Not thread-safe.
 */
final class OpenWindows {

    /** By first day. */
    private final NavigableMap<LocalDate, OpenWindow> windows = new TreeMap<>();

    /** The window of arrivals, or null. */
    private OpenWindow arrivals;

    /** In calendar order, that of arrivals last. */
    List<OpenWindow> all() {
        List<OpenWindow> all = new ArrayList<>(windows.values());
        if (arrivals != null) {
            all.add(arrivals);
        }
        return List.copyOf(all);
    }

    /**
     * @throws IllegalStateException when the window is not open
     */
    OpenWindow get(Window window) {
        OpenWindow found = window.isArrivals() ? arrivals : windows.get(window.fromDate());
        if (found == null || !found.window().equals(window)) {
            throw new IllegalStateException("Window " + window + " is not open");
        }
        return found;
    }

    void put(OpenWindow window) {
        if (window.window().isArrivals()) {
            arrivals = window;
        } else {
            windows.put(window.window().fromDate(), window);
        }
    }

    void remove(Window window) {
        if (window.isArrivals()) {
            arrivals = null;
        } else {
            windows.remove(window.fromDate());
        }
    }

    void removeArrivals() {
        arrivals = null;
    }

    /**
     * @throws IllegalStateException when another open window of days shares a day with this one
     */
    void requireNoOther(Window window) {
        if (window.isArrivals()) {
            return; // there is one at a time, and a new body replaces the old
        }
        var last = windows.floorEntry(window.toDate());
        if (last != null
                && !last.getValue().window().equals(window)
                && !last.getValue().window().toDate().isBefore(window.fromDate())) {
            throw new IllegalStateException(
                    "Window %s shares days with open window %s"
                            .formatted(window, last.getValue().window()));
        }
    }
}
