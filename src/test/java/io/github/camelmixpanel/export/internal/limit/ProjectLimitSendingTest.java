package io.github.camelmixpanel.export.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableFile;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit.Permit;
import io.github.camelmixpanel.export.internal.settings.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The server counts queries when they come, whatever the clock shows and whenever they may start.
 */
class ProjectLimitSendingTest extends ProjectLimitFixture {

    @Test
    void countsAQueryAsNowUntilItIsSent() throws Exception {
        try (ProjectLimit limit = open(new Limits(60, 2, 100))) {
            Permit first = admitUnsent(limit, 1);
            Permit second = admitUnsent(limit, 2);
            time.advance(Duration.ofSeconds(5)); // to connect, on a machine that is busy
            Instant now = noon.plusSeconds(5);
            assertThat(limit.quota().nextStart()).isEqualTo(now.plusMillis(1_500));
            first.sent();
            first.sent();
            second.sent();
            second.close();

            assertThat(admit(limit, 3).startedAt()).isEqualTo(now.plusMillis(1_500));
        }
    }

    @Test
    void countsTheHourFromWhenAQueryWasSentOverARestartToo() throws Exception {
        Limits one = new Limits(1, 60, 100);
        Instant sent = noon.plusSeconds(20);
        try (ProjectLimit limit = open(one)) {
            Permit permit = admitUnsent(limit, 1);
            time.set(sent);
            permit.sent();
            permit.close();
            assertThat(limit.quota().nextStart()).isEqualTo(sent.plusSeconds(3_601));
        }
        try (ProjectLimit limit = open(one)) {
            assertThat(admit(limit, 2).startedAt()).isEqualTo(sent.plusSeconds(3_601));
        }
    }

    @Test
    void letsNoQueryLeaveOnceItIsClosedAndCountsNoneThatHasNotLeft() throws Exception {
        ProjectLimit limit = open(MIXPANEL);
        admit(limit, 1);
        Permit unsent = admitUnsent(limit, 2);

        limit.close();

        assertThatThrownBy(unsent::sent)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The permit for window 2026-10-02 is closed");
        unsent.close();
        try (ProjectLimit next = open(MIXPANEL)) {
            assertThat(next.quota().free()).isEqualTo(59);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3H", "PT-3H", "P9D", "P-9D", "PT0.2S"})
    void letsAnHourLastAnHourHoweverTheClockIsSet(Duration by) throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            for (int i = 0; i < 60; i++) {
                admit(limit, i).close();
            }
            Instant first = noon.plusSeconds(3_601);
            set = by;

            assertThat(limit.quota().free()).isZero();
            assertThat(limit.quota().nextStart()).isEqualTo(first.plus(by));
        }
        try (ProjectLimit limit = open(MIXPANEL)) {
            assertThat(limit.quota().free()).as("after a restart").isZero();
            assertThat(admit(limit, 60).startedAt()).isEqualTo(noon.plusSeconds(3_601).plus(by));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3H", "PT-3H"})
    void pausesForAsLongAsItWasToldHoweverTheClockIsSet(Duration by) throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            limit.rateLimited(Optional.of(Duration.ofHours(2)));
            set = by;

            assertThat(limit.longPause().orElseThrow())
                    .endsWith(
                            "from " + noon.plus(by) + " until " + noon.plus(by).plusSeconds(7_200));
            assertThat(admit(limit, 1).startedAt()).isEqualTo(noon.plus(by).plusSeconds(7_200));
        }
    }

    @Test
    void tellsOf429sInARowWhenTheyTakeMoreThanAnHourInAll() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            for (int i = 0; i < 4; i++) {
                assertThat(limit.longPause()).isEmpty();
                Permit permit = admit(limit, i);
                limit.rateLimited(Optional.of(Duration.ofMinutes(20)));
                permit.close();
            }
            assertThat(limit.longPause().orElseThrow())
                    .isEqualTo(
                            "Mixpanel answered 429 (too many queries): no query for project 123 on"
                                    + " data.mixpanel.com from 2026-10-20T12:00:00Z until"
                                    + " 2026-10-20T13:20:00Z");
            Permit probe = admit(limit, 5);
            assertThat(limit.longPause()).as("until its outcome is known").isPresent();
            limit.succeeded(day(5));
            probe.close();
            assertThat(limit.longPause()).isEmpty();
        }
    }

    @Test
    void saysHowThingsAreWhileTheDiskDoesNotAnswer() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        AtomicBoolean hangs = new AtomicBoolean();
        Disk disk =
                new Disk() {
                    @Override
                    public void force(DurableFile file) {
                        if (hangs.get()) {
                            asked.countDown();
                            uninterruptibly(answered);
                        }
                    }
                };
        try (ProjectLimit limit = open(MIXPANEL, disk)) {
            admit(limit, 1).close();
            hangs.set(true);
            Future<Permit> second = threads.submit(() -> admit(limit, 2));
            asked.await();
            time.advance(Duration.ofMinutes(30));
            set = Duration.ofDays(1);
            try {
                assertThat(threads.submit(limit::quota).get().used()).isEqualTo(1);
                assertThat(threads.submit(() -> limit.quota().free()).get()).isEqualTo(59);
                assertThat(threads.submit(() -> limit.startOf(60)).get())
                        .as("in times of the clock as it is now")
                        .isEqualTo(noon.plus(set).plusSeconds(3_601));
                assertThat(threads.submit(limit::longPause).get()).isEmpty();
                assertThat(threads.submit(limit::isRefused).get()).isFalse();
            } finally {
                answered.countDown();
            }
            second.get().close();
            assertThat(limit.quota().free()).isEqualTo(58);
        }
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
