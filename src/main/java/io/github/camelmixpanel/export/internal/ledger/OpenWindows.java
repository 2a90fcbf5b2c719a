package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.internal.model.Window;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The windows that are spooled and not committed: no two of them share a day, except that one
 * window of arrivals may share days with the others. Not thread-safe.
 */
final class OpenWindows {

    /** By first day, that of arrivals last; the days of a key may be those of an earlier body. */
    private final Map<Window, OpenWindow> windows =
            new TreeMap<>(
                    Comparator.comparing(Window::isArrivals)
                            .thenComparing(it -> it.isArrivals() ? LocalDate.MIN : it.fromDate()));

    /** In calendar order, that of arrivals last. */
    List<OpenWindow> all() {
        return List.copyOf(windows.values());
    }

    /**
     * @throws IllegalStateException when the window is not open
     */
    OpenWindow get(Window window) {
        OpenWindow found = windows.get(window);
        if (found == null || !found.window().equals(window)) {
            throw new IllegalStateException("Window " + window + " is not open");
        }
        return found;
    }

    void put(OpenWindow window) {
        windows.put(window.window(), window);
    }

    void remove(Window window) {
        windows.remove(window);
    }

    void removeArrivals() {
        windows.keySet().removeIf(Window::isArrivals);
    }

    /**
     * @throws IllegalStateException when another open window of days shares a day with this one
     */
    void requireNoOther(Window window) {
        if (window.isArrivals()) {
            return; // there is one at a time, and a new body replaces the old
        }
        for (OpenWindow open : windows.values()) {
            Window other = open.window();
            if (!other.isArrivals() && !other.equals(window) && other.sharesADayWith(window)) {
                throw new IllegalStateException(
                        "Window %s shares days with open window %s".formatted(window, other));
            }
        }
    }
}
