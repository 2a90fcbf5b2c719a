package io.github.camelmixpanel.export.internal.pipeline.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.InvalidExportRequestException;
import io.github.camelmixpanel.export.failure.TransientExportException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryRuleTest {

    private static final ExportException BROKEN = new TransientExportException("broken");

    @Test
    void doublesTheDelayToFifteenMinutes() {
        List<Duration> waits =
                IntStream.rangeClosed(1, 8)
                        .mapToObj(n -> rule(20, 0.5).after(BROKEN, n, 0).delay())
                        .toList();

        assertThat(waits)
                .extracting(Duration::toSeconds)
                .containsExactly(30L, 60L, 120L, 240L, 480L, 900L, 900L, 900L);
    }

    @Test
    void addsOrTakesUpToAQuarter() {
        assertThat(rule(5, 0).after(BROKEN, 1, 0).delay()).isEqualTo(Duration.ofMillis(22_500));
        assertThat(rule(5, 0.999_999).after(BROKEN, 1, 0).delay())
                .isBetween(Duration.ofMillis(37_499), Duration.ofMillis(37_500));
    }

    @Test
    void waitsHoursWhenTheRetriesAreUsedUp() {
        assertThat(rule(5, 0.5).after(BROKEN, 5, 0).longWait()).isFalse();
        assertThat(rule(5, 0.5).after(BROKEN, 6, 0).longWait()).isTrue();

        List<Long> hours =
                IntStream.rangeClosed(0, 6)
                        .mapToObj(n -> rule(5, 0.5).after(BROKEN, 6, n).delay().toHours())
                        .toList();
        assertThat(hours).containsExactly(1L, 2L, 4L, 8L, 16L, 24L, 24L);
    }

    @Test
    void doesNotRetryWhatWouldFailAgain() {
        RetryRule.Decision decision =
                rule(5, 0.5).after(new InvalidExportRequestException("bad where", 400), 1, 0);

        assertThat(decision.longWait()).isTrue();
        assertThat(decision.delay()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void staysShortWhenItBeginsShort() {
        RetryRule fast = new RetryRule(20, Duration.ofMillis(10), new Fixed(0.5));

        assertThat(fast.after(BROKEN, 20, 0).delay()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void keepsALongerDelayThanTheLongest() {
        RetryRule hourly = new RetryRule(5, Duration.ofHours(1), new Fixed(0.5));

        assertThat(hourly.after(BROKEN, 3, 0).delay()).isEqualTo(Duration.ofHours(1));
    }

    private static RetryRule rule(int maxRetries, double random) {
        return new RetryRule(maxRetries, Duration.ofSeconds(30), new Fixed(random));
    }

    private record Fixed(double value) implements RandomGenerator {

        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }

        @Override
        public double nextDouble() {
            return value;
        }
    }
}
