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
 * Decides when a whole project pauses, from the results of its queries: after 429, after refused
 * credentials, and after three different windows in a row that failed.
 *
 * <p>After a pause one query probes, and the others wait for its result. A success during a pause
 * for 429 or refused credentials comes from a query that started before the pause, so it does not
 * end the pause.
 *
 * <p>No clock inside, not thread-safe: its owner guards it.
 */
final class Pauses {

    /** After 401 or 403. */
    static final Duration REFUSED = Duration.ofHours(1);

    /** Between two probes when one of the last three failures was retryable. */
    static final Duration PROBE_INTERVAL = Duration.ofMinutes(5);

    /** Between two probes when none of them was. */
    static final Duration LONG_PROBE_INTERVAL = Duration.ofHours(1);

    /** First wait after a 429 without Retry-After; each further 429 in a row doubles it. */
    static final Duration FIRST_BACKOFF = Duration.ofMinutes(1);

    /** Including jitter, no wait exceeds an hour. */
    static final Duration LAST_BACKOFF = Duration.ofMinutes(50);

    /** Longer pauses for 429, even in several parts, are reported. */
    static final Duration LONG_RATE_LIMIT = Duration.ofHours(1);

    /** The largest share of a wait that is added to it. */
    static final double JITTER = 0.2;

    /** Caps Retry-After: a nonsensical value must not stop an export for ever. */
    static final Duration MOST_RETRY_AFTER = Duration.ofHours(24);

    static final Duration LEAST_RETRY_AFTER = Duration.ofSeconds(1);

    private static final int FAILURES_UNTIL_PAUSE = 3;

    record Query(String export, Window window) {}

    private final RandomGenerator random;

    /** Null until the first 429. It may be over; so may the next two. */
    private Pause rateLimited;

    /** When the first 429 in a row arrived; null without one. */
    private Instant rateLimitedSince;

    private Pause refused;

    /** The time until the next probe; null unless failures in a row stopped the project. */
    private Pause failing;

    private Duration backoff = FIRST_BACKOFF;

    /** The last different windows that failed, with no success since; true = retryable. */
    private final Map<Query, Boolean> failures;

    /** Whether the next query is a probe. */
    private boolean probeNext;

    /** The probe under way, or null. */
    private Query probe;

    Pauses(RandomGenerator random) {
        this.random = random;
        this.failures = new LinkedHashMap<>();
    }

    private Pauses(Pauses other) {
        this.random = other.random;
        this.rateLimited = other.rateLimited;
        this.rateLimitedSince = other.rateLimitedSince;
        this.refused = other.refused;
        this.failing = other.failing;
        this.backoff = other.backoff;
        this.failures = new LinkedHashMap<>(other.failures);
        this.probeNext = other.probeNext;
        this.probe = other.probe;
    }

    Pauses copy() {
        return new Pauses(this);
    }

    /** Continues a pause after 429 or refused credentials that an earlier run began. */
    void restore(Pause pause) {
        if (pause.credentials() != null) {
            refused = pause;
        } else {
            rateLimited = pause;
            rateLimitedSince = pause.from();
        }
        probeNext = true;
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

    /** A query starts; the caller has checked that no pause and no probe prevents it. */
    void started(Instant now, Query query) {
        if (failing != null) {
            probe = query;
            failing = failingFrom(now);
        } else if (probeNext) {
            probe = query;
        }
        probeNext = false;
    }

    /**
     * A query is over, with or without a result.
     *
     * @param query the same object as in {@link #started}
     */
    @SuppressWarnings("ReferenceEquality") // an equal query may be the probe of a later pause
    void ended(Query query) {
        if (probe == query) {
            probe = null;
            probeNext = true; // it ended without a result, so the next one probes
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
        // concurrent queries get the same response: that is one 429, not several in a row
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

    /**
     * The pause after refused credentials, or the 429s in a row, as one pause, when they pause the
     * project for over an hour.
     */
    Optional<Pause> longPause(Instant now) {
        settle(now);
        if (lasts(refused, now)) {
            return Optional.of(refused);
        }
        if (rateLimitedSince == null || !lasts(rateLimited, now) && probe == null) {
            return Optional.empty();
        }
        return Optional.of(
                        new Pause(
                                rateLimitedSince, rateLimited.until(), rateLimited.reason(), null))
                .filter(it -> it.until().isAfter(it.from().plus(LONG_RATE_LIMIT)));
    }

    void shift(Duration by) {
        rateLimited = rateLimited == null ? null : rateLimited.shifted(by);
        rateLimitedSince = rateLimitedSince == null ? null : rateLimitedSince.plus(by);
        refused = refused == null ? null : refused.shifted(by);
        failing = failing == null ? null : failing.shifted(by);
    }

    /** Returns the pause that this failure begins or prolongs, or empty if there is none. */
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

    /**
     * @param credentials their fingerprint
     * @return the new pause, or empty when the one in force covers this answer too
     */
    Optional<Pause> refused(Instant now, String credentials) {
        probe = null;
        probeNext = true;
        if (isRefusedAt(now) && refused.credentials().equals(credentials)) {
            return Optional.empty();
        }
        refused =
                new Pause(
                        now,
                        now.plus(REFUSED),
                        "Mixpanel refused the credentials (401 or 403)",
                        credentials);
        return Optional.of(refused);
    }

    /**
     * @param unlessOf keeps the refusal of these; null for none
     * @return the pause that ended, with an end of now
     */
    Optional<Pause> forgetRefusal(Instant now, String unlessOf) {
        if (!isRefusedAt(now) || refused.credentials().equals(unlessOf)) {
            return Optional.empty();
        }
        Pause ended = new Pause(now, now, refused.reason(), refused.credentials());
        refused = null;
        return Optional.of(ended);
    }

    private Pause failingFrom(Instant now) {
        boolean retryable = failures.containsValue(true);
        return pause(
                now,
                retryable ? PROBE_INTERVAL : LONG_PROBE_INTERVAL,
                "%d different windows failed in a row; one query every %s tries again"
                        .formatted(FAILURES_UNTIL_PAUSE, retryable ? "5 minutes" : "hour"));
    }

    private Duration nextBackoff() {
        double jitter = 1 + JITTER * random.nextDouble();
        Duration wait = Duration.ofMillis((long) (backoff.toMillis() * jitter));
        Duration doubled = backoff.multipliedBy(2);
        backoff = doubled.compareTo(LAST_BACKOFF) < 0 ? doubled : LAST_BACKOFF;
        return wait;
    }

    private static Duration bounded(Duration retryAfter) {
        Duration atLeast =
                retryAfter.compareTo(LEAST_RETRY_AFTER) < 0 ? LEAST_RETRY_AFTER : retryAfter;
        return atLeast.compareTo(MOST_RETRY_AFTER) < 0 ? atLeast : MOST_RETRY_AFTER;
    }

    private static Pause pause(Instant now, Duration length, String reason) {
        return new Pause(now, now.plus(length), reason, null);
    }

    private void settle(Instant now) {
        rateLimited = settled(rateLimited, now);
        if (rateLimitedSince != null && now.isBefore(rateLimitedSince)) {
            rateLimitedSince = now;
        }
        refused = settled(refused, now);
        failing = settled(failing, now);
    }

    private static Pause settled(Pause pause, Instant now) {
        return pause == null ? null : pause.at(now);
    }

    private static boolean lasts(Pause pause, Instant now) {
        return pause != null && pause.lastsAt(now);
    }
}
