package io.github.camelmixpanel.export.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AckTrackerTest {

    @Test
    void doesNotPassALineThatIsWithTheRoute() {
        AckTracker tracker = new AckTracker(0);
        tracker.emitted(1);
        tracker.emitted(2);
        tracker.acknowledged(2);

        assertThat(tracker.lowWatermark()).isZero();

        tracker.acknowledged(1);

        assertThat(tracker.lowWatermark()).isEqualTo(2);
    }

    @Test
    void wantsAFailedLineAgainAndStaysBeforeIt() {
        AckTracker tracker = new AckTracker(0);
        for (long line = 1; line <= 3; line++) {
            tracker.emitted(line);
        }
        tracker.refused(2);
        tracker.acknowledged(1);
        tracker.acknowledged(3);

        assertThat(tracker.lowWatermark()).isEqualTo(1);
        assertThat(List.of(tracker.wants(1), tracker.wants(2), tracker.wants(3), tracker.wants(4)))
                .containsExactly(false, true, false, true);

        tracker.emitted(2);
        tracker.acknowledged(2);

        assertThat(tracker.lowWatermark()).isEqualTo(3);
        assertThat(tracker.failed()).isZero();
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
            TreeSet<Long> open = new TreeSet<>();
            List<Long> withRoute = new ArrayList<>();
            List<Long> failed = new ArrayList<>();
            long next = 1;
            long lastEmitted = 0;
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        if (!failed.isEmpty() && random.nextBoolean()) {
                            long again = failed.remove(random.nextInt(failed.size()));
                            tracker.emitted(again);
                            withRoute.add(again);
                        } else {
                            tracker.emitted(next);
                            open.add(next);
                            lastEmitted = next;
                            withRoute.add(next++);
                        }
                    }
                    case 2 -> next++; // a blank line
                    default -> {
                        if (!withRoute.isEmpty()) {
                            long line = withRoute.remove(random.nextInt(withRoute.size()));
                            if (random.nextInt(4) == 0) {
                                tracker.refused(line);
                                failed.add(line);
                            } else {
                                tracker.acknowledged(line);
                                open.remove(line);
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
            }
        }
    }
}
