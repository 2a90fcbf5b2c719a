package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.ledger.DayRecord;
import io.github.camelmixpanel.export.ledger.Ledger;
import io.github.camelmixpanel.export.ledger.OpenWindow;
import io.github.camelmixpanel.export.model.DayStatus;
import io.github.camelmixpanel.export.model.ExportSettings;
import io.github.camelmixpanel.export.model.LedgerException;
import io.github.camelmixpanel.export.model.Window;
import io.github.camelmixpanel.export.model.WindowState;
import io.github.camelmixpanel.export.model.WindowStatus;
import io.github.camelmixpanel.export.plan.DayRule;
import io.github.camelmixpanel.export.plan.DueWindow;
import io.github.camelmixpanel.export.plan.DueWindow.Kind;
import io.github.camelmixpanel.export.plan.Planner;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which days an export has before it: what the plan stage says of the days that the ledger has.
 * Used by the polling thread, but where it says otherwise.
 */
final class ExportCalendar {

    /** Days for which events may still come by import, and two to spare. */
    private static final int KEY_DAYS = 32;

    private final ExportSettings settings;
    private final Ledger ledger;
    private final InstantSource clock;
    private final DayRule rule;
    private final Planner planner;

    ExportCalendar(ExportSettings settings, Ledger ledger, InstantSource clock) {
        this.settings = settings;
        this.ledger = ledger;
        this.clock = clock;
        this.rule = new DayRule(settings.timeZone(), settings.late());
        this.planner = new Planner(rule, settings.windowDays(), settings.backfillOrder());
    }

    Comparator<DueWindow> order() {
        return planner.order();
    }

    /**
     * @param underWay windows that are on the board already
     */
    Planner.Plan plan(Collection<Window> underWay) throws LedgerException {
        LocalDate firstDay = firstDay();
        Set<LocalDate> taken = underWay.stream().flatMap(Window::days).collect(Collectors.toSet());
        return planner.plan(
                clock.instant(),
                begun(firstDay),
                settings.range().toDate(),
                this::exportedAt,
                day ->
                        taken.contains(day)
                                || day.isBefore(firstDay)
                                        && exportedAt(day) == null
                                        && !ledger.isAskedAgain(day));
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

    private Instant exportedAt(LocalDate day) {
        return ledger.day(day).map(DayRecord::queryStartedAt).orElse(null);
    }

    /** Why a window was asked for whose body an earlier run has left. */
    Kind kind(Window window) {
        if (window.toDate().equals(today())) {
            return Kind.TODAY;
        }
        return exportedAt(window.fromDate()) != null ? Kind.REVISIT : Kind.BACKFILL;
    }

    /**
     * Whether no later generation of this window is to come. With {@code limit} it is a sample, and
     * never final.
     */
    boolean isFinal(OpenWindow window) {
        return settings.query().limit() == null
                && window.window()
                        .days()
                        .allMatch(day -> rule.isFinal(day, window.queryStartedAt()));
    }

    private boolean isFinal(LocalDate day, DayRecord record) {
        return settings.query().limit() == null && rule.isFinal(day, record.queryStartedAt());
    }

    /**
     * What became of each day from the first up to today, in calendar order. Called on any thread.
     *
     * @param underWay windows that are on the board
     */
    List<DayStatus> days(Collection<WindowStatus> underWay) {
        Map<LocalDate, WindowStatus> byDay = new HashMap<>();
        underWay.forEach(it -> it.window().days().forEach(day -> byDay.put(day, it)));
        Map<LocalDate, DayRecord> records = ledger.days();
        return allDays()
                .map(
                        day ->
                                status(
                                        day,
                                        Optional.ofNullable(byDay.get(day)),
                                        Optional.ofNullable(records.get(day))))
                .toList();
    }

    private DayStatus status(
            LocalDate day, Optional<WindowStatus> window, Optional<DayRecord> record) {
        WindowState otherwise = record.isPresent() ? WindowState.COMMITTED : WindowState.PLANNED;
        return new DayStatus(
                day,
                window.map(WindowStatus::state).orElse(otherwise),
                window.isEmpty() && record.filter(it -> isFinal(day, it)).isPresent(),
                window.map(WindowStatus::window)
                        .or(() -> record.map(DayRecord::window))
                        .orElse(Window.ofDay(day)),
                record.map(DayRecord::generation).orElse(0),
                record.map(DayRecord::events).orElse(0L),
                record.map(DayRecord::badLines).orElse(0L),
                record.map(DayRecord::bytes).orElse(0L),
                record.map(DayRecord::queryStartedAt));
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

    /** How far the first moment that was never asked for is behind now. Called on any thread. */
    Duration lag() {
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
        return record == null ? start(day) : record.queryStartedAt();
    }

    private Instant start(LocalDate day) {
        return day.atStartOfDay(settings.timeZone()).toInstant();
    }

    /** Keys of earlier days are of no use: these days are final, and weeks old. */
    LocalDate keysNeededFrom() {
        LocalDate recent = today().minusDays(KEY_DAYS);
        LocalDate begun = begun(ledger.firstDay().orElse(recent));
        LocalDate end = recent.isAfter(begun) ? recent : begun;
        // a day that is still to be exported may be one that is exported again
        return begun.datesUntil(end)
                .filter(day -> exportedAt(day) == null || !rule.isFinal(day, exportedAt(day)))
                .findFirst()
                .orElse(recent);
    }
}
