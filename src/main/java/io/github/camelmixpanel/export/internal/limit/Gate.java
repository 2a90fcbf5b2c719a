package io.github.camelmixpanel.export.internal.limit;

import io.github.camelmixpanel.export.internal.limit.Pauses.Query;
import io.github.camelmixpanel.export.internal.limit.WaitReport.Wait;
import io.github.camelmixpanel.export.internal.model.QuotaStatus;
import io.github.camelmixpanel.export.internal.settings.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * Knows whether a query may start now, and if not, what it must wait for.
 *
 * <p>No clock inside, not thread-safe: its owner guards it.
 */
final class Gate {

    private final Limits limits;
    private final SlidingLog slidingLog;
    private final Pauses pauses;
    private int underWay;

    /**
     * @throws IllegalArgumentException when a limit is below 1
     */
    Gate(Limits limits, Pauses pauses) {
        if (limits.maxConcurrentQueries() < 1) {
            throw new IllegalArgumentException(
                    "maxConcurrentQueries must be 1 or more, not " + limits.maxConcurrentQueries());
        }
        this.limits = limits;
        this.slidingLog = new SlidingLog(limits);
        this.pauses = pauses;
    }

    /** Takes note of starts of an earlier run, oldest first. */
    void addEarlier(Collection<Instant> starts) {
        starts.forEach(slidingLog::add);
    }

    /**
     * What the next query must wait for; empty when it may start now.
     *
     * @param kept so many of the hour's queries are left for others
     */
    Optional<Wait> waitAt(Instant now, int kept) {
        Optional<Pause> pause = pauses.at(now);
        if (pause.isPresent()) {
            return pause.map(it -> new Wait(it.until(), it.reason()));
        }
        if (pauses.isProbeUnderWay()) {
            return Optional.of(new Wait(null, "after a pause, one query tries alone"));
        }
        if (underWay >= limits.maxConcurrentQueries()) {
            String most = " of " + limits.maxConcurrentQueries() + " queries under way";
            return Optional.of(new Wait(null, underWay + most));
        }
        Instant earliest = slidingLog.earliestStart(now, kept);
        if (!earliest.isAfter(now)) {
            return Optional.empty();
        }
        int used = slidingLog.startedInLastHour(now);
        boolean hourly = used >= Math.max(1, limits.queriesPerHour() - kept);
        String keeps = kept > 0 ? ", " + kept + " are kept for today's events" : "";
        return Optional.of(
                new Wait(
                        earliest,
                        hourly
                                ? used
                                        + " of "
                                        + limits.queriesPerHour()
                                        + " queries used in the last hour"
                                        + keeps
                                : limits.queriesPerSecond() + " queries in the last second"));
    }

    /** It counts as now until it was {@link #sent} or {@link #givenBack}. */
    void started(Instant now, Query query) {
        slidingLog.admitted();
        pauses.started(now, query);
        underWay++;
    }

    /**
     * As {@link #started}, for a query that somebody else sends, at {@code startBy} at the latest.
     */
    void givenAway(Instant now, Instant startBy, Query query) {
        slidingLog.add(startBy);
        pauses.started(now, query);
        underWay++;
    }

    void sent(Instant now) {
        slidingLog.sent(now);
    }

    /** A start that counts no longer towards the hour: its query will never be sent. */
    void givenBack(Instant now) {
        slidingLog.givenBack(now);
    }

    /** The clock was set: what was noted before goes along. */
    void clockSet(Duration by) {
        slidingLog.clockSet(by);
        pauses.clockSet(by);
    }

    /** The same object that {@link #started} was told is over, however it ended. */
    void ended(Query query) {
        underWay--;
        pauses.ended(query);
    }

    /** When the next query can start, as far as that does not hang on the end of another one. */
    private Instant nextStart(Instant now) {
        Instant byQuota = slidingLog.earliestStart(now, 0);
        return pauses.at(now)
                .map(Pause::until)
                .filter(until -> until.isAfter(byQuota))
                .orElse(byQuota);
    }

    int freeThisHour(Instant now) {
        return limits.queriesPerHour() - slidingLog.startedInLastHour(now);
    }

    /** When the {@code nth} query from now can start at the earliest; 1 for the next one. */
    Instant startOf(int nth, Instant now) {
        Instant byQuota = slidingLog.startOf(nth, now);
        Instant next = nextStart(now);
        return next.isAfter(byQuota) ? next : byQuota;
    }

    QuotaStatus quota(Instant now) {
        return new QuotaStatus(
                limits.queriesPerHour(),
                slidingLog.startedInLastHour(now),
                underWay,
                nextStart(now),
                slidingLog.nextFreed(now),
                pauses.at(now).map(Pause::reason));
    }
}
