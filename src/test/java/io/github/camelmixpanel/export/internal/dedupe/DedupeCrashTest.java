package io.github.camelmixpanel.export.internal.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.internal.database.Store;
import io.github.camelmixpanel.export.testkit.FullBuild;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** No event is lost, and none repeated that reached a run, whatever fails and whenever. */
@Tag(FullBuild.TAG)
class DedupeCrashTest {

    private static final long SIXTEEN_KEYS = 16 * 32;

    @TempDir Path temporary;

    /** Every step where that takes no time. */
    private static long stride(StateKind kind) {
        return switch (kind) {
            case DIRECTORY -> 1;
            case H2 -> 3;
            case POSTGRESQL -> 11;
        };
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingWhenTheProcessDiesAtAnyStep(StateKind kind) throws Exception {
        for (long step = 1; ; step += stride(kind)) {
            CrashDisk disk = new CrashDisk();
            disk.dieAt(step);
            run(kind, disk, SIXTEEN_KEYS, step, 40, false, "dies at step " + step);
            if (!disk.hasFailed()) {
                assertThat(step).as("steps tried").isGreaterThan(100);
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingWhenAStepFailsAndIsTriedAgain(StateKind kind) throws Exception {
        for (long step = 1; ; step += stride(kind)) {
            CrashDisk disk = new CrashDisk();
            disk.failAt(step);
            run(kind, disk, SIXTEEN_KEYS, step, 40, true, "fails at step " + step);
            if (!disk.hasFailed()) {
                assertThat(step).as("steps tried").isGreaterThan(100);
                return;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 512", "2, 5000", "3, 100000", "4, 67108864"})
    void knowsWhatSetsInMemoryKnow(long seed, long memoryBytes) throws Exception {
        run(StateKind.DIRECTORY, new CrashDisk(), memoryBytes, seed, 2000, false, "seed " + seed);
    }

    private void run(
            StateKind kind,
            CrashDisk disk,
            long memoryBytes,
            long seed,
            int bodySize,
            boolean retries,
            String what)
            throws Exception {
        Path folder = temporary.resolve(what).resolve("keys");
        try (Store store = Store.of(kind)) {
            new SimulatedExport(folder, memoryBytes, store, disk, seed, bodySize, retries, what)
                    .run();
        }
    }
}
