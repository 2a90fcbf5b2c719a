package io.github.camelmixpanel.export.internal.pipeline.calendar;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.ledger.DayRecord;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.option.Reexport;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Makes days due again that were exported before: all requested days or, with a message why, none.
 * Stateless.
 */
public final class ReexportRequest {

    private ReexportRequest() {}

    /**
     * @param toDate the last day that the export exports; null for today, or when it is not known
     * @param hasKeys whether there is a file of dedupe keys of a day
     * @return the days that will be exported once more: the requested ones that were exported
     *     before; the others are due anyway, or not of this export
     * @throws IllegalArgumentException when there is none
     * @throws IllegalStateException when it is unknown what the route had before, so that a repair
     *     cannot work
     */
    public static List<LocalDate> ask(
            String export,
            Ledger ledger,
            LocalDate toDate,
            Predicate<LocalDate> hasKeys,
            Window asked,
            Reexport mode)
            throws LedgerException {
        List<LocalDate> exported =
                asked.days().filter(day -> ledger.lastCommit(day).isPresent()).toList();
        List<LocalDate> days =
                exported.stream().filter(day -> toDate == null || !day.isAfter(toDate)).toList();
        if (!exported.isEmpty() && days.isEmpty()) {
            throw new IllegalArgumentException(
                    """
                    Window %s cannot be exported again: mixpanel-export:%s exports no day after its \
                    toDate=%s any more"""
                            .formatted(asked, export, toDate));
        }
        if (days.isEmpty()) {
            throw new IllegalArgumentException(
                    """
                    Window %s cannot be exported again: mixpanel-export:%s has not exported a day of \
                    it%s"""
                            .formatted(
                                    asked,
                                    export,
                                    ledger.firstExportedDay()
                                            .map(first -> ", the first it has is " + first)
                                            .orElse("")));
        }
        if (mode == Reexport.REPAIR) {
            days.stream()
                    .filter(day -> isGone(day, ledger, hasKeys))
                    .findFirst()
                    .ifPresent(day -> reject(asked, day, deletedBefore(day, ledger)));
        }
        // one line in the ledger, so that it counts as a whole; what was not exported is due anyway
        ledger.requestReexport(new Window(days.get(0), days.get(days.size() - 1)), mode);
        return days;
    }

    /** A day without events has no keys, and misses none. */
    private static boolean isGone(LocalDate day, Ledger ledger, Predicate<LocalDate> hasKeys) {
        if (deletedBefore(day, ledger).isPresent()) {
            return true;
        }
        DayRecord last = ledger.lastCommit(day).orElseThrow();
        return last.events() > 0 && last.window().days().noneMatch(hasKeys);
    }

    /**
     * Up to which day keys were deleted, if some of this day were. They are by raw time, which is
     * UTC in some events: a day may begin in the one before.
     */
    private static Optional<LocalDate> deletedBefore(LocalDate day, Ledger ledger) {
        ZoneId timeZone = ZoneId.of(ledger.fingerprint().get("timeZone"));
        LocalDate first =
                LocalDate.ofInstant(day.atStartOfDay(timeZone).toInstant(), ZoneOffset.UTC);
        return ledger.keysFrom().filter(first::isBefore);
    }

    private static void reject(Window asked, LocalDate day, Optional<LocalDate> deletedBefore) {
        String why =
                deletedBefore
                        .map(from -> "those before " + from + " were deleted as too old")
                        .orElse("or were never kept (deduplicate=false)");
        throw new IllegalStateException(
                """
                Window %s cannot be repaired: the dedupe keys of %s are gone, %s, so that new events \
                cannot be distinguished from others. REPLAY emits all events of these days again."""
                        .formatted(asked, day, why));
    }
}
