package io.github.camelmixpanel.export.internal.plan;

import io.github.camelmixpanel.export.internal.model.Arrivals;
import io.github.camelmixpanel.export.internal.model.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Chooses the spans of arrival queries so that together they omit no processing time. Pure,
 * thread-safe.
 *
 * <p>The queries form a chain: each begins {@link #OVERLAP} before the end of the time covered so
 * far, the first one {@link #OVERLAP} before the earliest export of a day that it follows. So some
 * query of the chain includes everything that Mixpanel processes after the export of a day. A query
 * covers the time up to the end of its span, or up to its start by the earlier of the server's and
 * the local clock: the response does not include events processed later, whichever clock is wrong.
 * Overlaps bring events again; the export removes them as duplicates.
 *
 * @param arrivalDays how many days before the start of its span a query includes
 * @param windowDays most days of processing time per query, besides the overlap
 */
public record ArrivalRule(ZoneId timeZone, int arrivalDays, int windowDays) {

    /**
     * More than twice the 45 minutes within which processed events appear in the export (observed).
     */
    static final Duration OVERLAP = Duration.ofHours(2);

    /**
     * Where the next query begins.
     *
     * @param covered the processing time covered so far, if any
     * @param owedSince the earliest time as of which an export shows days whose arrivals are due
     * @return empty when there is no export to follow
     */
    public Optional<Instant> next(Optional<Arrivals> covered, Optional<Instant> owedSince) {
        Optional<Instant> first = owedSince.map(it -> it.minus(OVERLAP));
        if (covered.isEmpty()) {
            return first;
        }
        Arrivals chain = covered.get();
        // an export before the chain: lateEvents was different, or a clock was wrong
        return first.filter(it -> it.isBefore(chain.from()))
                .or(() -> Optional.of(chain.to().minus(OVERLAP)));
    }

    /**
     * The next query.
     *
     * @param from as returned by {@link #next}
     * @param now by the server's clock if known; a wrong time loses nothing
     * @param firstDay of the export, inclusive
     * @param lastDay of the export, inclusive, or null for no end
     * @return empty when the span includes no day of the export
     */
    public Optional<Window> window(
            Instant from, Instant now, LocalDate firstDay, LocalDate lastDay) {
        LocalDate earliest = day(from).minusDays(arrivalDays);
        LocalDate first = earliest.isBefore(firstDay) ? firstDay : earliest;
        LocalDate today = day(now);
        LocalDate last = lastDay != null && lastDay.isBefore(today) ? lastDay : today;
        Instant begin = from.truncatedTo(ChronoUnit.MILLIS);
        // with a clock that is behind: no less than is covered already
        Instant least = begin.plus(OVERLAP);
        Instant end = earlier(now, least.plus(Duration.ofDays(windowDays)));
        Instant to = end.isBefore(least) ? least : end.truncatedTo(ChronoUnit.MILLIS);
        return first.isAfter(last)
                ? Optional.empty()
                : Optional.of(new Window(first, last, new Arrivals(begin, to)));
    }

    /**
     * The processing time covered when every event of a query is done.
     *
     * @param before the time covered before
     * @param queried the span of the query
     * @param startedAt when it began by the earlier clock; null if the server's is unknown, so that
     *     nothing new is certain
     */
    public static Arrivals covered(Optional<Arrivals> before, Arrivals queried, Instant startedAt) {
        Instant end = queried.from().plus(OVERLAP);
        if (startedAt != null && earlier(queried.to(), startedAt).isAfter(end)) {
            end = earlier(queried.to(), startedAt);
        }
        Instant until = end;
        return before.filter(it -> !until.isBefore(it.from()) && !queried.from().isAfter(it.to()))
                .map(it -> new Arrivals(earlier(it.from(), queried.from()), later(it.to(), until)))
                .orElse(new Arrivals(queried.from(), until)); // a gap: start over
    }

    /**
     * The earliest key day that a query from {@code from} on can bring; includes a spare day for
     * the difference between raw time and the project's zone, and one for the next query of the
     * chain.
     */
    public LocalDate keysNeededFrom(Instant from) {
        return day(from).minusDays(arrivalDays + 2L);
    }

    private LocalDate day(Instant instant) {
        return instant.atZone(timeZone).toLocalDate();
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isBefore(b) ? b : a;
    }
}
