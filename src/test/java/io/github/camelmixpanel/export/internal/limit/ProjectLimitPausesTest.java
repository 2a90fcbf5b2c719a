package io.github.camelmixpanel.export.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.limit.ProjectLimit.Permit;
import io.github.camelmixpanel.export.testkit.Patiently;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ProjectLimitPausesTest extends ProjectLimitFixture {

    @Test
    void stopsTheWholeProjectAsLongAsRetryAfterSays() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            Permit permit = admit(limit, 1);
            limit.rateLimited(Optional.of(Duration.ofSeconds(90)));
            permit.close();

            assertThat(limit.quota().pause()).contains("Mixpanel answered 429 (too many queries)");
            assertThat(limit.quota().nextStart()).isEqualTo(noon.plusSeconds(90));
            assertThat(admit(limit, 2).startedAt()).isEqualTo(noon.plusSeconds(90));
            assertThat(limit.quota().pause()).isEmpty();
            assertThat(reported)
                    .containsExactly(
                            "Mixpanel answered 429 (too many queries) until "
                                    + noon.plusSeconds(90));
        }
    }

    @Test
    void backsOffByItselfWhenA429SaysNothing() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            Instant now = noon;
            for (int minutes : List.of(1, 2, 4)) {
                Permit permit = admit(limit, minutes);
                limit.rateLimited(Optional.empty());
                permit.close();
                Instant next = limit.quota().nextStart();
                assertThat(Duration.between(now, next)).isEqualTo(Duration.ofMinutes(minutes));
                now = next;
            }
        }
    }

    @Test
    void letsOneQueryProbeAfterAPauseUntilItsOutcomeIsKnown() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            limit.rateLimited(Optional.of(Duration.ofSeconds(30)));
            Permit probe = admit(limit, 1);
            reported.clear();
            Future<Permit> next = threads.submit(() -> admit(limit, 2));
            time.awaitOpenSleep();
            assertThat(reported.poll()).startsWith("after a pause, one query tries");
            assertThat(next).isNotDone();

            limit.succeeded(day(1));

            Patiently.get(next).close();
            admit(limit, 3).close();
            probe.close();
        }
    }

    @Test
    void letsTheNextQueryProbeWhenTheFirstIsClosedWithoutAnOutcome() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            limit.rateLimited(Optional.of(Duration.ofSeconds(30)));
            Permit probe = admit(limit, 1);
            probe.close();
            Permit second = admit(limit, 2);
            reported.clear();
            Future<Permit> third = threads.submit(() -> admit(limit, 3));
            time.awaitOpenSleep();
            assertThat(reported.poll()).startsWith("after a pause, one query tries");

            second.close();

            Patiently.get(third);
        }
    }

    @Test
    void probesEveryFiveMinutesAfterThreeFailuresInARow() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            for (int i = 1; i <= 3; i++) {
                fail(limit, i);
            }
            for (int probe = 1; probe <= 4; probe++) {
                assertThat(fail(limit, probe)).isEqualTo(noon.plusSeconds(300L * probe));
            }
            try (Permit permit = admit(limit, 5)) {
                assertThat(permit.startedAt()).isEqualTo(noon.plusSeconds(1_500));
                limit.succeeded(day(5));
            }
            assertThat(admit(limit, 6).startedAt()).isEqualTo(noon.plusSeconds(1_500));
        }
    }

    @Test
    void admitsNobodyForAnHourAfterRefusedCredentials() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            limit.refused("mine");

            assertThat(limit.isRefused()).isTrue();
            assertThat(limit.quota().pause())
                    .contains("Mixpanel refused the credentials (401 or 403)");
            assertThat(admit(limit, 1)).isNull();
            time.advance(Duration.ofSeconds(3_599));
            assertThat(admit(limit, 1)).isNull();
            time.advance(Duration.ofSeconds(1));
            assertThat(limit.isRefused()).isFalse();
            assertThat(admit(limit, 1).startedAt()).isEqualTo(noon.plusSeconds(3_600));
        }
    }

    @Test
    void triesAtOnceWhenARefusalIsForgotten() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            limit.refused("mine");
            limit.forgetRefusal(null);

            assertThat(limit.isRefused()).isFalse();
            assertThat(admit(limit, 1).startedAt()).isEqualTo(noon);
        }
    }

    private Instant fail(ProjectLimit limit, int day) throws Exception {
        try (Permit permit = admit(limit, day)) {
            limit.failed("orders", day(day), true);
            return permit.startedAt();
        }
    }
}
