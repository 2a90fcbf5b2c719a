package io.github.camelmixpanel.export.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final int QUIET_LOOKS = 180;
    private static final long IDLE_MILLIS = 100;

    private long nanos;
    private long cpuNanos;
    private final Progress progress =
            new Progress(
                    () -> nanos,
                    () -> cpuNanos,
                    QUIET_LOOKS,
                    TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS));

    /** How many looks, so long apart, find that it is not over; at most this many. */
    private int looks(int most, long secondsApart, long cpuMillis) {
        for (int look = 0; look < most; look++) {
            nanos += TimeUnit.SECONDS.toNanos(secondsApart);
            cpuNanos += TimeUnit.MILLISECONDS.toNanos(cpuMillis);
            if (progress.isOver()) {
                return look;
            }
        }
        return most;
    }

    @Test
    void isOverAfterMinutesWithoutWork() {
        assertThat(looks(1_000, 1, 0)).isEqualTo(QUIET_LOOKS - 1);
    }

    @Test
    void isOverWhenOnlyTheBackgroundWorks() {
        assertThat(looks(1_000, 1, IDLE_MILLIS - 1)).isEqualTo(QUIET_LOOKS - 1);
    }

    @Test
    void goesOnForAsLongAsItWorksHoweverSlowly() {
        assertThat(looks(2_000, 1, IDLE_MILLIS)).isEqualTo(2_000);
        assertThat(looks(1_000, 1, 0)).isLessThan(QUIET_LOOKS);
    }

    @Test
    void countsLooksAndNotTheTimeInWhichItCouldNotLook() {
        assertThat(looks(QUIET_LOOKS - 1, 3_600, 0)).isEqualTo(QUIET_LOOKS - 1);
    }

    @Test
    void isOverWhenItTakesForEver() {
        assertThat(looks(1_000, 1, 1_000)).isBetween(240, 250);
    }

    @Test
    void takesTheEndOfAProcessForNoWork() {
        looks(1, 1, 60_000);
        looks(1, 1, -60_000);
        assertThat(looks(1_000, 1, IDLE_MILLIS + 1)).isEqualTo(1_000);
    }
}
