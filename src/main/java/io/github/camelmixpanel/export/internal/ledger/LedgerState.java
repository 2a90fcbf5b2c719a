package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The sum of a ledger's entries, day by day: an entry that contradicts those before it fails and
 * changes nothing.
 *
 * <p>In memory only. Thread-safe, as long as one thread at a time changes it.
 */
final class LedgerState {

    /** Tasks of one window whose late outcome counts. */
    private static final int MOST_GIVEN_UP = 20;

    // what the methods of Ledger with these names return
    LocalDate firstDay;
    LocalDate keysFrom;
    Instant arrivalsFrom;
    final NavigableMap<LocalDate, DayRecord> days = new TreeMap<>();
    final NavigableMap<LocalDate, Integer> longest = new TreeMap<>();
    final List<ParkedWindow> parked = new ArrayList<>();
    final List<WindowSummary> owedNotices = new ArrayList<>();

    final OpenWindows open = new OpenWindows();
    final ReexportRequests requested = new ReexportRequests();

    /** The last generation of days that were reopened and not committed since. */
    private final NavigableMap<LocalDate, Integer> reopened = new TreeMap<>();

    /** The last arrival query, without a span after a query change; null before the first. */
    private ArrivalRecord arrived;

    /** Tasks whose generation is not committed, in the order in which they were issued. */
    final List<ExportTask> tasks = new ArrayList<>();

    /** Ids of those that were given up. */
    private final Set<String> givenUp = new HashSet<>();

    /** Looks at it while no other thread changes it. */
    synchronized <T> T read(Function<LedgerState, T> what) {
        return what.apply(this);
    }

    ArrivalRecord arrived() {
        return arrived == null || arrived.since() == null ? null : arrived;
    }

    List<ExportTask> tasks() {
        return tasks.stream().filter(task -> !givenUp.contains(task.id())).toList();
    }

    /**
     * The highest generation of the window's days, or that of the last arrival query; 0 if none was
     * ever committed.
     */
    synchronized int generation(Window window) {
        if (window.isArrivals()) {
            return arrivalGeneration();
        }
        return window.days().mapToInt(this::generation).max().orElseThrow();
    }

    private int arrivalGeneration() {
        return arrived == null ? 0 : arrived.generation();
    }

    private int generation(LocalDate day) {
        DayRecord record = days.get(day);
        return record != null ? record.generation() : reopened.getOrDefault(day, 0);
    }

    /**
     * Checks that {@link #apply} can take an entry.
     *
     * @throws IllegalStateException when it contradicts the entries before it
     */
    synchronized void check(Entry entry) {
        if (entry instanceof Entry.Spooled spooled) {
            open.requireNoOther(spooled.window().window());
        } else if (entry instanceof Entry.Acknowledged acknowledged) {
            requireProgress(open.get(acknowledged.window()), acknowledged.line());
        } else if (entry instanceof Entry.Failed failed) {
            open.get(failed.window());
        } else if (entry instanceof Entry.Dropped dropped) {
            open.get(dropped.window());
        } else if (entry instanceof Entry.Committed committed) {
            requireNewer(committed.record());
            open.requireNoOther(committed.record().window());
        } else if (entry instanceof Entry.Arrived arrivals
                && arrivals.record().generation() <= arrivalGeneration()) {
            throw new IllegalStateException(
                    "Arrival query %d cannot be committed after number %d"
                            .formatted(arrivals.record().generation(), arrivalGeneration()));
        }
    }

    synchronized void apply(Entry entry) {
        check(entry);
        if (entry instanceof Entry.FirstDay first) {
            firstDay = first.day();
        } else if (entry instanceof Entry.Spooled spooled) {
            open.put(spooled.window());
        } else if (entry instanceof Entry.Acknowledged acknowledged) {
            open.put(open.get(acknowledged.window()).acknowledgedUpTo(acknowledged.line()));
        } else if (entry instanceof Entry.Failed failed) {
            open.put(open.get(failed.window()).failed(failed.left()));
        } else if (entry instanceof Entry.Parked parking) {
            park(parking.window());
        } else if (entry instanceof Entry.Dropped dropped) {
            requested.lost(open.get(dropped.window()));
            open.remove(dropped.window());
            parked.stream()
                    .filter(it -> it.whole() && it.window().equals(dropped.window()))
                    .toList()
                    .forEach(it -> park(it.eventsOnly()));
        } else if (entry instanceof Entry.Committed committed) {
            DayRecord record = committed.record();
            open.remove(record.window());
            record.window().days().forEach(day -> commit(day, record));
            forgetCommittedTasks();
            if (committed.notice() != null) {
                owedNotices.add(committed.notice());
            }
        } else if (entry instanceof Entry.Arrived arrivals) {
            open.removeArrivals();
            arrived = arrivals.record();
            forgetCommittedTasks();
            if (arrivals.notice() != null) {
                owedNotices.add(arrivals.notice());
            }
        } else if (entry instanceof Entry.Owed still) {
            owedNotices.add(still.notice());
        } else if (entry instanceof Entry.Noticed noticed) {
            owedNotices.removeIf(
                    notice ->
                            notice.window().equals(noticed.window())
                                    && notice.generation() == noticed.generation());
        } else if (entry instanceof Entry.Cut cut) {
            cut.days().days().forEach(day -> longest.merge(day, cut.longest(), Math::min));
            tasks.removeIf(task -> task.window().equals(cut.days()));
            forgetCommittedTasks();
        } else if (entry instanceof Entry.Reopened again) {
            again.days().days().forEach(day -> reopened.put(day, again.generation()));
            again.days().days().forEach(days::remove);
        } else if (entry instanceof Entry.ReexportRequested request) {
            request.days().days().forEach(day -> request(day, request));
        } else if (entry instanceof Entry.KeysFrom from) {
            keysFrom = from.day();
        } else if (entry instanceof Entry.ArrivalsFrom from) {
            arrivalsFrom = from.since();
        } else if (entry instanceof Entry.Issued out) {
            issue(out.task());
        } else if (entry instanceof Entry.TaskOver over) {
            givenUp.add(over.id());
            forgetCommittedTasks();
        }
    }

    private void request(LocalDate day, Entry.ReexportRequested request) {
        int last = generation(day);
        if (last > 0) { // a day that was never exported is due anyway
            requested.put(day, request, Math.max(last, onItsWay(day)));
        }
    }

    private void issue(ExportTask task) {
        List<ExportTask> earlier =
                tasks.stream().filter(it -> it.window().equals(task.window())).toList();
        earlier.forEach(it -> givenUp.add(it.id()));
        if (earlier.size() >= MOST_GIVEN_UP) {
            tasks.remove(earlier.get(0));
        }
        tasks.add(task);
        forgetCommittedTasks(); // an earlier version could issue one
    }

    private void forgetCommittedTasks() {
        tasks.removeIf(task -> generation(task.window()) >= task.generation());
        givenUp.retainAll(tasks.stream().map(ExportTask::id).toList());
    }

    private void commit(LocalDate day, DayRecord record) {
        days.put(day, record);
        reopened.remove(day);
        longest.remove(day);
        requested.committed(day, record.generation());
    }

    /** The generation of the day's open window or task; 0 when there is neither. */
    private int onItsWay(LocalDate day) {
        Window asked = Window.ofDay(day);
        Stream<Integer> bodies =
                open.all().stream()
                        .filter(it -> isOf(it.window(), asked))
                        .map(OpenWindow::generation);
        Stream<Integer> issued =
                tasks.stream().filter(it -> isOf(it.window(), asked)).map(ExportTask::generation);
        return Stream.concat(bodies, issued).max(Comparator.naturalOrder()).orElse(0);
    }

    private static boolean isOf(Window window, Window day) {
        return !window.isArrivals() && window.sharesADayWith(day);
    }

    private void park(ParkedWindow window) {
        parked.removeIf(window::isSameGeneration);
        if (window.events() > 0 || window.whole()) {
            parked.add(window);
        }
    }

    /** The same export with all of its days due again and nothing half done. */
    synchronized LedgerState reopened() {
        LedgerState fresh = new LedgerState();
        fresh.firstDay = firstDay;
        fresh.keysFrom = keysFrom;
        fresh.reopened.putAll(reopened);
        fresh.requested.putAll(requested);
        open.all().forEach(fresh.requested::lost);
        fresh.owedNotices.addAll(owedNotices);
        fresh.arrived = arrived == null ? null : arrived.reopened();
        // nothing is half done any more, but what is parked is in no other place
        parked.forEach(it -> fresh.park(it.eventsOnly()));
        days.forEach((day, record) -> fresh.reopened.put(day, record.generation()));
        return fresh;
    }

    /** The fewest entries that add up to this state again. */
    synchronized List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        add(entries, firstDay, Entry.FirstDay::new);
        add(entries, keysFrom, Entry.KeysFrom::new);
        add(entries, arrivalsFrom, Entry.ArrivalsFrom::new);
        runs(reopened, Entry.Reopened::new, entries);
        runs(longest, Entry.Cut::new, entries);
        // of two commits of one day the later one has the higher generation
        days.values().stream()
                .distinct()
                .sorted(Comparator.comparingInt(DayRecord::generation))
                .map(record -> new Entry.Committed(record, null))
                .forEach(entries::add);
        // their place among bodies and tasks says which of these were on their way
        entries.addAll(requested.entries(day -> !requested.isAfter(day, onItsWay(day))));
        add(entries, arrived, record -> new Entry.Arrived(record, null));
        owedNotices.stream().map(Entry.Owed::new).forEach(entries::add);
        open.all().stream().map(Entry.Spooled::new).forEach(entries::add);
        tasks.stream().map(Entry.Issued::new).forEach(entries::add);
        entries.addAll(requested.entries(day -> requested.isAfter(day, onItsWay(day))));
        givenUp.stream().sorted().map(Entry.TaskOver::new).forEach(entries::add);
        parked.stream().map(Entry.Parked::new).forEach(entries::add);
        return entries;
    }

    private static <T> void add(List<Entry> to, T value, Function<T, Entry> entry) {
        if (value != null) {
            to.add(entry.apply(value));
        }
    }

    /** One entry for neighbouring days with the same number. */
    private static void runs(
            NavigableMap<LocalDate, Integer> numbers,
            BiFunction<Window, Integer, Entry> entry,
            List<Entry> to) {
        for (var next = numbers.firstEntry(); next != null; ) {
            LocalDate last = next.getKey();
            while (next.getValue().equals(numbers.get(last.plusDays(1)))) {
                last = last.plusDays(1);
            }
            to.add(entry.apply(new Window(next.getKey(), last), next.getValue()));
            next = numbers.higherEntry(last);
        }
    }

    private static void requireProgress(OpenWindow window, long line) {
        if (line < window.acknowledged() || line > window.body().lines()) {
            throw new IllegalStateException(
                    "Window %s cannot be acknowledged up to line %d: it is up to line %d of %d"
                            .formatted(
                                    window.window(),
                                    line,
                                    window.acknowledged(),
                                    window.body().lines()));
        }
    }

    private void requireNewer(DayRecord record) {
        int last = generation(record.window());
        if (record.generation() <= last) {
            throw new IllegalStateException(
                    "Window %s cannot be committed as generation %d: a day of it has generation %d"
                            .formatted(record.window(), record.generation(), last));
        }
    }
}
