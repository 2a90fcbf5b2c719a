package io.github.camelmixpanel.export.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No event is lost, and none repeated that reached a run, whatever fails and whenever. */
class DedupeCrashTest {

    private static final long SIXTEEN_KEYS = 16 * 32;

    @TempDir Path temporary;

    @Test
    void losesNothingWhenTheProcessDiesAtAnyStep() throws Exception {
        for (long step = 1; ; step++) {
            CrashDisk disk = new CrashDisk();
            disk.dieAt(step);
            run(disk, SIXTEEN_KEYS, step, 40, false, "dies at step " + step);
            if (!disk.hasFailed()) {
                assertThat(step).as("steps tried").isGreaterThan(100);
                return;
            }
        }
    }

    @Test
    void losesNothingWhenAStepFailsAndIsTriedAgain() throws Exception {
        for (long step = 1; ; step++) {
            CrashDisk disk = new CrashDisk();
            disk.failAt(step);
            run(disk, SIXTEEN_KEYS, step, 40, true, "fails at step " + step);
            if (!disk.hasFailed()) {
                assertThat(step).as("steps tried").isGreaterThan(100);
                return;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 512", "2, 5000", "3, 100000", "4, 67108864"})
    void knowsWhatSetsInMemoryKnow(long seed, long memoryBytes) throws Exception {
        run(new CrashDisk(), memoryBytes, seed, 2000, false, "seed " + seed);
    }

    private void run(
            CrashDisk disk, long memoryBytes, long seed, int bodySize, boolean retries, String what)
            throws Exception {
        Path folder = temporary.resolve(what).resolve("keys");
        new SimulatedExport(folder, memoryBytes, disk, seed, bodySize, retries, what).run();
    }
}
