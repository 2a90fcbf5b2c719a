package io.github.camelmixpanel.export.internal.fetch;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.utils.DateUtils;

/**
 * Reads from a 429 how long to wait, never a negative time: {@code Retry-After} in seconds or as a
 * date, else the longest {@code t=} of the {@code RateLimit} items (both observed with Mixpanel,
 * neither documented for the export API).
 */
final class RetryAfter {

    private static final Pattern RESET = Pattern.compile(";\\s*t=(\\d{1,9})");

    private RetryAfter() {}

    /**
     * @param retryAfter the header, or null
     * @param rateLimit the header, or null
     * @param serverTime the server's clock, so that a wrong clock of this machine does not change
     *     the wait until a date
     */
    static Optional<Duration> of(String retryAfter, String rateLimit, Instant serverTime) {
        if (retryAfter != null) {
            String value = retryAfter.trim();
            if (value.matches("\\d{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
            }
            Instant date = DateUtils.parseStandardDate(value);
            if (date != null) {
                Duration wait = Duration.between(serverTime, date);
                return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
            }
        }
        if (rateLimit == null) {
            return Optional.empty();
        }
        return RESET.matcher(rateLimit)
                .results()
                .map(item -> Duration.ofSeconds(Long.parseLong(item.group(1))))
                .max(Comparator.naturalOrder());
    }
}
