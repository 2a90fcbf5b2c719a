package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.ForkedExport;
import io.github.camelmixpanel.export.testkit.FullBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Two applications, each a process, on one state directory. */
@Tag(FullBuild.TAG)
class TwoProcessesTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    private Path holdersOut;

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @BeforeEach
    void events() {
        mixpanel.addEvents(lines(DAY, 20));
        holdersOut = temp.resolve("holder.jsonl");
    }

    /** Has the directory, and stands still in its route before the first event. */
    private ForkedExport holder() throws Exception {
        ForkedExport holder =
                ForkedExport.start(
                        uri(DAY, DAY), holdersOut, temp.resolve("holder.log"), "-DblockAt=1");
        await().until(() -> mixpanel.queries().size() == 1);
        return holder;
    }

    private ForkedExport second() throws IOException {
        return ForkedExport.start(
                uri(DAY, DAY, "repeatCount=1"),
                temp.resolve("second.jsonl"),
                temp.resolve("second.log"));
    }

    private void assertRefused(ForkedExport holder) throws Exception {
        try (ForkedExport second = second()) {
            assertThatThrownBy(second::awaitEnd).isInstanceOf(AssertionError.class);
            assertThat(second.log())
                    .contains("State directory " + state().toRealPath() + " is in use by process")
                    .contains("process " + holder.pid() + " on host")
                    .contains("set onStateInUse=WAIT to take over when it is gone")
                    .contains("each folder counts the quota for itself");
        }
        assertThat(mixpanel.queries()).hasSize(1);
        assertThat(temp.resolve("second.jsonl"))
                .satisfiesAnyOf(
                        out -> assertThat(out).doesNotExist(),
                        out -> assertThat(out).isEmptyFile());
    }

    @Test
    void theSecondFailsAtItsStartAndSaysWhoHasIt() throws Exception {
        try (ForkedExport holder = holder()) {
            assertRefused(holder);
            assertRefused(holder); // nothing that it does at its end frees the lock
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGSTOP")
    void oneThatIsStoppedStillKeepsOthersOut() throws Exception {
        try (ForkedExport holder = holder()) {
            signal("STOP", holder.pid());
            assertRefused(holder);
            signal("CONT", holder.pid());
            assertRefused(holder);
        }
    }

    @Test
    void oneThatIsKilledLetsTheNextGoOnAtOnceWithoutAQuery() throws Exception {
        try (ForkedExport holder = holder()) {
            await().until(this::isSpooled);
            holder.kill();
        }
        try (ForkedExport second = second()) {
            second.awaitEnd();
        }
        assertThat(holdersOut).isEmptyFile();
        assertThat(Files.readAllLines(temp.resolve("second.jsonl")))
                .isEqualTo(List.of(lines(DAY, 20)));
        assertThat(mixpanel.queries()).hasSize(1);
    }

    private boolean isSpooled() throws IOException {
        return ledger().contains("\"spooled\"");
    }

    private static void signal(String name, long pid) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
        assertThat(kill.waitFor()).isZero();
    }
}
