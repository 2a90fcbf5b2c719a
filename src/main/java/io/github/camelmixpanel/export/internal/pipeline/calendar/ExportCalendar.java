package io.github.camelmixpanel.export.internal.pipeline.calendar;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.ledger.ArrivalRecord;
import io.github.camelmixpanel.export.internal.ledger.DayRecord;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.model.DayStatus;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.plan.DayRule;
import io.github.camelmixpanel.export.internal.plan.DueWindow.Kind;
import io.github.camelmixpanel.export.internal.plan.LastExport;
import io.github.camelmixpanel.export.internal.plan.Planner;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides which days of an export are due: applies the plan stage to the days in the ledger. Used
 * by the polling thread, except where a method says otherwise.
 */
public record ExportCalendar(
        ExportSettings settings,
        Ledger ledger,
        InstantSource clock,
        DayRule rule,
        Planner planner,
        ArrivalCalendar arrivals) {

    public void pollBegins() {
        arrivals.pollBegins();
    }

    /**
     * @param underWay windows that are on the board already
     */
    public Planner.Plan plan(Collection<Window> underWay) throws LedgerException {
        LocalDate firstDay = firstDay();
        Optional<Instant> owedSince = owedSince();
        Set<LocalDate> taken = daysOf(underWay.stream());
        Planner.Plan days =
                planner.plan(
                        clock.instant(),
                        begun(firstDay),
                        settings.range().toDate(),
                        this::lastExport,
                        byArrival(arrivals.since(owedSince)),
                        day ->
                                taken.contains(day)
                                        || day.isBefore(firstDay)
                                                && ledger.day(day).isEmpty()
                                                && !ledger.isReexportRequested(day));
        LocalDate firstArrival = openDays().findFirst().filter(firstDay::isAfter).orElse(firstDay);
        return days.and(arrivals.plan(owedSince, firstArrival, hasArrivals(underWay)));
    }

    /** Whether one more arrival query belongs to this poll, and none is on the board. */
    public boolean isBehind(Collection<Window> underWay) {
        return arrivals.isBehind() && !hasArrivals(underWay);
    }

    private static Set<LocalDate> daysOf(Stream<Window> windows) {
        return windows.filter(it -> !it.isArrivals())
                .flatMap(Window::days)
                .collect(Collectors.toSet());
    }

    private static boolean hasArrivals(Collection<Window> underWay) {
        return underWay.stream().anyMatch(Window::isArrivals);
    }

    /**
     * A day that begins after the first arrival query does needs no first export of its own:
     * whatever is processed from then on comes by arrival, and no event of a day is processed
     * before the day begins. (One whose sender's clock was ahead is: that one comes with the day's
     * last export.) A day that was reopened is queried at once.
     */
    private Predicate<LocalDate> byArrival(Optional<Instant> since) {
        return day ->
                since.filter(it -> rule.beginsFrom(day, it)).isPresent()
                        && ledger.nextGeneration(Window.ofDay(day)) == 1;
    }

    /**
     * Days that were exported, and have their last export still before them, due or not: what was
     * processed since they were exported may also be of days that had their last one then.
     */
    private Stream<LocalDate> openDays() {
        return ledger.firstExportedDay().stream()
                .flatMap(
                        first ->
                                first.datesUntil(
                                        Collections.max(List.of(first, today())).plusDays(1)))
                .filter(
                        day ->
                                ledger.day(day)
                                        .filter(it -> !rule.isFinal(day, it.asOf()))
                                        .isPresent());
    }

    /** The earliest export after which arrivals are owed. */
    private Optional<Instant> owedSince() {
        return Stream.concat(
                        openDays().map(day -> ledger.day(day).orElseThrow().asOf()),
                        ledger.arrivalsFrom().stream())
                .min(Comparator.naturalOrder());
    }

    /** A period back from today is resolved once; an earlier {@code fromDate} adds days. */
    private LocalDate firstDay() throws LedgerException {
        Optional<LocalDate> remembered = ledger.firstDay();
        boolean moved =
                settings.range().fromDate() != null
                        && !Optional.of(settings.range().fromDate()).equals(remembered);
        if (remembered.isEmpty() || moved) {
            ledger.firstDay(settings.range().firstDay(today()));
        }
        return ledger.firstDay().orElseThrow();
    }

    /** Days that were begun are finished even when {@code fromDate} is later now. */
    private LocalDate begun(LocalDate firstDay) {
        return ledger.firstExportedDay().filter(firstDay::isAfter).orElse(firstDay);
    }

    private LocalDate today() {
        return rule.today(clock.instant());
    }

    /**
     * A start in the future came from a clock that was set back since then: the server knows
     * better. Believed, it would put off the day's next export by as much.
     */
    private LastExport lastExport(LocalDate day) {
        DayRecord last = ledger.day(day).orElse(null);
        if (last == null) {
            return null;
        }
        boolean wrong = last.queryStartedAt().isAfter(clock.instant());
        return new LastExport(wrong ? last.asOf() : last.queryStartedAt(), last.asOf());
    }

    private boolean isFinal(LocalDate day) {
        return ledger.day(day).filter(it -> rule.isFinal(day, it.asOf())).isPresent();
    }

    /** Why an earlier run queried a window whose body it left. */
    public Kind kind(Window window) {
        if (window.isArrivals()) {
            return Kind.ARRIVALS;
        }
        if (window.toDate().equals(today())) {
            return Kind.TODAY;
        }
        return ledger.day(window.fromDate()).isPresent() ? Kind.REVISIT : Kind.BACKFILL;
    }

    /**
     * Whether no later generation of this window is to come. With {@code limit} it is a sample, and
     * never final; nor are arrivals, which are followed by more.
     */
    public boolean isFinal(OpenWindow window) {
        return window.window().days().allMatch(day -> isFinal(window, day));
    }

    /** The same of one day of the window. */
    public boolean isFinal(OpenWindow window, LocalDate day) {
        return settings.query().limit() == null
                && !window.window().isArrivals()
                && rule.isFinal(day, window.asOf());
    }

    private boolean isFinal(LocalDate day, DayRecord record) {
        return settings.query().limit() == null && rule.isFinal(day, record.asOf());
    }

    /**
     * What became of each day from the first up to today, in calendar order. Called on any thread.
     *
     * @param underWay windows that are on the board
     */
    public List<DayStatus> days(Collection<WindowStatus> underWay) {
        Map<LocalDate, WindowStatus> byDay = new HashMap<>();
        underWay.stream()
                .filter(it -> !it.window().isArrivals())
                .forEach(it -> it.window().days().forEach(day -> byDay.put(day, it)));
        Map<LocalDate, DayRecord> records = ledger.days();
        Set<LocalDate> parked = daysOf(ledger.parked().stream().map(ParkedWindow::window));
        return allDays()
                .map(
                        day ->
                                status(
                                        day,
                                        Optional.ofNullable(byDay.get(day)),
                                        Optional.ofNullable(records.get(day)),
                                        parked.contains(day)))
                .toList();
    }

    /**
     * How many of the days that are exported or due are exported. Called on any thread.
     *
     * @param due windows that are on the board
     */
    public Verdict.Days exported(Collection<WindowStatus> due) {
        Set<LocalDate> days = new HashSet<>(ledger.days().keySet());
        int exported = days.size();
        days.addAll(daysOf(due.stream().map(WindowStatus::window)));
        return new Verdict.Days(exported, days.size());
    }

    private DayStatus status(
            LocalDate day,
            Optional<WindowStatus> window,
            Optional<DayRecord> record,
            boolean parked) {
        WindowState otherwise = record.isPresent() ? WindowState.COMMITTED : WindowState.PLANNED;
        return new DayStatus(
                day,
                window.map(WindowStatus::state).orElse(otherwise),
                window.isEmpty() && !parked && record.filter(it -> isFinal(day, it)).isPresent(),
                window.map(WindowStatus::window)
                        .or(() -> record.map(DayRecord::window))
                        .orElse(Window.ofDay(day)),
                record.map(it -> lastCommit(day, it)).orElse(DayStatus.LastCommit.NONE));
    }

    private static DayStatus.LastCommit lastCommit(LocalDate day, DayRecord record) {
        return new DayStatus.LastCommit(
                record.generation(),
                record.events(),
                record.badLines(),
                record.events(day),
                record.events(day).map(counted -> Math.round(record.bytes(day))),
                Optional.of(record.queryStartedAt()));
    }

    private Stream<LocalDate> allDays() {
        LocalDate first =
                begun(ledger.firstDay().orElseGet(() -> settings.range().firstDay(today())));
        LocalDate last = lastDay();
        return first.isAfter(last) ? Stream.empty() : first.datesUntil(last.plusDays(1));
    }

    private LocalDate lastDay() {
        LocalDate today = today();
        LocalDate toDate = settings.range().toDate();
        return toDate != null && toDate.isBefore(today) ? toDate : today;
    }

    /** How far the first moment that was never queried is behind now. Called on any thread. */
    public Duration lag() {
        Instant now = clock.instant();
        Map<LocalDate, DayRecord> records = ledger.days();
        return allDays()
                .filter(day -> askedUntil(day, records.get(day)).isBefore(start(day.plusDays(1))))
                .findFirst()
                .map(day -> Duration.between(askedUntil(day, records.get(day)), now))
                .filter(lag -> !lag.isNegative())
                .orElse(Duration.ZERO);
    }

    private Instant askedUntil(LocalDate day, DayRecord record) {
        Instant byDay = record == null ? start(day) : record.queryStartedAt();
        // the chain begins before every export of a day that it goes on from
        return ledger.arrived()
                .filter(it -> !byDay.isBefore(it.since()) && byDay.isBefore(it.until()))
                .map(ArrivalRecord::until)
                .orElse(byDay);
    }

    private Instant start(LocalDate day) {
        return day.atStartOfDay(settings.timeZone()).toInstant();
    }

    /** Every event of a window is done: the ledger has it on return, and its notice if owed. */
    public void commit(OpenWindow done, WindowSummary summary) throws LedgerException {
        WindowSummary notice = settings.emission().windowComplete() ? summary : null;
        if (done.window().isArrivals()) {
            ledger.arrived(arrivals.covered(done), notice);
        } else {
            arrivals.exported(done.asOf());
            Stream<Long> events = summary.days().stream().map(WindowSummary.Day::events);
            ledger.committed(done.record().counted(events), notice);
        }
    }

    /**
     * Keys of earlier days are of no use: no arrival query can reach those days, and they are
     * final. A key day may be the one before the day that Mixpanel exports the event with.
     */
    public LocalDate keysNeededFrom() {
        LocalDate inReach = arrivals.keysNeededFrom(owedSince());
        LocalDate begun = begun(ledger.firstDay().orElse(inReach));
        return begun.datesUntil(Collections.max(List.of(begun, inReach.plusDays(1))))
                .filter(day -> !isFinal(day))
                .findFirst()
                .map(day -> day.minusDays(1))
                .orElse(inReach);
    }
}
