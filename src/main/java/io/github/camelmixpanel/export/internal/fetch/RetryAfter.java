package io.github.camelmixpanel.export.internal.fetch;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.utils.DateUtils;

/**
 * How long a 429 asks to wait: {@code Retry-After} in seconds or as a date, else the longest {@code
 * t=} of the {@code RateLimit} items (both observed with Mixpanel, neither documented for the
 * export API). Never negative.
 */
final class RetryAfter {

    private static final Pattern RESET = Pattern.compile(";\\s*t=(\\d{1,9})");

    private RetryAfter() {}

    static Optional<Duration> of(ExportResponse response, Instant now) {
        return of(
                response.header("Retry-After").orElse(null),
                response.header("RateLimit").orElse(null),
                response.serverTime().orElse(now));
    }

    /**
     * @param serverTime the server's clock, so that a date means the same wait on a machine whose
     *     clock is wrong
     */
    static Optional<Duration> of(String retryAfter, String rateLimit, Instant serverTime) {
        if (retryAfter != null) {
            String value = retryAfter.trim();
            if (value.matches("\\d{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
            }
            Instant date = DateUtils.parseStandardDate(value);
            if (date != null) {
                return Optional.of(Duration.between(serverTime, date)).map(RetryAfter::notNegative);
            }
        }
        if (rateLimit == null) {
            return Optional.empty();
        }
        Matcher reset = RESET.matcher(rateLimit);
        return reset.results()
                .map(item -> Duration.ofSeconds(Long.parseLong(item.group(1))))
                .max(Comparator.naturalOrder());
    }

    private static Duration notNegative(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
