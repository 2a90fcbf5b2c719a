package io.github.camelmixpanel.export.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.internal.settings.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlidingLogTest {

    private static final Instant NOON = Instant.parse("2026-10-20T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            textBlock =
"""
# an hour, a second, starts before noon,      now,     earliest start after noon
  3,       3,        '',                      PT0S,    PT0S
  3,       3,        'PT0S PT0S',             PT0S,    PT0S
  3,       3,        'PT0S PT0S PT0S',        PT0S,    PT1H1S
  9,       3,        'PT0S PT0S PT0S',        PT0S,    PT1.5S
  9,       3,        'PT-1S PT0S PT0S',       PT0.01S, PT0.5S
  9,       3,        'PT-2S PT0S PT0S',       PT0.01S, PT0.01S
  3,       3,        'PT-59M PT-30M PT-1S',   PT0S,    PT1M1S
  3,       3,        'PT-70M PT-30M PT-1S',   PT0S,    PT0S
  3,       3,        'PT-60M PT-30M PT-1S',   PT0S,    PT1S
  3,       3,        'PT-60M PT-30M PT-1S',   PT1S,    PT1S
  1,       1,        'PT-30M',                PT0S,    PT30M1S
  3,       3,        'PT0S PT0S PT0S',        PT-24H,  PT-22H-59M-59S
""")
    void admitsNoEarlierThanBothLimitsAllow(
            int hour, int second, String starts, Duration now, Duration expected) {
        SlidingLog log = log(hour, second, starts);

        assertThat(log.earliestStart(NOON.plus(now), 0)).isEqualTo(NOON.plus(expected));
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # starts,                 now,   used
                      '',                     PT0S,  0
                      'PT-30M PT-10M',        PT0S,  2
                      'PT-2H PT-10M',         PT0S,  1
                      'PT-60M-1S PT-60M',     PT0S,  1
                      'PT0S PT0S',            PT-2H, 2
                    """)
    void tellsHowManyStartsCount(String starts, Duration now, int used) {
        SlidingLog log = log(60, 3, starts);

        assertThat(log.startedInLastHour(NOON.plus(now))).isEqualTo(used);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverAdmitsMoreThanTheLimitsToAGreedyClient(long seed) {
        Random random = new Random(seed);
        Limits limits = new Limits(1 + random.nextInt(70), 1 + random.nextInt(5), 100);
        SlidingLog log = new SlidingLog(limits);
        List<Instant> starts = new ArrayList<>();
        Instant now = NOON;
        for (int i = 0; i < 3_000; i++) {
            if (random.nextInt(10) == 0) {
                now = now.plusMillis(random.nextInt(600_000));
            }
            Instant earliest = log.earliestStart(now, 0);
            assertThat(earliest).as("seed %d", seed).isAfterOrEqualTo(now);
            now = earliest;
            log.add(now);
            starts.add(now);
        }

        assertRolling(starts, limits.queriesPerHour(), Duration.ofHours(1), seed);
        assertRolling(starts, limits.queriesPerSecond(), Duration.ofSeconds(1), seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void neitherFreezesNorAdmitsMoreWhenTheClockJumpsBack(long seed) {
        Random random = new Random(seed);
        SlidingLog log = new SlidingLog(new Limits(20, 3, 100));
        List<Instant> trueStarts = new ArrayList<>();
        Instant trueNow = NOON;
        Duration behind = Duration.ZERO;
        for (int i = 0; i < 2_000; i++) {
            if (random.nextInt(40) == 0) {
                behind = behind.plusMillis(random.nextInt(100_000_000));
            }
            Instant now = trueNow.minus(behind);
            Duration wait = Duration.between(now, log.earliestStart(now, 0));
            assertThat(wait).as("seed %d", seed).isLessThanOrEqualTo(SlidingLog.HOUR);
            trueNow = trueNow.plus(wait);
            log.add(now.plus(wait));
            trueStarts.add(trueNow);
        }

        assertRolling(trueStarts, 20, Duration.ofHours(1), seed);
        assertRolling(trueStarts, 3, Duration.ofSeconds(1), seed);
    }

    @Test
    void forgetsNoStartWhenTheClockJumpsForwardAndBack() {
        SlidingLog log = log(3, 3, "PT-3M PT-2M PT-1M");

        assertThat(log.earliestStart(NOON.plusSeconds(86_400), 0))
                .isEqualTo(NOON.plusSeconds(86_400));
        assertThat(log.earliestStart(NOON, 0)).isEqualTo(NOON.plus(Duration.parse("PT57M1S")));
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25})
    void sendsNoMoreThanTheLimitsHoweverLateEachIsSentAndThoughSomeNeverAre(long seed) {
        Random random = new Random(seed);
        Limits limits = new Limits(1 + random.nextInt(70), 1 + random.nextInt(3), 100);
        SlidingLog log = new SlidingLog(limits);
        List<Instant> sent = new ArrayList<>();
        Instant now = NOON;
        int waiting = 0;
        while (sent.size() < 2_000) {
            now = now.plusMillis(random.nextInt(random.nextInt(20) == 0 ? 600_000 : 400));
            if (!log.earliestStart(now, 0).isAfter(now)) {
                log.admitted();
                waiting++;
            } else if (waiting > 0 && random.nextInt(4) == 0) {
                log.returned(now);
                waiting--;
            } else if (waiting > 0) {
                log.sent(now);
                sent.add(now);
                waiting--;
            } else {
                now = log.earliestStart(now, 0);
            }
        }

        assertRolling(sent, limits.queriesPerHour(), Duration.ofHours(1), seed);
        assertRolling(sent, limits.queriesPerSecond(), Duration.ofSeconds(1), seed);
        Instant hourAgo = now.minus(SlidingLog.HOUR);
        assertThat(log.startedInLastHour(now))
                .as("seed %d", seed)
                .isEqualTo(
                        waiting
                                + (int)
                                        sent.stream()
                                                .filter(start -> start.isAfter(hourAgo))
                                                .count());
    }

    @Test
    void refusesALimitOfNone() {
        assertThatThrownBy(() -> new SlidingLog(new Limits(0, 3, 100)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("queriesPerHour must be 1 or more, not 0");
    }

    private static SlidingLog log(int hour, int second, String starts) {
        SlidingLog log = new SlidingLog(new Limits(hour, second, 100));
        if (!starts.isEmpty()) {
            for (String start : starts.split(" ")) {
                log.add(NOON.plus(Duration.parse(start)));
            }
        }
        return log;
    }

    private static void assertRolling(List<Instant> starts, int most, Duration span, long seed) {
        for (int i = most; i < starts.size(); i++) {
            assertThat(Duration.between(starts.get(i - most), starts.get(i)))
                    .as("from start %d to start %d, seed %d", i - most, i, seed)
                    .isGreaterThan(span);
        }
    }

    @Test
    void keepsSomeOfTheHourForOthers() {
        SlidingLog log = new SlidingLog(new Limits(10, 100, 1));
        for (int i = 0; i < 8; i++) {
            log.add(NOON.plusSeconds(i * 10L));
        }
        Instant now = NOON.plusSeconds(100);

        assertThat(log.earliestStart(now, 1)).isEqualTo(now);
        assertThat(log.earliestStart(now, 2)).isEqualTo(NOON.plus(SlidingLog.HOUR));
        assertThat(log.earliestStart(now, 4)).isEqualTo(NOON.plusSeconds(20).plus(SlidingLog.HOUR));
        assertThat(log.earliestStart(now, 10))
                .as("one query at least")
                .isEqualTo(NOON.plusSeconds(70).plus(SlidingLog.HOUR));
    }
}
