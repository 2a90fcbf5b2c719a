package io.github.camelmixpanel.export;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.ForkedExport;
import io.github.camelmixpanel.export.testkit.FullBuild;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A line of 100 MB is bounded by {@code maxLineSize}, and an event where that allows it. */
@Tag(FullBuild.TAG)
class HugeLinesTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";
    private static final int OTHERS = 200;
    private static final int LONG = 100 << 20;

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @Test
    void areSetAsideWithFlatHeap() throws Exception {
        Path out = export("-Xmx64m");

        assertThat(log())
                .contains("line 101 is not an event (longer than maxLineSize)")
                .contains("committed: " + OTHERS + " events")
                .doesNotContain("OutOfMemory");
        assertThat(Files.readAllLines(out)).containsExactly(lines(DAY, OTHERS));
        try (Stream<Path> files = Files.list(exportFolder().resolve("quarantine"))) {
            assertThat(files.toList())
                    .singleElement()
                    .satisfies(file -> assertThat(Files.size(file)).isBetween(8L << 20, 9L << 20));
        }
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void passWhereTheyAreAllowed() throws Exception {
        Path out = export("-Xmx768m", "maxLineSize=101MB");

        assertThat(log())
                .contains("committed: " + (OTHERS + 1) + " events")
                .doesNotContain("parked")
                .doesNotContain("OutOfMemory");
        long others = Stream.of(lines(DAY, OTHERS)).mapToLong(line -> line.length() + 1).sum();
        assertThat(Files.size(out)).isEqualTo(others + LONG + 1);
    }

    private Path export(String heap, String... options) throws Exception {
        mixpanel.answer(Answer.rawBody(body(), Map.of("Content-Encoding", "gzip")));
        List<String> all = Stream.concat(Stream.of("repeatCount=1"), Stream.of(options)).toList();
        Path out = temp.resolve("out");
        try (ForkedExport export =
                ForkedExport.start(
                        uri(DAY, DAY, all.toArray(String[]::new)),
                        out,
                        temp.resolve("log.txt"),
                        heap)) {
            export.awaitEnd();
        }
        return out;
    }

    private String log() throws IOException {
        return Files.readString(temp.resolve("log.txt"));
    }

    /** The long line after the first hundred of the others. */
    private static byte[] body() throws IOException {
        String[] others = lines(DAY, OTHERS);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes, 1 << 16)) {
            for (int i = 0; i < OTHERS; i++) {
                if (i == 100) {
                    gzip.write(longLine());
                }
                gzip.write((others[i] + "\n").getBytes(US_ASCII));
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] longLine() throws IOException {
        String start =
                lines(DAY, 1)[0].replace(DAY + "-0", "long").replace("\"n\":0}}", "\"text\":\"");
        String end = "\"}}";
        // not one letter over and over: that would be a bomb, which is refused for another reason
        byte[] block = new byte[1_000];
        Random random = new Random(7);
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) ('a' + random.nextInt(26));
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream(LONG + 1);
        line.write(start.getBytes(US_ASCII));
        while (line.size() < LONG - end.length()) {
            line.write(block, 0, Math.min(block.length, LONG - end.length() - line.size()));
        }
        line.write(end.getBytes(US_ASCII));
        line.write('\n');
        return line.toByteArray();
    }
}
