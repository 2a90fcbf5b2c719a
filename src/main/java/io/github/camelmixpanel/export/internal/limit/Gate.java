package io.github.camelmixpanel.export.internal.limit;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.limit.Pauses.Query;
import io.github.camelmixpanel.export.internal.settings.Limits;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides whether a query may start now, and if not, what it must wait for; keeps what it counts in
 * the query log too. No clock inside, not thread-safe: its owner guards it.
 */
final class Gate implements Closeable {

    private final Limits limits;
    private final SlidingLog slidingLog;
    private final Pauses pauses;
    private final QueryLog queryLog;
    private int concurrent;

    /**
     * @throws IllegalArgumentException when a limit is below 1
     */
    Gate(Limits limits, Pauses pauses, QueryLog queryLog) {
        if (limits.maxConcurrentQueries() < 1) {
            throw new IllegalArgumentException(
                    "maxConcurrentQueries must be 1 or more, not " + limits.maxConcurrentQueries());
        }
        this.limits = limits;
        this.slidingLog = new SlidingLog(limits);
        this.pauses = pauses;
        this.queryLog = queryLog;
        queryLog.startsAtOpening().forEach(slidingLog::add);
        queryLog.pausesAtOpening().forEach(pauses::restore);
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

    /**
     * Admits a query, whose start is on the device on return; it counts as of now until it is
     * {@link #sent} or {@link #returned}.
     *
     * @param start of a query that another process sends, the latest possible one
     * @throws LedgerException when the start is not on the device: the query is not admitted
     */
    void started(Instant start, Query query) throws LedgerException {
        queryLog.append(start, query.window(), query.export());
        slidingLog.admitted();
        pauses.started(start, query);
        concurrent++;
    }

    /**
     * @param start as of {@link #started}
     * @param at as of when it counts
     */
    void sent(Query query, Instant start, Instant at) {
        slidingLog.sent(at);
        if (start.plus(SlidingLog.TOLERATED).isBefore(at)) {
            queryLog.sentLater(start, at, query.window(), query.export());
        }
    }

    /**
     * The query will never be sent, so it no longer counts towards the hour; it does when the log
     * cannot record that.
     *
     * @param start as of {@link #started}
     */
    void returned(Query query, Instant start, Instant now) {
        if (queryLog.unsent(start, query.window(), query.export())) {
            slidingLog.returned(now);
        } else {
            slidingLog.sent(now);
        }
    }

    /** As {@link Pauses#rateLimited}; a restart does not end the pause. */
    Optional<Pause> rateLimited(Instant now, Optional<Duration> retryAfter) {
        Optional<Pause> pause = pauses.rateLimited(now, retryAfter);
        pause.ifPresent(queryLog::paused);
        return pause;
    }

    /** As {@link Pauses#refused}; a restart does not end the pause. */
    Optional<Pause> refused(Instant now, String credentials) {
        Optional<Pause> pause = pauses.refused(now, credentials);
        pause.ifPresent(queryLog::paused);
        return pause;
    }

    /** As {@link Pauses#forgetRefusal}. */
    void forgetRefusal(Instant now, String unlessOf) {
        pauses.forgetRefusal(now, unlessOf).ifPresent(queryLog::paused);
    }

    /** Shifts all recorded times: the clock has changed. */
    void shift(Duration by) {
        slidingLog.shift(by);
        pauses.shift(by);
        queryLog.shift(by);
    }

    /**
     * @param query the same object as in {@link #started}
     */
    void ended(Query query) {
        concurrent--;
        pauses.ended(query);
    }

    /** What is known now; later calls do not change it. */
    LimitStatus status(StepDetectingClock clock) {
        return new LimitStatus(limits, slidingLog.copy(), pauses.copy(), concurrent, clock);
    }

    @Override
    public void close() throws IOException {
        queryLog.close();
    }
}
