package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.ForkedExport;
import io.github.camelmixpanel.export.testkit.FullBuild;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Memory does not depend on the size of a window. */
@Tag(FullBuild.TAG)
class LargeWindowTest extends ExportTestSupport {

    private static final int BLOCKS = 64;
    private static final int EVENTS_A_BLOCK = 16_384;
    private static final int EVENT_BYTES = 1_024;

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @Test
    void passesAGigabyteWith64MegabytesOfHeap() throws Exception {
        assertThat((long) BLOCKS * EVENTS_A_BLOCK * EVENT_BYTES).isEqualTo(1L << 30);
        answer(BLOCKS);

        Path out = Path.of("/dev/null");
        try (ForkedExport export =
                ForkedExport.start(
                        uri("2026-10-05", "2026-10-05", "repeatCount=1"),
                        Files.exists(out) ? out : temp.resolve("out"),
                        temp.resolve("log.txt"),
                        "-Xmx64m")) {
            export.awaitEnd();
            assertThat(export.log())
                    .contains("committed: 1,048,576 events, ")
                    .doesNotContain("OutOfMemory");
        }
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void splitsAWindowOnDemandWithoutHoldingIt() throws Exception {
        int blocks = 16; // a quarter of a gigabyte
        answer(blocks);

        try (ForkedExport export =
                ForkedExport.start(
                        uri("2026-10-05", "2026-10-05"),
                        temp.resolve("out"),
                        temp.resolve("log.txt"),
                        "-Xmx64m",
                        "-DonDemand=true")) {
            export.awaitEnd();
            assertThat(export.log()).doesNotContain("OutOfMemory");
        }
        assertThat(Files.size(temp.resolve("out")))
                .isEqualTo((long) blocks * EVENTS_A_BLOCK * EVENT_BYTES);
    }

    private void answer(int blocks) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 24);
        for (int i = 0; i < blocks; i++) {
            body.write(block(i));
        }
        mixpanel.answer(Answer.rawBody(body.toByteArray(), Map.of("Content-Encoding", "gzip")));
    }

    /** One gzip member; a body may have many. */
    private static byte[] block(int block) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < EVENTS_A_BLOCK; i++) {
                String start =
                        "{\"event\":\"view\",\"properties\":{\"time\":"
                                + (1_791_158_400 + i % 86_400)
                                + ",\"distinct_id\":\"u"
                                + i
                                + "\",\"$insert_id\":\""
                                + block
                                + "-"
                                + i
                                + "\",\"filler\":\"";
                String line = start + "x".repeat(EVENT_BYTES - start.length() - 4) + "\"}}\n";
                gzip.write(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
