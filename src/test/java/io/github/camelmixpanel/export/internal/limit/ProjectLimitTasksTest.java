package io.github.camelmixpanel.export.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit.Permit;
import io.github.camelmixpanel.export.internal.settings.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delegated queries start at any moment within a time. */
class ProjectLimitTasksTest extends ProjectLimitFixture {

    private static final Duration LATEST = Duration.ofSeconds(10);

    private Permit give(ProjectLimit limit, int day) throws InterruptedException, LedgerException {
        Permit given = delegate(limit, day);
        given.sent();
        return given;
    }

    private Permit delegate(ProjectLimit limit, int day)
            throws InterruptedException, LedgerException {
        return limit.admitTask(day(day), "orders", 0, (until, reason) -> {}, LATEST);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepTheLimitWhereverInTheirTimeTheyStart(long seed) throws Exception {
        Random random = new Random(seed);
        List<Instant> sent = new ArrayList<>();
        ProjectLimit limit = open(MIXPANEL);
        for (int i = 0; i < 400; i++) {
            if (random.nextInt(10) == 0) { // some are the planner's own
                try (Permit own = admit(limit, i)) {
                    sent.add(own.startedAt());
                }
            } else {
                Permit given = give(limit, i);
                sent.add(given.startedAt().plus(share(LATEST, random)));
                given.close();
            }
            if (random.nextInt(20) == 0) {
                limit.close();
                time.advance(share(Duration.ofSeconds(30), random));
                limit = open(MIXPANEL);
            }
            if (random.nextInt(50) == 0) {
                time.advance(share(Duration.ofMinutes(70), random));
            }
        }
        limit.close();

        assertThat(most(sent, Duration.ofHours(1))).as("seed %d", seed).isEqualTo(60);
        assertThat(most(sent, Duration.ofSeconds(1))).as("seed %d", seed).isLessThanOrEqualTo(3);
    }

    private static Duration share(Duration whole, Random random) {
        return Duration.ofMillis((long) (whole.toMillis() * random.nextDouble()));
    }

    /** The most in any span of this length. */
    private static int most(List<Instant> sent, Duration span) {
        List<Instant> sorted = sent.stream().sorted().toList();
        int most = 0;
        for (int first = 0, last = 0; last < sorted.size(); last++) {
            while (!sorted.get(last).isBefore(sorted.get(first).plus(span))) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    @Test
    void occupyTheQuotaForSoMuchLonger() throws Exception {
        try (ProjectLimit limit = open(new Limits(1, 3, 100))) {
            give(limit, 1).close();

            // the hour, its margin, and a second for clocks that differ
            assertThat(give(limit, 2).startedAt()).isEqualTo(noon.plus(LATEST).plusSeconds(3_602));
        }
    }

    @Test
    void countNothingUnlessTheyAreIssued() throws Exception {
        Limits two = new Limits(2, 3, 100);
        try (ProjectLimit limit = open(two)) {
            give(limit, 1).close();
            delegate(limit, 2).close();

            assertThat(limit.quota().free()).isEqualTo(1);
        }
        try (ProjectLimit limit = open(two)) {
            assertThat(limit.quota().free()).as("after a restart").isEqualTo(1);
        }
    }

    @Test
    void areUnderWayUntilTheirPermitIsClosed() throws Exception {
        try (ProjectLimit limit = open(new Limits(60, 3, 1))) {
            Permit first = give(limit, 1);
            assertThat(limit.quota().underWay()).isEqualTo(1);

            first.close();

            assertThat(limit.quota().underWay()).isZero();
            assertThat(limit.quota().free()).isEqualTo(59);
        }
    }
}
