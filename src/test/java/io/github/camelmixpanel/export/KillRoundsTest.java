package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.testkit.FullBuild;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten rounds of {@link KillRounds}, or as many as {@code -Drounds} says. */
@Tag(FullBuild.TAG)
class KillRoundsTest {

    @TempDir Path folder;

    @Test
    void loseNothingRepeatLittleAndKeepTheLimits() throws Exception {
        long seed = Long.getLong("rounds.seed", System.nanoTime());
        try (KillRounds rounds = new KillRounds(folder, seed)) {
            KillRounds.Verdict verdict = rounds.run(Integer.getInteger("rounds", 10));

            System.out.println(verdict);
            assertThat(verdict.holds()).as(verdict.toString()).isTrue();
            assertThat(verdict.kills()).as(verdict.toString()).isPositive();
        }
    }
}
