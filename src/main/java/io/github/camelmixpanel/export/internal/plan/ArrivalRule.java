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
 * What arrival queries ask for, so that together they leave out no processing time. Pure,
 * thread-safe.
 *
 * <p>They form a chain: each begins {@link #OVERLAP} before the end of what those before it have
 * brought, and the first {@link #OVERLAP} before the earliest export of a day that they follow. So
 * whatever Mixpanel processes after a day was exported is in some query of the chain. What is
 * covered ends where the query asked to end, or where it began by the server's clock if that is
 * earlier: what is processed after that moment is not in the answer, whatever the local clock says.
 * Overlaps bring events again; these are left out as duplicates.
 */
public final class ArrivalRule {

    /**
     * Events were observed to appear in the export up to 45 minutes after they were processed; more
     * than twice that.
     */
    public static final Duration OVERLAP = Duration.ofHours(2);

    private final ZoneId timeZone;
    private final int arrivalDays;
    private final Duration longest;

    /**
     * @param arrivalDays how many days before the start of its span a query looks for events
     * @param windowDays how many days of processing one query asks for at most, besides the overlap
     */
    public ArrivalRule(ZoneId timeZone, int arrivalDays, int windowDays) {
        this.timeZone = timeZone;
        this.arrivalDays = arrivalDays;
        this.longest = OVERLAP.plus(Duration.ofDays(windowDays));
    }

    /**
     * Where the next query begins.
     *
     * @param covered what was brought so far, if anything was
     * @param owedSince as of when the earliest export shows its days, of those after which arrivals
     *     are owed
     * @return empty when there is no export that it could follow
     */
    public Optional<Instant> next(Optional<Arrivals> covered, Optional<Instant> owedSince) {
        Optional<Instant> first = owedSince.map(it -> it.minus(OVERLAP));
        if (covered.isEmpty()) {
            return first;
        }
        Arrivals chain = covered.get();
        // an export from before the chain: another mode was on, or a clock was wrong
        return first.filter(it -> it.isBefore(chain.from()))
                .or(() -> Optional.of(chain.to().minus(OVERLAP)));
    }

    /**
     * The next query.
     *
     * @param from as {@link #next} says
     * @param now by the server's clock as far as it is known; nothing is lost when it is wrong
     * @param firstDay of the export, inclusive
     * @param lastDay of the export, inclusive, or null for no end
     * @return empty when no day is in reach
     */
    public Optional<Window> window(
            Instant from, Instant now, LocalDate firstDay, LocalDate lastDay) {
        LocalDate earliest = day(from).minusDays(arrivalDays);
        LocalDate first = earliest.isBefore(firstDay) ? firstDay : earliest;
        LocalDate today = day(now);
        LocalDate last = lastDay != null && lastDay.isBefore(today) ? lastDay : today;
        Instant begin = from.truncatedTo(ChronoUnit.MILLIS);
        Instant end = earlier(now, begin.plus(longest));
        // with a clock that is behind: no less than what is brought already
        Instant least = begin.plus(OVERLAP);
        Instant to = end.isBefore(least) ? least : end.truncatedTo(ChronoUnit.MILLIS);
        return first.isAfter(last)
                ? Optional.empty()
                : Optional.of(new Window(first, last, new Arrivals(begin, to)));
    }

    /**
     * What is brought when every event of a query is done.
     *
     * @param before what was brought before
     * @param asked what the query asked for
     * @param serverStartedAt when it began by the server's clock; null when that is not known, so
     *     that nothing new is certain
     */
    public static Arrivals covered(
            Optional<Arrivals> before, Arrivals asked, Instant serverStartedAt) {
        Instant end = asked.from().plus(OVERLAP);
        if (serverStartedAt != null && earlier(asked.to(), serverStartedAt).isAfter(end)) {
            end = earlier(asked.to(), serverStartedAt);
        }
        Instant until = end;
        return before.filter(it -> !until.isBefore(it.from()) && !asked.from().isAfter(it.to()))
                .map(it -> new Arrivals(earlier(it.from(), asked.from()), later(it.to(), until)))
                .orElse(new Arrivals(asked.from(), until)); // a gap between: begin anew
    }

    /**
     * The earliest key day that a query from {@code from} on can bring; one day to spare where raw
     * time and the project's zone differ, and one for a chain that goes on from here.
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
