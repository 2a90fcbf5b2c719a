package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.option.Reexport;
import java.time.LocalDate;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Days that an operator wants once more, until a commit satisfies that: by its generation, whatever
 * clocks say. Not thread-safe.
 */
final class ReexportRequests {

    private final NavigableMap<LocalDate, Request> requests = new TreeMap<>();
    private int count;

    /**
     * @param number counts requests, in this process
     * @param after what was exported, or on its way, at the request
     */
    private record Request(Entry.ReexportRequested entry, int number, int after) {

        boolean isReplay() {
            return entry.mode() == Reexport.REPLAY;
        }

        Entry of(LocalDate day) {
            return new Entry.ReexportRequested(
                    Window.ofDay(day), entry.mode(), entry.requestedAt());
        }
    }

    boolean contains(LocalDate day) {
        return requests.containsKey(day);
    }

    /**
     * @param after only a later generation satisfies the request
     */
    void put(LocalDate day, Entry.ReexportRequested entry, int after) {
        Request before = requests.get(day);
        Request request = new Request(entry, ++count, after);
        // a replay to come brings what a repair would
        if (before == null || request.isReplay() || !before.isReplay()) {
            requests.put(day, request);
        }
    }

    void putAll(ReexportRequests others) {
        requests.putAll(others.requests);
        count = others.count;
    }

    void committed(LocalDate day, int generation) {
        if (isSatisfied(day, generation)) {
            requests.remove(day);
        }
    }

    /** The query that replaces a lost body, as the same generation, leaves after the requests. */
    void lost(OpenWindow body) {
        Window window = body.window();
        if (!window.isArrivals()) {
            requests.subMap(window.fromDate(), true, window.toDate(), true)
                    .replaceAll(
                            (day, it) ->
                                    new Request(
                                            it.entry,
                                            it.number,
                                            Math.min(it.after, body.generation() - 1)));
        }
    }

    /** The number of the last request for a day of the window; 0 without one. */
    int last(Window window) {
        return window.days()
                .map(requests::get)
                .filter(Objects::nonNull)
                .mapToInt(Request::number)
                .max()
                .orElse(0);
    }

    /** The days of which this generation of the window emits everything. */
    Set<LocalDate> replayed(Window window, int generation) {
        if (window.isArrivals()) {
            return Set.of(); // a query of the whole day brings it
        }
        return window.days()
                .filter(day -> isSatisfied(day, generation))
                .filter(day -> requests.get(day).isReplay())
                .collect(Collectors.toSet());
    }

    private boolean isSatisfied(LocalDate day, int generation) {
        return contains(day) && !isAfter(day, generation);
    }

    /** Whether the request of this day needs a generation after this one, which is not 0. */
    boolean isAfter(LocalDate day, int generation) {
        return generation > 0 && generation <= requests.get(day).after;
    }

    List<Entry> entries(Predicate<LocalDate> which) {
        return requests.keySet().stream()
                .filter(which)
                .map(day -> requests.get(day).of(day))
                .toList();
    }
}
