package io.github.camelmixpanel.export.internal.limit;

import io.github.camelmixpanel.export.internal.model.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Decides when a whole project keeps still, from how its queries ended: after 429, after refused
 * credentials, and after three different windows in a row that failed.
 *
 * <p>After a pause one query probes, and the others wait until it is known how that one ended. A
 * success while a pause for 429 or refused credentials lasts comes from a query that started before
 * it: it proves nothing and ends nothing.
 *
 * <p>No clock inside, not thread-safe: its owner guards it.
 */
final class Pauses {

    /** After 401 or 403. */
    static final Duration REFUSED = Duration.ofHours(1);

    /** Between two probes when one of the last three failures may pass with time. */
    static final Duration PROBE_INTERVAL = Duration.ofMinutes(5);

    /** Between two probes when none of them does without somebody's help. */
    static final Duration LONG_PROBE_INTERVAL = Duration.ofHours(1);

    /** First wait after a 429 without Retry-After; it doubles with each one in a row. */
    static final Duration FIRST_BACKOFF = Duration.ofMinutes(1);

    /** With the jitter on top no wait is longer than an hour. */
    static final Duration LAST_BACKOFF = Duration.ofMinutes(50);

    /** Of longer ones somebody is told, even if they come in pieces. */
    static final Duration LONG_RATE_LIMIT = Duration.ofHours(1);

    /** Up to so much is added to a wait, as a part of it. */
    static final double JITTER = 0.2;

    /**
     * What is asked for is followed up to here: a nonsense value must not stop an export for ever.
     */
    static final Duration MOST_RETRY_AFTER = Duration.ofHours(24);

    static final Duration LEAST_RETRY_AFTER = Duration.ofSeconds(1);

    private static final int FAILURES_UNTIL_PAUSE = 3;

    /** A query that was admitted. */
    record Query(String export, Window window) {}

    private final RandomGenerator random;

    /** Null until the first 429. It may be over; so may the next two. */
    private Pause rateLimited;

    /** When the first 429 of those in a row came; null without one. */
    private Instant rateLimitedSince;

    private Pause refused;

    /** The time until the next probe; null unless failures in a row stopped the project. */
    private Pause failing;

    private Duration backoff = FIRST_BACKOFF;

    /** The last different windows that failed, with no success since; true = may pass with time. */
    private final Map<Query, Boolean> failures = new LinkedHashMap<>();

    /** Whether the next query is a probe. */
    private boolean probeNext;

    /** The probe under way, or null. */
    private Query probe;

    Pauses(RandomGenerator random) {
        this.random = random;
    }

    /** The pause in force, the longest if there are several. */
    Optional<Pause> at(Instant now) {
        settle(now);
        return Stream.of(rateLimited, refused, failing)
                .filter(pause -> lasts(pause, now))
                .max(Comparator.comparing(Pause::until));
    }

    boolean isProbeUnderWay() {
        return probe != null;
    }

    boolean isRefusedAt(Instant now) {
        settle(now);
        return lasts(refused, now);
    }

    /** A query starts; the caller has seen that no pause and no probe stands in its way. */
    void started(Instant now, Query query) {
        if (failing != null) {
            probe = query;
            failing = failingFrom(now);
        } else if (probeNext) {
            probe = query;
        }
        probeNext = false;
    }

    /** The same object that {@link #started} was told is over, however it ended. */
    @SuppressWarnings("ReferenceEquality") // an equal query may be the probe of a later pause
    void ended(Query query) {
        if (probe == query) {
            probe = null;
            probeNext = true; // it ended without saying how, so that the next one must tell
        }
    }

    void succeeded(Instant now) {
        settle(now);
        failures.clear();
        failing = null;
        probe = null;
        if (!lasts(rateLimited, now) && !lasts(refused, now)) {
            backoff = FIRST_BACKOFF;
            rateLimitedSince = null;
            probeNext = false;
        }
    }

    /** Returns the new pause, or empty when the one in force covers this answer too. */
    Optional<Pause> rateLimited(Instant now, Optional<Duration> retryAfter) {
        settle(now);
        probe = null;
        probeNext = true;
        // queries of the same moment are told the same: that is one 429, not several in a row
        if (lasts(rateLimited, now) && retryAfter.isEmpty()) {
            return Optional.empty();
        }
        Duration wait = retryAfter.map(Pauses::bounded).orElseGet(this::nextBackoff);
        Pause pause = pause(now, wait, "Mixpanel answered 429 (too many queries)");
        if (lasts(rateLimited, now) && !pause.until().isAfter(rateLimited.until())) {
            return Optional.empty();
        }
        rateLimited = pause;
        rateLimitedSince = rateLimitedSince == null ? now : rateLimitedSince;
        return Optional.of(pause);
    }

    /** The 429s in a row, as one pause, while they keep the project still for over an hour. */
    Optional<Pause> longRateLimited(Instant now) {
        settle(now);
        if (rateLimitedSince == null || !lasts(rateLimited, now) && probe == null) {
            return Optional.empty();
        }
        return Optional.of(new Pause(rateLimitedSince, rateLimited.until(), rateLimited.reason()))
                .filter(it -> it.until().isAfter(it.from().plus(LONG_RATE_LIMIT)));
    }

    /** The clock was set: what was noted before goes along. */
    void clockSet(Duration by) {
        rateLimited = rateLimited == null ? null : rateLimited.moved(by);
        rateLimitedSince = rateLimitedSince == null ? null : rateLimitedSince.plus(by);
        refused = refused == null ? null : refused.moved(by);
        failing = failing == null ? null : failing.moved(by);
    }

    /** Returns the pause that this failure begins or goes on with, or empty if there is none. */
    Optional<Pause> failed(Instant now, Query query, boolean retryable) {
        failures.remove(query); // so that it is the newest
        failures.put(query, retryable);
        if (failures.size() > FAILURES_UNTIL_PAUSE) {
            failures.remove(failures.keySet().iterator().next());
        }
        boolean probed = query.equals(probe);
        if (probed) {
            probe = null;
        }
        boolean begins = failing == null && failures.size() == FAILURES_UNTIL_PAUSE;
        if (begins || (failing != null && probed)) {
            failing = failingFrom(now);
            return Optional.of(failing);
        }
        return Optional.empty();
    }

    Pause refused(Instant now) {
        probe = null;
        probeNext = true;
        refused = pause(now, REFUSED, "Mixpanel refused the credentials (401 or 403)");
        return refused;
    }

    void forgetRefusal() {
        refused = null;
    }

    private Pause failingFrom(Instant now) {
        boolean retryable = failures.containsValue(true);
        return pause(
                now,
                retryable ? PROBE_INTERVAL : LONG_PROBE_INTERVAL,
                FAILURES_UNTIL_PAUSE
                        + " different windows failed in a row; one query every "
                        + (retryable ? "5 minutes" : "hour")
                        + " tries again");
    }

    private Duration nextBackoff() {
        double jitter = 1 + JITTER * random.nextDouble();
        Duration wait = Duration.ofMillis((long) (backoff.toMillis() * jitter));
        Duration doubled = backoff.multipliedBy(2);
        backoff = doubled.compareTo(LAST_BACKOFF) < 0 ? doubled : LAST_BACKOFF;
        return wait;
    }

    private static Duration bounded(Duration retryAfter) {
        if (retryAfter.compareTo(LEAST_RETRY_AFTER) < 0) {
            return LEAST_RETRY_AFTER;
        }
        return retryAfter.compareTo(MOST_RETRY_AFTER) < 0 ? retryAfter : MOST_RETRY_AFTER;
    }

    private static Pause pause(Instant now, Duration length, String reason) {
        return new Pause(now, now.plus(length), reason);
    }

    private void settle(Instant now) {
        rateLimited = shifted(rateLimited, now);
        if (rateLimitedSince != null && now.isBefore(rateLimitedSince)) {
            rateLimitedSince = now;
        }
        refused = shifted(refused, now);
        failing = shifted(failing, now);
    }

    private static Pause shifted(Pause pause, Instant now) {
        return pause == null ? null : pause.at(now);
    }

    private static boolean lasts(Pause pause, Instant now) {
        return pause != null && pause.lastsAt(now);
    }
}
