package io.github.camelmixpanel.export.internal.pipeline.ack;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.pipeline.ack.AckTracker.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AckTrackerTest {

    @Test
    void doesNotPassALineThatIsWithTheRoute() {
        AckTracker tracker = new AckTracker(0);
        Batch first = tracker.emitted(1, 1);
        Batch second = tracker.emitted(2, 2);
        tracker.acknowledged(second);

        assertThat(tracker.lowWatermark()).isZero();

        tracker.acknowledged(first);

        assertThat(tracker.lowWatermark()).isEqualTo(2);
    }

    @Test
    void wantsAFailedBatchAgainAsItWasAndStaysBeforeIt() {
        AckTracker tracker = new AckTracker(0);
        Batch first = tracker.emitted(1, 3);
        Batch second = tracker.emitted(4, 6);
        Batch third = tracker.emitted(8, 9);
        tracker.failed(second);
        tracker.acknowledged(first);
        tracker.acknowledged(third);

        assertThat(tracker.lowWatermark()).isEqualTo(3);
        assertThat(LongStream.rangeClosed(1, 10).filter(tracker::wants))
                .containsExactly(4L, 5L, 6L, 10L);
        assertThat(LongStream.rangeClosed(1, 10).filter(tracker::endsBatch)).containsExactly(6L);

        assertThat(tracker.emitted(4, 6)).isEqualTo(second);
        tracker.acknowledged(second);

        assertThat(tracker.lowWatermark()).isEqualTo(9);
        assertThat(tracker.failed()).isZero();
        assertThat(tracker.emitted(10, 11).index()).isEqualTo(3);
    }

    @Test
    void goesOnBehindTheLinesOfAnEarlierRun() {
        AckTracker tracker = new AckTracker(10);

        assertThat(tracker.wants(10)).isFalse();
        assertThat(tracker.wants(11)).isTrue();
        assertThat(tracker.lowWatermark()).isEqualTo(10);
    }

    @Test
    void isTheBruteForceWatermarkInAnyOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            AckTracker tracker = new AckTracker(0);
            TreeSet<Long> open = new TreeSet<>(); // every line of a batch
            List<Batch> withRoute = new ArrayList<>();
            List<Batch> failed = new ArrayList<>();
            long next = 1;
            long lastEmitted = 0;
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        if (!failed.isEmpty() && random.nextBoolean()) {
                            Batch again = failed.remove(random.nextInt(failed.size()));
                            withRoute.add(tracker.emitted(again.first(), again.last()));
                        } else {
                            lastEmitted = next + random.nextInt(3);
                            LongStream.rangeClosed(next, lastEmitted).forEach(open::add);
                            withRoute.add(tracker.emitted(next, lastEmitted));
                            next = lastEmitted + 1;
                        }
                    }
                    case 2 -> next++; // a blank line
                    default -> {
                        if (!withRoute.isEmpty()) {
                            Batch batch = withRoute.remove(random.nextInt(withRoute.size()));
                            if (random.nextInt(4) == 0) {
                                tracker.failed(batch);
                                failed.add(batch);
                            } else {
                                tracker.acknowledged(batch);
                                LongStream.rangeClosed(batch.first(), batch.last())
                                        .forEach(open::remove);
                            }
                        }
                    }
                }
                long expected = open.isEmpty() ? lastEmitted : open.first() - 1;
                assertThat(tracker.lowWatermark())
                        .as("seed %d, round %d, step %d", seed, round, step)
                        .isEqualTo(expected);
                assertThat(tracker.inFlight()).isEqualTo(withRoute.size());
                assertThat(tracker.failed()).isEqualTo(failed.size());
                for (Batch batch : failed) {
                    assertThat(tracker.wants(batch.first()) && tracker.endsBatch(batch.last()))
                            .as("seed %d, round %d, step %d, %s", seed, round, step, batch)
                            .isTrue();
                }
                for (Batch batch : withRoute) {
                    assertThat(tracker.wants(batch.first()) || tracker.wants(batch.last()))
                            .as("seed %d, round %d, step %d, %s", seed, round, step, batch)
                            .isFalse();
                }
            }
        }
    }
}
