package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.internal.model.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The last commit of a day, and of the others that were committed together with it.
 *
 * @param generation 1 for the first export of the day
 * @param queryStartedAt when its query was admitted, by the clock of this machine
 * @param serverStartedAt the same by the server's {@code Date}, or null when it sent none; never
 *     later than it was
 * @param window the days that were committed together
 * @param events events in the download, those that earlier generations emitted included
 * @param badLines lines in the download that are neither blank nor events
 * @param bytes length of the download as received
 * @param eventsByDay of each day of the window in calendar order; empty for a window of one day,
 *     and where earlier versions have not counted them
 */
public record DayRecord(
        int generation,
        Instant queryStartedAt,
        Instant serverStartedAt,
        Window window,
        long events,
        long badLines,
        long bytes,
        List<Long> eventsByDay) {

    /**
     * Two clocks that differ by no more count as equal: {@code Date} has whole seconds, and may be
     * from the start or from the end of the server's answer. A day is exported an hour after its
     * last event can come, and 45 minutes is the longest delay observed, which leaves a quarter of
     * an hour.
     */
    private static final Duration AGREED = Duration.ofMinutes(15);

    public DayRecord {
        eventsByDay = List.copyOf(eventsByDay);
    }

    /** The same with the events of its days, as far as it needs them and they are known. */
    public DayRecord counted(Stream<Long> events) {
        return window.length() == 1
                ? this
                : new DayRecord(
                        generation,
                        queryStartedAt,
                        serverStartedAt,
                        window,
                        this.events,
                        badLines,
                        bytes,
                        events.toList());
    }

    /** Events of one of the days; empty where only those of the window are known. */
    public Optional<Long> events(LocalDate day) {
        if (window.length() == 1) {
            return Optional.of(events);
        }
        int index = (int) ChronoUnit.DAYS.between(window.fromDate(), day);
        return eventsByDay.isEmpty() ? Optional.empty() : Optional.of(eventsByDay.get(index));
    }

    /** The part of its download that is one of the days': in proportion to their events. */
    public double bytes(LocalDate day) {
        return events == 0
                ? (double) bytes / window.length()
                : events(day)
                        .map(it -> (double) bytes * it / events)
                        .orElse((double) bytes / window.length());
    }

    /** The export contains nothing that happened at Mixpanel later. */
    public Instant asOf() {
        return asOf(queryStartedAt, serverStartedAt);
    }

    /** The earlier of the two: a wrong clock must not make a day look complete. */
    static Instant asOf(Instant queryStartedAt, Instant serverStartedAt) {
        return serverStartedAt != null && serverStartedAt.isBefore(queryStartedAt.minus(AGREED))
                ? serverStartedAt
                : queryStartedAt;
    }
}
