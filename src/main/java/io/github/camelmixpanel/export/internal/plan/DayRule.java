package io.github.camelmixpanel.export.internal.plan;

import io.github.camelmixpanel.export.internal.settings.LateEventSettings;
import io.github.camelmixpanel.export.option.LateEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Decides when a calendar day is due, only from the day and the start of its last export. Pure,
 * thread-safe.
 *
 * <p>A day is a calendar day of the project's time zone and ends where the next one begins, so it
 * may last 23 or 25 hours.
 */
public record DayRule(ZoneId timeZone, LateEventSettings late) {

    /**
     * How long after its end a day is exported: the export is eventually consistent, and events may
     * appear up to 45 minutes late (observed).
     */
    static final Duration SETTLING = Duration.ofHours(1);

    /** The project's calendar day at {@code now}. */
    public LocalDate today(Instant now) {
        return now.atZone(timeZone).toLocalDate();
    }

    /**
     * Whether an export that shows this day as of {@code asOf} is the last one: no event can arrive
     * late any more.
     */
    public boolean isFinal(LocalDate day, Instant asOf) {
        return !asOf.isBefore(finalFrom(day));
    }

    /** Whether this day begins at this instant or later. */
    public boolean beginsFrom(LocalDate day, Instant instant) {
        return !start(day).isBefore(instant);
    }

    /**
     * From when on this day is due.
     *
     * @param last its last export, or null if there was none
     * @param byArrival whether arrival queries bring its events from the first one on, so that it
     *     needs no export of its own before the last one
     * @return empty when it is never due again
     */
    Optional<Instant> dueFrom(LocalDate day, LastExport last, boolean byArrival) {
        Instant finalFrom = finalFrom(day);
        if (last == null) {
            boolean once = byArrival || late.mode() == LateEvents.NONE;
            return Optional.of(once ? finalFrom : start(day));
        }
        if (isFinal(day, last.asOf())) {
            return Optional.empty();
        }
        if (!last.startedAt().isBefore(finalFrom)) {
            // too early by the server's clock: a local clock that is ahead must not repeat it at
            // once
            return Optional.of(last.startedAt().plus(late.revisitInterval()));
        }
        Instant next =
                late.mode() == LateEvents.LOOKBACK ? nextExport(day, last.startedAt()) : finalFrom;
        return Optional.of(next.isBefore(finalFrom) ? next : finalFrom);
    }

    /** The rest of a day follows an hour after its end, not a whole revisit interval later. */
    private Instant nextExport(LocalDate day, Instant exportedAt) {
        if (!exportedAt.isBefore(settled(day))) {
            return exportedAt.plus(late.revisitInterval());
        }
        Instant today = exportedAt.plus(late.todayInterval());
        return today.isBefore(end(day)) ? today : settled(day);
    }

    private Instant start(LocalDate day) {
        return day.atStartOfDay(timeZone).toInstant();
    }

    private Instant end(LocalDate day) {
        return start(day.plusDays(1));
    }

    private Instant settled(LocalDate day) {
        return end(day).plus(SETTLING);
    }

    private Instant finalFrom(LocalDate day) {
        return late.mode() == LateEvents.NONE
                ? settled(day)
                : end(day).plus(Duration.ofDays(late.lookbackDays())).plus(SETTLING);
    }
}
