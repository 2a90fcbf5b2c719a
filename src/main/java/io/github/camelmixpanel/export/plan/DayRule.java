package io.github.camelmixpanel.export.plan;

import io.github.camelmixpanel.export.model.LateEventSettings;
import io.github.camelmixpanel.export.model.LateEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/**
 * When a calendar day is to be asked for, from nothing but the day and the start of its last
 * export. Pure, thread-safe.
 *
 * <p>A day is a calendar day of the project's time zone and ends where the next one begins, so it
 * may last 23 or 25 hours.
 */
public final class DayRule {

    /**
     * How long after its end a day is asked for: the export is eventually consistent, and events
     * were observed to appear up to 45 minutes late.
     */
    static final Duration SETTLING = Duration.ofHours(1);

    private final ZoneId timeZone;
    private final LateEventSettings late;

    public DayRule(ZoneId timeZone, LateEventSettings late) {
        this.timeZone = timeZone;
        this.late = late;
    }

    /** The project's calendar day at {@code now}. */
    public LocalDate today(Instant now) {
        return now.atZone(timeZone).toLocalDate();
    }

    /**
     * Whether an export of this day that was asked for at {@code queryStartedAt} needs no other
     * after it: it began when nothing could come late any more.
     */
    public boolean isFinal(LocalDate day, Instant queryStartedAt) {
        return late.mode() == LateEvents.NONE || !queryStartedAt.isBefore(finalFrom(day));
    }

    /**
     * From when on this day is due.
     *
     * @param exportedAt when its last export was asked for, or null if there was none
     * @return empty when it is never due again
     */
    Optional<Instant> dueFrom(LocalDate day, Instant exportedAt) {
        if (exportedAt == null) {
            return Optional.of(late.mode() == LateEvents.NONE ? settled(day) : start(day));
        }
        if (isFinal(day, exportedAt)) {
            return Optional.empty();
        }
        Instant next = nextExport(day, exportedAt);
        Instant last = finalFrom(day);
        return Optional.of(next.isBefore(last) ? next : last);
    }

    /** The rest of a day comes an hour after its end, not a whole revisit interval later. */
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
        return end(day).plus(Duration.ofDays(late.lookbackDays())).plus(SETTLING);
    }
}
