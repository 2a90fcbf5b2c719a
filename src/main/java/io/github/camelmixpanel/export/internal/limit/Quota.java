package io.github.camelmixpanel.export.internal.limit;

import io.github.camelmixpanel.export.internal.model.QuotaStatus;
import io.github.camelmixpanel.export.internal.settings.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What counts towards the limits of a project, and what pauses it: decides whether a query may
 * start now, and if not, what it must wait for. No clock inside, not thread-safe: its owner guards
 * it.
 */
final class Quota {

    final SlidingLog starts;
    final Pauses pauses;
    private final Limits limits;
    private int concurrent;

    /**
     * @throws IllegalArgumentException when a limit is below 1
     */
    Quota(Limits limits, RandomGenerator random) {
        if (limits.maxConcurrentQueries() < 1) {
            throw new IllegalArgumentException(
                    "maxConcurrentQueries must be 1 or more, not " + limits.maxConcurrentQueries());
        }
        this.limits = limits;
        this.starts = new SlidingLog(limits);
        this.pauses = new Pauses(random);
    }

    private Quota(Quota other) {
        this.limits = other.limits;
        this.starts = other.starts.copy();
        this.pauses = other.pauses.copy();
        this.concurrent = other.concurrent;
    }

    /** What is known now; later changes do not change it. */
    Quota copy() {
        return new Quota(this);
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
        Instant earliest = starts.earliestStart(now, reserved);
        if (!earliest.isAfter(now)) {
            return Optional.empty();
        }
        int used = starts.startedInLastHour(now);
        if (used < Math.max(1, limits.queriesPerHour() - reserved)) {
            String reason = limits.queriesPerSecond() + " queries in the last second";
            return Optional.of(new Wait(earliest, reason));
        }
        String reason =
                "%d of %d queries used in the last hour".formatted(used, limits.queriesPerHour());
        String others = reserved > 0 ? ", " + reserved + " are reserved for today's events" : "";
        return Optional.of(new Wait(earliest, reason + others));
    }

    /** A query is admitted. */
    void started(Instant start, Pauses.Query query) {
        starts.admitted();
        pauses.started(start, query);
        concurrent++;
    }

    /**
     * @param query the same object as in {@link #started}
     */
    void ended(Pauses.Query query) {
        concurrent--;
        pauses.ended(query);
    }

    /** When the {@code nth} query from now can start at the earliest; 1 for the next one. */
    Instant startOf(int nth, Instant now) {
        Instant byQuota = starts.startOf(nth, now);
        Instant next = nextStart(now);
        return next.isAfter(byQuota) ? next : byQuota;
    }

    QuotaStatus status(Instant now) {
        return new QuotaStatus(
                limits.queriesPerHour(),
                starts.startedInLastHour(now),
                concurrent,
                nextStart(now),
                starts.nextFreed(now),
                pauses.at(now).map(Pause::reason));
    }

    /** When the next query can start, as far as that does not depend on the end of another one. */
    private Instant nextStart(Instant now) {
        Instant byQuota = starts.earliestStart(now, 0);
        return pauses.at(now)
                .map(Pause::until)
                .filter(until -> until.isAfter(byQuota))
                .orElse(byQuota);
    }

    /** Shifts all recorded times: the clock has changed. */
    void shift(Duration by) {
        starts.shift(by);
        pauses.shift(by);
    }
}
