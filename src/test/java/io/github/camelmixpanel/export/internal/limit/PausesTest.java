package io.github.camelmixpanel.export.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.limit.Pauses.Query;
import io.github.camelmixpanel.export.internal.model.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PausesTest {

    private static final Instant NOON = Instant.parse("2026-10-20T12:00:00Z");
    private static final RandomGenerator NO_JITTER = () -> 0;

    private final Pauses pauses = new Pauses(NO_JITTER);

    @Test
    void doublesItsOwnBackoffUpToAnHourAndStartsAnewAfterASuccess() {
        Instant now = NOON;
        for (int minutes : List.of(1, 2, 4, 8, 16, 32, 50, 50)) {
            now = rateLimitedFor(now, Duration.ofMinutes(minutes));
        }
        pauses.succeeded(now);
        rateLimitedFor(now, Duration.ofMinutes(1));
    }

    @Test
    void addsJitterToItsOwnBackoffAndNeverWaitsMoreThanAnHour() {
        Pauses jittered = new Pauses(new Random(7));
        Instant now = NOON;
        for (int minutes : List.of(1, 2, 4, 8, 16, 32, 50, 50, 50)) {
            jittered.rateLimited(now, Optional.empty());
            Duration wait = Duration.between(now, jittered.at(now).orElseThrow().until());
            assertThat(wait)
                    .isBetween(
                            Duration.ofMinutes(minutes), Duration.ofMinutes(minutes * 6L / 5 + 1))
                    .isLessThanOrEqualTo(Duration.ofHours(1));
            assertThat(wait).isNotEqualTo(Duration.ofMinutes(minutes));
            now = now.plus(wait);
        }
    }

    @ParameterizedTest
    @CsvSource({"PT90S, PT90S", "PT0S, PT1S", "PT-5S, PT1S", "PT3H, PT3H", "P3000D, PT24H"})
    void pausesAsLongAsTheServerAsksWithinReason(Duration retryAfter, Duration expected) {
        pauses.rateLimited(NOON, Optional.of(retryAfter));

        assertThat(pauses.at(NOON).orElseThrow().until()).isEqualTo(NOON.plus(expected));
    }

    @Test
    void takesAnswersOfOneMomentForOne429() {
        pauses.rateLimited(NOON, Optional.empty());
        pauses.rateLimited(NOON.plusSeconds(1), Optional.empty());
        pauses.rateLimited(NOON.plusSeconds(2), Optional.of(Duration.ofSeconds(5)));

        assertThat(pauses.at(NOON.plusSeconds(2)).orElseThrow().until())
                .isEqualTo(NOON.plusSeconds(60));
        rateLimitedFor(NOON.plusSeconds(60), Duration.ofMinutes(2));
    }

    @Test
    void prolongsAPauseWhenTheServerAsksForMore() {
        pauses.rateLimited(NOON, Optional.empty());
        pauses.rateLimited(NOON.plusSeconds(1), Optional.of(Duration.ofSeconds(600)));

        assertThat(pauses.at(NOON.plusSeconds(1)).orElseThrow().until())
                .isEqualTo(NOON.plusSeconds(601));
    }

    @Test
    void keepsAPauseThatASuccessOfAnOlderQueryFallsInto() {
        pauses.rateLimited(NOON, Optional.empty());
        pauses.succeeded(NOON.plusSeconds(10));

        assertThat(pauses.at(NOON.plusSeconds(59))).isPresent();
        pauses.started(NOON.plusSeconds(60), query(1));
        assertThat(pauses.isProbeUnderWay()).isTrue();
        rateLimitedFor(NOON.plusSeconds(61), Duration.ofMinutes(2));
    }

    @Test
    void pausesAfterThreeDifferentWindowsInARowFailed() {
        fail(1, 2);
        assertThat(pauses.at(NOON)).isEmpty();
        fail(3);

        assertThat(pauses.at(NOON).orElseThrow().until()).isEqualTo(NOON.plusSeconds(300));
        assertThat(pauses.at(NOON.plusSeconds(300))).isEmpty();
    }

    @Test
    void countsAWindowThatFailsAgainOnce() {
        fail(1, 1, 1, 2, 2, 1);

        assertThat(pauses.at(NOON)).isEmpty();
    }

    @Test
    void tellsTheSameWindowOfTwoExportsApart() {
        for (String export : List.of("a", "b", "c")) {
            pauses.failed(NOON, new Query(export, query(1).window()), true);
        }

        assertThat(pauses.at(NOON)).isPresent();
    }

    @Test
    void countsFromNothingAfterASuccess() {
        fail(1, 2);
        pauses.succeeded(NOON);
        fail(3, 4);

        assertThat(pauses.at(NOON)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"false false false, PT1H", "false true false, PT5M", "true true true, PT5M"})
    void probesHourlyWhenNoneOfTheThreeFailuresWasRetryable(String retryable, Duration interval) {
        int window = 0;
        for (String one : retryable.split(" ")) {
            pauses.failed(NOON, query(window++), Boolean.parseBoolean(one));
        }

        assertThat(pauses.at(NOON).orElseThrow().until()).isEqualTo(NOON.plus(interval));
    }

    @Test
    void judgesByTheLastThreeFailures() {
        pauses.failed(NOON, query(1), false);
        pauses.failed(NOON, query(2), true);
        pauses.failed(NOON, query(3), false);
        assertThat(failedProbe(1)).isEqualTo(Pauses.PROBE_INTERVAL);
        assertThat(failedProbe(4)).isEqualTo(Pauses.LONG_PROBE_INTERVAL);
    }

    private Duration failedProbe(int window) {
        Instant now = NOON.plusSeconds(7_200);
        pauses.started(now, query(window));
        pauses.failed(now, query(window), false);
        return Duration.between(now, pauses.at(now).orElseThrow().until());
    }

    @Test
    void goesOnProbingUntilASuccess() {
        fail(1, 2, 3);
        Instant now = NOON;
        for (int probe = 0; probe < 5; probe++) {
            now = pauses.at(now).orElseThrow().until();
            assertThat(pauses.at(now)).isEmpty();
            Query query = query(probe);
            pauses.started(now, query);
            assertThat(pauses.isProbeUnderWay()).isTrue();
            now = now.plusSeconds(20);
            pauses.failed(now, query, true);
            pauses.ended(query);
            assertThat(pauses.isProbeUnderWay()).isFalse();
            assertThat(pauses.at(now).orElseThrow().until()).isEqualTo(now.plusSeconds(300));
        }

        now = now.plusSeconds(300);
        pauses.started(now, query(9));
        pauses.succeeded(now);
        assertThat(pauses.isProbeUnderWay()).isFalse();
        assertThat(pauses.at(now)).isEmpty();
        pauses.started(now, query(10));
        assertThat(pauses.isProbeUnderWay()).isFalse();
    }

    @Test
    void keepsTheIntervalWhenAProbeIsClosedBeforeItsFailureIsTold() {
        fail(1, 2, 3);
        Instant now = NOON.plusSeconds(300);
        Query probe = query(4);
        pauses.started(now, probe);
        pauses.ended(probe);

        assertThat(pauses.isProbeUnderWay()).isFalse();
        assertThat(pauses.at(now).orElseThrow().until()).isEqualTo(now.plusSeconds(300));
    }

    @Test
    void isNotMovedByQueriesThatStartedBeforeThePause() {
        fail(1, 2, 3);
        pauses.failed(NOON.plusSeconds(200), query(4), true);

        assertThat(pauses.at(NOON).orElseThrow().until()).isEqualTo(NOON.plusSeconds(300));
    }

    @Test
    void reportsOneRefusalOfTheSameCredentials() {
        assertThat(pauses.refused(NOON, "mine")).isPresent();
        assertThat(pauses.refused(NOON.plusSeconds(1), "mine")).as("under way before").isEmpty();
        assertThat(pauses.refused(NOON.plusSeconds(1), "others")).isPresent();
    }

    @Test
    void lastsAnHourAfterRefusedCredentialsThoughOlderQueriesSucceed() {
        pauses.refused(NOON, "mine");
        pauses.succeeded(NOON.plusSeconds(1));

        assertThat(pauses.isRefusedAt(NOON.plusSeconds(3_599))).isTrue();
        assertThat(pauses.isRefusedAt(NOON.plusSeconds(3_600))).isFalse();
        pauses.started(NOON.plusSeconds(3_600), query(1));
        assertThat(pauses.isProbeUnderWay()).isTrue();
    }

    @Test
    void namesTheLongestOfSeveralPauses() {
        pauses.rateLimited(NOON, Optional.empty());
        pauses.refused(NOON, "mine");
        assertThat(pauses.at(NOON).orElseThrow().reason()).contains("401 or 403");

        pauses.forgetRefusal(NOON, null);
        assertThat(pauses.at(NOON).orElseThrow().reason()).contains("429");
    }

    @Test
    void isNotProlongedByAClockThatJumpsBack() {
        pauses.rateLimited(NOON, Optional.empty());
        Instant yesterday = NOON.minusSeconds(86_400);

        assertThat(pauses.at(yesterday).orElseThrow().until()).isEqualTo(yesterday.plusSeconds(60));
    }

    private Instant rateLimitedFor(Instant now, Duration expected) {
        pauses.rateLimited(now, Optional.empty());
        assertThat(pauses.at(now).orElseThrow().until()).isEqualTo(now.plus(expected));
        return now.plus(expected);
    }

    private void fail(int... windows) {
        for (int window : windows) {
            pauses.failed(NOON, query(window), true);
        }
    }

    private static Query query(int day) {
        return new Query("orders", Window.ofDay(LocalDate.parse("2026-10-01").plusDays(day)));
    }
}
