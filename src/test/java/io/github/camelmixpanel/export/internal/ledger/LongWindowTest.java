package io.github.camelmixpanel.export.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableFile;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.testkit.ForkedJvm;
import io.github.camelmixpanel.export.testkit.FullBuild;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger of a window that the route takes for days, a line a second. */
class LongWindowTest {

    private static final Window DAY = LedgerFixture.day(5);

    /** Seconds; a week has 604,800, and each adds the same. */
    private static final int SECONDS = 20_000;

    private static final Disk UNFORCED =
            new Disk() {
                @Override
                public void force(DurableFile file) {}

                @Override
                public void forceDirectory(Path directory) {}
            };

    @TempDir Path folder;

    private static Ledger begin(Path folder) throws Exception {
        Ledger ledger = LedgerFixture.open(folder, UNFORCED);
        SpooledBody body =
                new SpooledBody(DAY + ".g1.gz", true, 1, "ab", 100_000_000, 100_000_000, 0, 0);
        ledger.spooled(new OpenWindow(DAY, 1, Instant.EPOCH, null, body));
        return ledger;
    }

    @Test
    void staysShort() throws Exception {
        long longest = 0;
        try (Ledger ledger = begin(folder)) {
            for (int second = 1; second <= SECONDS; second++) {
                ledger.acknowledged(DAY, second * 10L);
                longest = Math.max(longest, Files.size(folder.resolve("ledger.jsonl")));
            }
        }

        assertThat(longest).isLessThan(100_000);
        try (Ledger ledger = LedgerFixture.open(folder, UNFORCED)) {
            assertThat(ledger.openWindows())
                    .singleElement()
                    .extracting(OpenWindow::acknowledged)
                    .isEqualTo(SECONDS * 10L);
        }
    }

    /** As earlier versions left it: 50 MB of history. */
    @Tag(FullBuild.TAG)
    @Test
    void canBeOpenedWithAHeapThatIsSmallerThanItsFile() throws Exception {
        begin(folder).close();
        Path file = folder.resolve("ledger.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardOpenOption.APPEND)) {
            for (int second = 1; second <= 500_000; second++) {
                out.write(
                        """
                        {"type":"acknowledged","from":"%1$s","to":"%1$s","line":%2$d,"at":"2026-10-20T12:00:00Z"}
                        """
                                .formatted(DAY, second * 10));
            }
        }
        assertThat(Files.size(file)).isGreaterThan(45_000_000);

        Process process =
                ForkedJvm.of(Opening.class, List.of("-Xmx32m"), folder.toString())
                        .inheritIO()
                        .start();

        assertThat(process.waitFor()).isZero();
        assertThat(Files.size(file)).isLessThan(1_000);
    }

    /** A program. */
    static final class Opening {

        public static void main(String[] arguments) throws Exception {
            try (Ledger ledger = LedgerFixture.open(Path.of(arguments[0]), UNFORCED)) {
                assertThat(ledger.openWindows().get(0).acknowledged()).isEqualTo(5_000_000);
            }
        }
    }
}
