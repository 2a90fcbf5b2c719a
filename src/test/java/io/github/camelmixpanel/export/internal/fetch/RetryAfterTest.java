package io.github.camelmixpanel.export.internal.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "3600 | - | 3600",
                "' 7 ' | - | 7",
                "0 | - | 0",
                "Thu, 15 Oct 2026 12:00:30 GMT | - | 30",
                "Thu, 15 Oct 2026 11:00:00 GMT | - | 0",
                "3600 | \"project\";r=0;t=10 | 3600",
                "- | \"project\";r=0;t=3600, \"project-concurrency\";r=3 | 3600",
                "- | \"project\";r=0;t=12, \"project-concurrency\";r=0;t=40 | 40",
                "soon | \"project\";r=0;t=12 | 12",
                "-5 | - | -",
                "99999999999 | - | -",
                "soon | - | -",
                "- | \"project\";r=0 | -",
                "- | - | -",
            })
    void saysHowLongToWait(String retryAfter, String rateLimit, Long seconds) {
        Instant serverTime = Instant.parse("2026-10-15T12:00:00Z");

        assertThat(
                        RetryAfter.of(retryAfter, rateLimit, serverTime)
                                .map(d -> d.toSeconds())
                                .orElse(null))
                .isEqualTo(seconds);
    }
}
