package io.github.camelmixpanel.export.internal.pipeline.calendar;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.ledger.ArrivalRecord;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.model.Arrivals;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.plan.ArrivalRule;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import io.github.camelmixpanel.export.internal.plan.Planner.Plan;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.option.LateEvents;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Decides when an export queries what has arrived, and for which time: once at the start of a poll,
 * again every {@code todayInterval} while it lasts, and once more at once when a query could not
 * reach up to now. Used by the polling thread, except {@link #dayNotBegun} and {@link #covered}.
 */
public final class ArrivalCalendar {

    private static final Plan NOTHING = new Plan(List.of(), Optional.empty());

    private final ExportSettings settings;
    private final Ledger ledger;
    private final InstantSource clock;
    private final ServerClock serverClock;
    private final ArrivalRule rule;

    /** Whether a query is due whenever the last one was planned. */
    private volatile boolean atOnce;

    /** When the last one was planned, or could have been. */
    private Instant plannedAt = Instant.EPOCH;

    /** A day that has not begun at Mixpanel, and when to try it again; null for none. */
    private volatile Ahead ahead;

    private record Ahead(LocalDate day, Instant until) {}

    public ArrivalCalendar(
            ExportSettings settings, Ledger ledger, InstantSource clock, ServerClock serverClock) {
        this.settings = settings;
        this.ledger = ledger;
        this.clock = clock;
        this.serverClock = serverClock;
        this.rule =
                new ArrivalRule(
                        settings.timeZone(), settings.late().arrivalDays(), settings.windowDays());
    }

    void pollBegins() {
        atOnce = true;
    }

    /** Whether {@link #plan} would give a query now, were none under way. */
    boolean isBehind() {
        return settings.late().mode() == LateEvents.ARRIVAL && atOnce;
    }

    /** Mixpanel's today is an earlier day: that one is left out for a while. */
    public void dayNotBegun(LocalDate day) {
        ahead = new Ahead(day, clock.instant().plus(settings.late().todayInterval()));
    }

    private Optional<Arrivals> covered() {
        return ledger.arrived().map(it -> new Arrivals(it.since(), it.until()));
    }

    /**
     * From when on whatever Mixpanel processes comes by arrival queries, those still to be sent
     * included; empty when there are none.
     *
     * @param owedSince as in {@link ArrivalRule#next}
     */
    Optional<Instant> since(Optional<Instant> owedSince) {
        if (settings.late().mode() != LateEvents.ARRIVAL) {
            return Optional.empty();
        }
        Optional<Instant> next = rule.next(covered(), owedSince);
        return covered()
                .map(Arrivals::from)
                .filter(from -> next.filter(it -> it.isBefore(from)).isEmpty())
                .or(() -> next);
    }

    /**
     * The query that is due now, if one is, or when the next one will be.
     *
     * @param underWay whether one is on the board already
     */
    Plan plan(Optional<Instant> owedSince, LocalDate firstDay, boolean underWay) {
        if (settings.late().mode() != LateEvents.ARRIVAL || underWay) {
            return NOTHING;
        }
        Optional<Instant> from = rule.next(covered(), owedSince);
        Instant now = clock.instant();
        Instant due = plannedAt.plus(settings.late().todayInterval());
        if (from.isEmpty()) {
            if (atOnce) {
                plannedAt = now; // days that this poll exports leave nothing to query as yet
                atOnce = false;
            }
            return NOTHING;
        }
        if (!atOnce && due.isAfter(now)) {
            return new Plan(List.of(), Optional.of(due));
        }
        Instant serverNow = serverClock.now();
        Optional<Window> window = rule.window(from.get(), serverNow, firstDay, lastDay(now));
        plannedAt = now;
        atOnce = window.filter(it -> it.arrivals().to().isBefore(serverNow)).isPresent();
        return window.map(it -> new DueWindow(it, DueWindow.Kind.ARRIVALS))
                .map(it -> new Plan(List.of(it), Optional.empty()))
                .orElse(NOTHING);
    }

    private LocalDate lastDay(Instant now) {
        LocalDate lastDay = settings.range().toDate();
        Ahead known = ahead;
        if (known == null || !now.isBefore(known.until())) {
            return lastDay;
        }
        LocalDate before = known.day().minusDays(1);
        return lastDay != null && lastDay.isBefore(before) ? lastDay : before;
    }

    /**
     * Every event of an export of days is done, and is about to be noted: what is processed for
     * them later is to come by arrival, also when a crash comes before the first arrival query, and
     * when these days have had their last export.
     *
     * @param asOf what happened at Mixpanel later is not in it
     */
    void exported(Instant asOf) throws LedgerException {
        if (settings.late().mode() == LateEvents.ARRIVAL) {
            ledger.arrivalsFrom(asOf);
        }
    }

    /** What is covered when every event of this query is done, by the earlier of both clocks. */
    ArrivalRecord covered(OpenWindow done) {
        Instant startedAt = done.serverStartedAt() == null ? null : done.asOf();
        Arrivals queried = done.window().arrivals();
        if (startedAt == null || startedAt.isBefore(queried.to())) {
            atOnce = false; // the chain stays where it is: a query at once would bring the same
        }
        Arrivals covered = ArrivalRule.covered(covered(), queried, startedAt);
        return new ArrivalRecord(done.generation(), covered.from(), covered.to());
    }

    /**
     * The earliest key day that an arrival query can bring, now or when the mode is switched to
     * ARRIVAL later.
     */
    LocalDate keysNeededFrom(Optional<Instant> owedSince) {
        return rule.keysNeededFrom(rule.next(covered(), owedSince).orElse(clock.instant()));
    }
}
