package io.github.camelmixpanel.export.internal.limit;

import static io.github.camelmixpanel.export.testkit.Patiently.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.internal.database.Store;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit.Permit;
import io.github.camelmixpanel.export.internal.model.QuotaStatus;
import io.github.camelmixpanel.export.internal.settings.Limits;
import io.github.camelmixpanel.export.testkit.FaultyDisk;
import io.github.camelmixpanel.export.testkit.Patiently;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource(StateKind.ALL)
class ProjectLimitTest extends ProjectLimitFixture {

    @Parameter StateKind kind;
    private Store store;

    @BeforeEach
    void openStore() throws Exception {
        store = Store.of(kind);
    }

    @Override
    Disk stored(Disk disk) throws LedgerException {
        return store.disk(state, disk);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void hasTheStartOnDiskWhenItAdmits() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            Permit permit = admit(limit, 1);

            assertThat(permit.startedAt()).isEqualTo(noon);
            assertThat(state.resolve("queries/data.mixpanel.com-123.log"))
                    .hasContent("1792497600000\t2026-10-01\torders\n");
        }
    }

    @Test
    void spreadsStartsOverSecondsAndHours() throws Exception {
        List<Instant> starts = new ArrayList<>();
        try (ProjectLimit limit = open(MIXPANEL)) {
            for (int i = 0; i < 150; i++) {
                try (Permit permit = admit(limit, i)) {
                    starts.add(permit.startedAt());
                }
            }
        }

        for (int i = 60; i < starts.size(); i++) {
            assertThat(starts.get(i)).isAfter(starts.get(i - 60).plusSeconds(3_600));
        }
        for (int i = 3; i < starts.size(); i++) {
            assertThat(starts.get(i)).isAfter(starts.get(i - 3).plusSeconds(1));
        }
        assertThat(starts.get(149)).isBefore(noon.plusSeconds(2 * 3_660));
    }

    @Test
    void tellsOnceWhyAWaitIsLongAndNothingOfShortOnes() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            for (int i = 0; i < 60; i++) {
                admit(limit, i).close();
            }
            assertThat(reported).isEmpty();
            admit(limit, 60).close();
        }

        assertThat(reported)
                .containsExactly(
                        "60 of 60 queries used in the last hour until " + noon.plusSeconds(3_601));
    }

    @Test
    void remembersTheHourOverARestart() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            for (int i = 0; i < 60; i++) {
                admit(limit, i).close();
            }
        }
        time.set(noon.plusSeconds(1_800));

        try (ProjectLimit limit = open(MIXPANEL)) {
            assertThat(limit.quota().free()).isZero();
            assertThat(limit.quota().nextStart()).isEqualTo(noon.plusSeconds(3_601));
            assertThat(admit(limit, 60).startedAt()).isEqualTo(noon.plusSeconds(3_601));
        }
    }

    @Test
    void tellsWhenTheLastOfManyQueriesCanStart() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            assertThat(limit.startOf(60)).isEqualTo(noon);
            assertThat(limit.startOf(61)).isEqualTo(noon.plusSeconds(3_601));
            admit(limit, 1).close();
            time.set(noon.plusSeconds(600));
            admit(limit, 2).close();

            assertThat(limit.startOf(58)).isEqualTo(noon.plusSeconds(600));
            assertThat(limit.startOf(59)).isEqualTo(noon.plusSeconds(3_601));
            assertThat(limit.startOf(60)).isEqualTo(noon.plusSeconds(4_201));
            assertThat(limit.startOf(120)).isEqualTo(noon.plusSeconds(7_802));
        }
    }

    @Test
    void givesBackToTheHourAQueryThatWasNeverSent() throws Exception {
        Limits two = new Limits(2, 60, 100);
        try (ProjectLimit limit = open(two)) {
            admit(limit, 1).close();
            Permit unsent = admitUnsent(limit, 2);
            unsent.close();
            unsent.close();

            assertThat(limit.quota().free()).isEqualTo(1);
        }
        try (ProjectLimit limit = open(two)) {
            assertThat(limit.quota().free()).as("after a restart").isEqualTo(1);
            assertThat(admit(limit, 3).startedAt()).isEqualTo(noon);
            assertThat(admit(limit, 4).startedAt()).isEqualTo(noon.plusSeconds(3_601));
        }
    }

    @Test
    void countsAQueryThatItCannotGiveBackOnDisk() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (ProjectLimit limit = open(new Limits(2, 60, 100), disk)) {
            Permit unsent = admitUnsent(limit, 1);
            disk.failAlwaysAfter(0);
            unsent.close();

            assertThat(limit.quota().free()).isEqualTo(1);
        }
    }

    @Test
    void countsAQueryThatWasNeverSentTowardsTheSecond() throws Exception {
        try (ProjectLimit limit = open(new Limits(60, 1, 100))) {
            admitUnsent(limit, 1).close();

            assertThat(admit(limit, 2).startedAt()).isEqualTo(noon.plusMillis(1_500));
        }
    }

    @Test
    void goesOnAfterATornTail() throws Exception {
        try (ProjectLimit limit = open(new Limits(1, 1, 1))) {
            admit(limit, 1).close();
        }
        Path log = state.resolve("queries/data.mixpanel.com-123.log");
        Files.writeString(log, Files.readString(log) + "17924976");

        try (ProjectLimit limit = open(new Limits(1, 1, 1))) {
            assertThat(admit(limit, 2).startedAt()).isEqualTo(noon.plusSeconds(3_601));
        }
    }

    @Test
    void keepsAPauseAfter429OverARestart() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            limit.rateLimited(Optional.of(Duration.ofHours(3)));
            limit.rateLimited(Optional.of(Duration.ofSeconds(5)));
        }
        time.set(noon.plusSeconds(2 * 3_600));
        for (int restart = 0; restart < 2; restart++) {
            try (ProjectLimit limit = open(MIXPANEL)) {
                assertThat(limit.quota().nextStart()).isEqualTo(noon.plusSeconds(3 * 3_600));
                assertThat(limit.longPause().orElseThrow())
                        .startsWith("Mixpanel answered 429 (too many queries): no query");
            }
        }
        try (ProjectLimit limit = open(MIXPANEL)) {
            assertThat(admit(limit, 1).startedAt()).isEqualTo(noon.plusSeconds(3 * 3_600));
        }
        time.set(noon.plusSeconds(4 * 3_600));
        try (ProjectLimit limit = open(MIXPANEL)) {
            assertThat(limit.quota().pause()).isEmpty();
        }
    }

    @Test
    void keepsARefusalOverARestartUnlessTheCredentialsAreOthers() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            limit.refused("mine");
        }
        for (int restart = 0; restart < 2; restart++) {
            try (ProjectLimit limit = open(MIXPANEL)) {
                limit.forgetRefusal("mine");
                assertThat(limit.isRefused()).isTrue();
                assertThat(limit.longPause().orElseThrow())
                        .endsWith("from " + noon + " until " + noon.plusSeconds(3_600));
            }
        }
        try (ProjectLimit limit = open(MIXPANEL)) {
            limit.forgetRefusal("others");
            assertThat(limit.isRefused()).isFalse();
        }
        try (ProjectLimit limit = open(MIXPANEL)) {
            limit.forgetRefusal("mine");
            assertThat(limit.isRefused()).as("after it was forgotten").isFalse();
        }
    }

    @Test
    void tellsHowMuchOfTheHourIsLeft() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            admit(limit, 1).close();
            admit(limit, 2).close();

            assertThat(limit.quota().perHour()).isEqualTo(60);
            assertThat(limit.quota().free()).isEqualTo(58);
            assertThat(limit.quota())
                    .isEqualTo(
                            new QuotaStatus(
                                    60,
                                    2,
                                    0,
                                    noon,
                                    Optional.of(noon.plusSeconds(3_601)),
                                    Optional.empty()));
        }
    }

    @Test
    void admitsNoMoreAtATimeThanAllowed() throws Exception {
        try (ProjectLimit limit = open(new Limits(60, 60, 2))) {
            Permit first = admit(limit, 1);
            Permit second = admit(limit, 2);
            Future<Permit> third = threads.submit(() -> admit(limit, 3));
            time.awaitOpenSleep();
            assertThat(reported.poll()).startsWith("2 of 2 queries under way");
            assertThat(third).isNotDone();

            first.close();
            first.close();
            assertThat(Patiently.get(third).startedAt()).isAfter(noon);

            Future<Permit> fourth = threads.submit(() -> admit(limit, 4));
            time.awaitOpenSleep();
            assertThat(reported.poll()).startsWith("2 of 2 queries under way");
            assertThat(fourth).isNotDone();
            second.close();
            Patiently.get(fourth);
        }
    }

    @Test
    void stopsWaitingWhenInterruptedAndCountsNothing() throws Exception {
        try (ProjectLimit limit = open(new Limits(60, 60, 1))) {
            admit(limit, 1);
            Future<Permit> waiting = threads.submit(() -> admit(limit, 2));
            time.awaitOpenSleep();
            BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
            Thread thread =
                    new Thread(
                            () -> {
                                try {
                                    admit(limit, 3).close();
                                } catch (InterruptedException | LedgerException e) {
                                    thrown.add(e);
                                }
                            });
            thread.start();
            time.awaitOpenSleep();

            thread.interrupt();

            await().until(() -> !thrown.isEmpty());
            assertThat(thrown.remove()).isInstanceOf(InterruptedException.class);
            assertThat(waiting).isNotDone();
            assertThat(limit.quota().free()).isEqualTo(59);
        }
    }

    @Test
    void doesNotEvenStartOnAnInterruptedThread() throws Exception {
        try (ProjectLimit limit = open(MIXPANEL)) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> admit(limit, 1)).isInstanceOf(InterruptedException.class);
            assertThat(limit.quota().free()).isEqualTo(60);
        }
    }

    @Test
    void admitsNothingThatItCannotWriteDown() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (ProjectLimit limit = open(new Limits(2, 2, 1), disk)) {
            admit(limit, 1).close();
            disk.failAlwaysAfter(1);

            assertThatThrownBy(() -> admit(limit, 2))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("was not sent");
            assertThat(limit.quota().free()).isEqualTo(1);

            disk.heal();
            assertThat(admit(limit, 2).startedAt()).isEqualTo(noon);
        }
    }

    @Test
    void wakesWhoeverWaitsWhenItIsClosed() throws Exception {
        ProjectLimit limit = open(new Limits(60, 60, 1));
        admit(limit, 1);
        Future<Permit> waiting = threads.submit(() -> admit(limit, 2));
        time.awaitOpenSleep();

        limit.close();

        assertThatThrownBy(() -> Patiently.get(waiting))
                .hasCauseInstanceOf(LedgerException.class)
                .hasMessageContaining("is closed");
    }
}
