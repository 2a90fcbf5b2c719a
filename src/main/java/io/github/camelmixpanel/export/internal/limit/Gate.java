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
 * Decides whether a query may start now, and if not, what it must wait for. No clock inside, not
 * thread-safe: its owner guards it.
 */
final class Gate {

    private final Limits limits;
    private final SlidingLog slidingLog;
    private final Pauses pauses;
    private int concurrent;

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

    /** Adds starts of an earlier run, oldest first. */
    void addEarlier(Collection<Instant> starts) {
        starts.forEach(slidingLog::add);
    }

    /**
     * What the next query must wait for; empty when it may start now.
     *
     * @param reserved how many of the hour's queries to leave for others
     */
    Optional<Wait> waitAt(Instant now, int reserved) {
        Optional<Pause> pause = pauses.at(now);
        if (pause.isPresent()) {
            return pause.map(it -> new Wait(it.until(), it.reason()));
        }
        if (pauses.isProbeUnderWay()) {
            return Optional.of(new Wait(null, "after a pause, one query tries alone"));
        }
        if (concurrent >= limits.maxConcurrentQueries()) {
            String reason =
                    "%d of %d queries under way"
                            .formatted(concurrent, limits.maxConcurrentQueries());
            return Optional.of(new Wait(null, reason));
        }
        Instant earliest = slidingLog.earliestStart(now, reserved);
        if (!earliest.isAfter(now)) {
            return Optional.empty();
        }
        int used = slidingLog.startedInLastHour(now);
        if (used < Math.max(1, limits.queriesPerHour() - reserved)) {
            String reason = limits.queriesPerSecond() + " queries in the last second";
            return Optional.of(new Wait(earliest, reason));
        }
        String reason =
                "%d of %d queries used in the last hour".formatted(used, limits.queriesPerHour());
        String others = reserved > 0 ? ", " + reserved + " are reserved for today's events" : "";
        return Optional.of(new Wait(earliest, reason + others));
    }

    /** A query was admitted; it counts as of now until it is {@link #sent} or {@link #returned}. */
    void started(Instant now, Query query) {
        slidingLog.admitted();
        pauses.started(now, query);
        concurrent++;
    }

    /**
     * As {@link #started}, for a query that another process sends, no later than {@code startBy}.
     */
    void delegated(Instant now, Instant startBy, Query query) {
        slidingLog.add(startBy);
        pauses.started(now, query);
        concurrent++;
    }

    void sent(Instant now) {
        slidingLog.sent(now);
    }

    /** The query will never be sent, so it no longer counts towards the hour. */
    void returned(Instant now) {
        slidingLog.returned(now);
    }

    /** Shifts all recorded times: the clock has changed. */
    void shift(Duration by) {
        slidingLog.shift(by);
        pauses.shift(by);
    }

    /**
     * @param query the same object as in {@link #started}
     */
    void ended(Query query) {
        concurrent--;
        pauses.ended(query);
    }

    /** When the next query can start, as far as that does not depend on the end of another one. */
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
                concurrent,
                nextStart(now),
                slidingLog.nextFreed(now),
                pauses.at(now).map(Pause::reason));
    }
}
