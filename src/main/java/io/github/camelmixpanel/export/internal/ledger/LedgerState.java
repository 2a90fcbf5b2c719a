package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.option.Reexport;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the entries of a ledger add up to, day by day.
 *
 * <p>An entry that contradicts those before it is refused and changes nothing. In memory only, not
 * thread-safe: its owner guards it.
 */
final class LedgerState {

    /** One change. */
    sealed interface Entry {}

    record FirstDay(LocalDate day) implements Entry {}

    record Spooled(OpenWindow window) implements Entry {}

    record Acknowledged(Window window, long line) implements Entry {}

    /**
     * @param notice the summary that the route is to be told, or null
     */
    record Committed(DayRecord record, WindowSummary notice) implements Entry {}

    /**
     * The commit of an arrival query.
     *
     * @param since null, as {@code until}, when the days were reopened: what was covered is to be
     *     asked for anew
     * @param notice the summary that the route is to be told, or null
     */
    record Arrived(int generation, Instant since, Instant until, WindowSummary notice)
            implements Entry {}

    /** The route was told of a commit. */
    record Noticed(Window window, int generation) implements Entry {}

    record Owed(WindowSummary notice) implements Entry {}

    /** Replaces what was noted of this generation. */
    record Parked(ParkedWindow window) implements Entry {}

    record Dropped(Window window, String reason) implements Entry {}

    /** Days that are to be exported again; {@code generation} is their last one. */
    record Reopened(Window days, int generation) implements Entry {}

    /**
     * Somebody asked for these days once more.
     *
     * @param requestedAt only queries that started later bring it
     */
    record Again(Window days, Reexport mode, Instant requestedAt) implements Entry {}

    /** The dedupe keys of the days before this one are gone. */
    record KeysFrom(LocalDate day) implements Entry {}

    /** What Mixpanel processes from then on is to come by arrival queries. */
    record ArrivalsFrom(Instant since) implements Entry {}

    /** Replaces what was noted of this window. */
    record HandedOut(ExportTask task) implements Entry {}

    /** The task of this id counts no more. */
    record TaskOver(String id) implements Entry {}

    private LocalDate firstDay;
    private LocalDate keysFrom;
    private final NavigableMap<LocalDate, DayRecord> days = new TreeMap<>();

    /** The last generation of days that were reopened and not committed since. */
    private final NavigableMap<LocalDate, Integer> reopened = new TreeMap<>();

    /** Days that were asked for once more, until a later query of them is committed. */
    private final NavigableMap<LocalDate, Request> again = new TreeMap<>();

    private record Request(Reexport mode, Instant requestedAt) {}

    /** By first day; no two share a day. */
    private final NavigableMap<LocalDate, OpenWindow> open = new TreeMap<>();

    /** The open arrival window, or null; it may share days with those above. */
    private OpenWindow openArrivals;

    /** What arrival queries have covered, or null. */
    private ArrivalRecord arrived;

    /** From when on arrival queries are to bring what is processed, or null. */
    private Instant arrivalsFrom;

    /** The number of the last arrival query. */
    private int arrivalGeneration;

    /** What the route has not been told yet, in the order of the commits. */
    private final List<WindowSummary> owed = new ArrayList<>();

    /** Tasks without an outcome, in the order in which they were given out. */
    private final List<ExportTask> tasks = new ArrayList<>();

    /** What waits for somebody's decision; in the order in which it was parked. */
    private final List<ParkedWindow> parked = new ArrayList<>();

    Optional<LocalDate> firstDay() {
        return Optional.ofNullable(firstDay);
    }

    Optional<DayRecord> day(LocalDate day) {
        return again.containsKey(day) ? Optional.empty() : lastCommit(day);
    }

    /** Whether or not the day is to be exported again. */
    Optional<DayRecord> lastCommit(LocalDate day) {
        return Optional.ofNullable(days.get(day));
    }

    SortedMap<LocalDate, DayRecord> days() {
        return new TreeMap<>(days);
    }

    boolean isAskedAgain(LocalDate day) {
        return again.containsKey(day);
    }

    /** The days of which everything is to be emitted by a query that started then. */
    Set<LocalDate> replayed(Window window, Instant queryStartedAt) {
        if (window.isArrivals()) {
            return Set.of(); // a query of the whole day brings it
        }
        return window.days()
                .filter(
                        day -> {
                            Request request = again.get(day);
                            return request != null
                                    && request.mode() == Reexport.REPLAY
                                    && queryStartedAt.isAfter(request.requestedAt());
                        })
                .collect(Collectors.toSet());
    }

    Optional<LocalDate> keysFrom() {
        return Optional.ofNullable(keysFrom);
    }

    Optional<LocalDate> firstExportedDay() {
        return days.isEmpty() ? Optional.empty() : Optional.of(days.firstKey());
    }

    List<WindowSummary> owedNotices() {
        return List.copyOf(owed);
    }

    List<ParkedWindow> parked() {
        return List.copyOf(parked);
    }

    List<ExportTask> tasks() {
        return List.copyOf(tasks);
    }

    /** In calendar order, that of arrivals last. */
    List<OpenWindow> openWindows() {
        List<OpenWindow> all = new ArrayList<>(open.values());
        if (openArrivals != null) {
            all.add(openArrivals);
        }
        return List.copyOf(all);
    }

    Optional<ArrivalRecord> arrived() {
        return Optional.ofNullable(arrived);
    }

    Optional<Instant> arrivalsFrom() {
        return Optional.ofNullable(arrivalsFrom);
    }

    /**
     * The highest generation of the window's days, or that of the last arrival query; 0 if none was
     * ever committed.
     */
    int generation(Window window) {
        if (window.isArrivals()) {
            return arrivalGeneration;
        }
        return window.days().mapToInt(this::generation).max().orElseThrow();
    }

    private int generation(LocalDate day) {
        DayRecord record = days.get(day);
        return record != null ? record.generation() : reopened.getOrDefault(day, 0);
    }

    /** The position up to which all lines of an open window are done. */
    long acknowledged(Window window) {
        return openWindow(window).acknowledged();
    }

    /**
     * Refuses an entry that {@link #apply} cannot take.
     *
     * @throws IllegalStateException when it contradicts the entries before it
     */
    void check(Entry entry) {
        if (entry instanceof Spooled spooled) {
            requireNoOther(spooled.window().window());
        } else if (entry instanceof Acknowledged acknowledged) {
            requireProgress(openWindow(acknowledged.window()), acknowledged.line());
        } else if (entry instanceof Dropped dropped) {
            openWindow(dropped.window());
        } else if (entry instanceof Committed committed) {
            requireNewer(committed.record());
            requireNoOther(committed.record().window());
        } else if (entry instanceof Arrived arrivals
                && arrivals.generation() <= arrivalGeneration) {
            throw new IllegalStateException(
                    "Arrival query "
                            + arrivals.generation()
                            + " cannot be committed after number "
                            + arrivalGeneration);
        }
    }

    void apply(Entry entry) {
        check(entry);
        if (entry instanceof FirstDay first) {
            firstDay = first.day();
        } else if (entry instanceof Spooled spooled) {
            putOpen(spooled.window());
        } else if (entry instanceof Acknowledged acknowledged) {
            putOpen(openWindow(acknowledged.window()).acknowledgedUpTo(acknowledged.line()));
        } else if (entry instanceof Parked noted) {
            park(noted.window());
        } else if (entry instanceof Dropped dropped) {
            removeOpen(dropped.window());
            parked.stream()
                    .filter(it -> it.whole() && it.window().equals(dropped.window()))
                    .toList()
                    .forEach(
                            it ->
                                    park(
                                            new ParkedWindow(
                                                    it.window(),
                                                    it.generation(),
                                                    it.events(),
                                                    false)));
        } else if (entry instanceof Committed committed) {
            DayRecord record = committed.record();
            open.remove(record.window().fromDate());
            tasks.removeIf(task -> task.window().equals(record.window()));
            record.window().days().forEach(day -> days.put(day, record));
            record.window().days().forEach(reopened::remove);
            record.window().days().forEach(day -> answer(day, record.queryStartedAt()));
            if (committed.notice() != null) {
                owed.add(committed.notice());
            }
        } else if (entry instanceof Arrived arrivals) {
            openArrivals = null;
            tasks.removeIf(task -> task.window().isArrivals());
            arrivalGeneration = arrivals.generation();
            arrived =
                    arrivals.since() == null
                            ? null
                            : new ArrivalRecord(
                                    arrivals.generation(), arrivals.since(), arrivals.until());
            if (arrivals.notice() != null) {
                owed.add(arrivals.notice());
            }
        } else if (entry instanceof Owed still) {
            owed.add(still.notice());
        } else if (entry instanceof Noticed noticed) {
            owed.removeIf(
                    notice ->
                            notice.window().equals(noticed.window())
                                    && notice.generation() == noticed.generation());
        } else if (entry instanceof Reopened anew) {
            anew.days().days().forEach(day -> reopened.put(day, anew.generation()));
            anew.days().days().forEach(days::remove);
        } else if (entry instanceof Again asked) {
            Request request = new Request(asked.mode(), asked.requestedAt());
            asked.days().days().forEach(day -> ask(day, request));
        } else if (entry instanceof KeysFrom from) {
            keysFrom = from.day();
        } else if (entry instanceof ArrivalsFrom from) {
            arrivalsFrom = from.since();
        } else if (entry instanceof HandedOut out) {
            tasks.removeIf(task -> task.window().equals(out.task().window()));
            tasks.add(out.task());
        } else if (entry instanceof TaskOver over) {
            tasks.removeIf(task -> task.id().equals(over.id()));
        }
    }

    private void ask(LocalDate day, Request request) {
        if (generation(day) == 0) {
            return; // never exported, so due anyway
        }
        Request before = again.get(day);
        // a replay to come brings what a repair would
        if (before == null
                || request.mode() == Reexport.REPLAY
                || before.mode() != Reexport.REPLAY) {
            again.put(day, request);
        }
    }

    private void answer(LocalDate day, Instant queryStartedAt) {
        Request request = again.get(day);
        if (request != null && queryStartedAt.isAfter(request.requestedAt())) {
            again.remove(day);
        }
    }

    private void putOpen(OpenWindow window) {
        if (window.window().isArrivals()) {
            openArrivals = window;
        } else {
            open.put(window.window().fromDate(), window);
        }
    }

    private void removeOpen(Window window) {
        if (window.isArrivals()) {
            openArrivals = null;
        } else {
            open.remove(window.fromDate());
        }
    }

    private void park(ParkedWindow window) {
        parked.removeIf(
                it ->
                        it.window().equals(window.window())
                                && it.generation() == window.generation());
        if (window.events() > 0 || window.whole()) {
            parked.add(window);
        }
    }

    /** The same export with all of its days due again and nothing half done. */
    LedgerState reopened() {
        LedgerState anew = new LedgerState();
        anew.firstDay = firstDay;
        anew.keysFrom = keysFrom;
        anew.reopened.putAll(reopened);
        anew.again.putAll(again);
        anew.owed.addAll(owed);
        anew.arrivalGeneration = arrivalGeneration;
        // nothing is half done any more, but what is parked is in no other place
        parked.forEach(
                it ->
                        anew.park(
                                new ParkedWindow(
                                        it.window(), it.generation(), it.events(), false)));
        days.forEach((day, record) -> anew.reopened.put(day, record.generation()));
        return anew;
    }

    /** The fewest entries that add up to this state again. */
    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        firstDay().ifPresent(day -> entries.add(new FirstDay(day)));
        keysFrom().ifPresent(day -> entries.add(new KeysFrom(day)));
        arrivalsFrom().ifPresent(since -> entries.add(new ArrivalsFrom(since)));
        entries.addAll(reopenedRuns());
        // of two commits of one day the later one has the higher generation
        days.values().stream()
                .distinct()
                .sorted(Comparator.comparingInt(DayRecord::generation))
                .map(record -> new Committed(record, null))
                .forEach(entries::add);
        again.forEach(
                (day, asked) ->
                        entries.add(
                                new Again(Window.ofDay(day), asked.mode(), asked.requestedAt())));
        if (arrivalGeneration > 0) {
            Instant since = arrived == null ? null : arrived.since();
            Instant until = arrived == null ? null : arrived.until();
            entries.add(new Arrived(arrivalGeneration, since, until, null));
        }
        owed.stream().map(Owed::new).forEach(entries::add);
        openWindows().stream().map(Spooled::new).forEach(entries::add);
        tasks.stream().map(HandedOut::new).forEach(entries::add);
        parked.stream().map(Parked::new).forEach(entries::add);
        return entries;
    }

    private List<Entry> reopenedRuns() {
        List<Entry> runs = new ArrayList<>();
        Reopened run = null;
        for (var day : reopened.entrySet()) {
            if (run != null
                    && run.generation() == day.getValue()
                    && run.days().toDate().plusDays(1).equals(day.getKey())) {
                run = new Reopened(new Window(run.days().fromDate(), day.getKey()), day.getValue());
                runs.set(runs.size() - 1, run);
            } else {
                run = new Reopened(Window.ofDay(day.getKey()), day.getValue());
                runs.add(run);
            }
        }
        return runs;
    }

    private OpenWindow openWindow(Window window) {
        OpenWindow found = window.isArrivals() ? openArrivals : open.get(window.fromDate());
        if (found == null || !found.window().equals(window)) {
            throw new IllegalStateException("Window " + window + " is not open");
        }
        return found;
    }

    private void requireNoOther(Window window) {
        if (window.isArrivals()) {
            return; // there is one at a time, and a new body replaces the old
        }
        var last = open.floorEntry(window.toDate());
        if (last != null
                && !last.getValue().window().equals(window)
                && !last.getValue().window().toDate().isBefore(window.fromDate())) {
            throw new IllegalStateException(
                    "Window "
                            + window
                            + " shares days with open window "
                            + last.getValue().window());
        }
    }

    private static void requireProgress(OpenWindow window, long line) {
        if (line < window.acknowledged() || line > window.body().lines()) {
            throw new IllegalStateException(
                    "Window "
                            + window.window()
                            + " cannot be acknowledged up to line "
                            + line
                            + ": it is up to line "
                            + window.acknowledged()
                            + " of "
                            + window.body().lines());
        }
    }

    private void requireNewer(DayRecord record) {
        int last = generation(record.window());
        if (record.generation() <= last) {
            throw new IllegalStateException(
                    "Window "
                            + record.window()
                            + " cannot be committed as generation "
                            + record.generation()
                            + ": a day of it has generation "
                            + last);
        }
    }
}
