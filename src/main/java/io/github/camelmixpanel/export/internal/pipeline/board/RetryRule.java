package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.failure.ExportException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How long a window waits after a failed download. Pure but for the jitter.
 *
 * <p>Up to {@code maxRetries} times {@code retryDelay}, doubling to 30 times that and 15 minutes at
 * most, with up to a quarter of it added or taken at random; then, or at once when the same query
 * would fail again, an hour, doubling to a day.
 */
public record RetryRule(int maxRetries, Duration retryDelay, RandomGenerator random) {

    /** The wait of a window whose retries are used up, the first time. */
    public static final Duration EXHAUSTED = Duration.ofHours(1);

    private static final Duration LONGEST_EXHAUSTED = Duration.ofHours(24);
    private static final int GROWTH = 30;
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

    /**
     * @param longWait whether the retries are used up
     * @param attempt the download that failed, from 1
     * @param attempts how many there are
     */
    public record Decision(Duration delay, boolean longWait, int attempt, int attempts) {}

    /**
     * @param failures failed downloads of this window in a row, this one included
     * @param exhausted how often its retries were used up before
     */
    public Decision after(ExportException failure, int failures, int exhausted) {
        int attempts = maxRetries + 1;
        if (!failure.retryable() || failures > maxRetries) {
            Duration delay = doubled(EXHAUSTED, exhausted, LONGEST_EXHAUSTED);
            return new Decision(delay, true, failures, attempts);
        }
        Duration delay = doubled(retryDelay, failures - 1, longest(retryDelay));
        double jitter = 0.75 + random.nextDouble() / 2;
        return new Decision(
                Duration.ofMillis((long) (delay.toMillis() * jitter)), false, failures, attempts);
    }

    /** With short delays the longest is short too: 30 s grow to 15 min, 1 s to 30 s. */
    private static Duration longest(Duration delay) {
        Duration longest = Collections.min(List.of(delay.multipliedBy(GROWTH), LONGEST_DELAY));
        return Collections.max(List.of(delay, longest));
    }

    /** The first wait, doubled so many times, or the longest. */
    public static Duration doubled(Duration first, int times, Duration longest) {
        // a larger exponent exceeds the longest wait for any delay of a millisecond up
        Duration wait = first.multipliedBy(1L << Math.min(times, 20));
        return Collections.min(List.of(wait, longest));
    }
}
