package io.github.camelmixpanel.export.internal.pipeline.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.ExportSnapshot.Run;
import io.github.camelmixpanel.export.internal.model.Window;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class RunsTest {

    private static final Window DAY = Window.ofDay(LocalDate.parse("2026-10-05"));

    private Instant now = Instant.parse("2026-10-06T03:00:00Z");
    private final ExportCounters counters = new ExportCounters(() -> now);
    private final Runs runs = new Runs(counters, () -> now);

    private void run(int queries, int events) {
        runs.begin();
        for (int i = 0; i < queries; i++) {
            counters.windowStarted(DAY, 1);
        }
        counters.acknowledged(events);
        now = now.plusSeconds(60);
        runs.end();
    }

    @Test
    void countsWhatEachPollDid() {
        run(2, 30);
        run(1, 5);

        assertThat(runs.list())
                .extracting(it -> it.counts().fromMixpanel().queries())
                .containsExactly(1L, 2L);
        assertThat(runs.list())
                .extracting(it -> it.counts().toRoute().acknowledged())
                .containsExactly(5L, 30L);
        Run last = runs.list().get(0);
        assertThat(last.begun()).isEqualTo("2026-10-06T03:01:00Z");
        assertThat(last.ended()).contains(Instant.parse("2026-10-06T03:02:00Z"));
    }

    @Test
    void showsTheOneThatGoesOn() {
        runs.begin();
        assertThat(runs.list()).as("it has done nothing yet").isEmpty();
        counters.windowStarted(DAY, 1);
        assertThat(runs.list()).singleElement().matches(it -> it.ended().isEmpty());
    }

    @Test
    void leavesOutPollsThatHadNothingToDo() {
        run(1, 1);
        run(0, 0);
        run(0, 0);

        assertThat(runs.list()).hasSize(1);
    }

    @Test
    void countsWhatTheRouteTakesAfterThePoll() {
        run(1, 1);
        counters.acknowledged(4);

        assertThat(runs.list().get(0).counts().toRoute().acknowledged()).isEqualTo(5);
    }

    @Test
    void keepsTheLastOnes() {
        for (int i = 1; i <= 20; i++) {
            run(i, 0);
        }

        assertThat(runs.list())
                .hasSize(8)
                .first()
                .matches(it -> it.counts().fromMixpanel().queries() == 20);
    }
}
