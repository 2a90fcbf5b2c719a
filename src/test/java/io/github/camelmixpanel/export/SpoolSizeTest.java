package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** The spool stays inside maxSpoolSize, and nothing is lost for it. */
class SpoolSizeTest extends ExportTestSupport {

    @Test
    void endsYoungerDownloadsWhenTheSpoolIsFull() throws Exception {
        // four windows of about 120 KB each, not compressed, and room for one and a half
        Answer[] plain = new Answer[12];
        java.util.Arrays.fill(plain, Answer.identity());
        mixpanel.answer(plain);
        Set<String> expected = new HashSet<>();
        for (int day = 1; day <= 4; day++) {
            String[] lines = lines("2026-10-0" + day, 1_000);
            mixpanel.addEvents(lines);
            expected.addAll(Set.of(lines));
        }
        AtomicLong most = new AtomicLong();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(
                                        "2026-10-01",
                                        "2026-10-04",
                                        "repeatCount=1",
                                        "maxSpoolSize=180KB",
                                        "maxConcurrentWindows=4"))
                                .routeId("export")
                                .process(
                                        e -> {
                                            most.accumulateAndGet(spooledBytes(), Math::max);
                                            received.add(Received.of(e));
                                        });
                    }
                });
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(new HashSet<>(bodies())).isEqualTo(expected);
        assertThat(received).hasSize(4_000);
        assertThat(most.get()).isBetween(1L, 180 * 1024L);
        assertThat(consumer().trouble()).isEmpty();
    }

    @Test
    void failsALoneWindowThatIsTooLargeNamingTheOption() throws Exception {
        mixpanel.answer(Answer.identity());
        mixpanel.addEvents(lines("2026-10-01", 1_000));
        collect(uri("2026-10-01", "2026-10-01", "repeatCount=1", "maxSpoolSize=50KB"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).isEmpty();
        assertThat(consumer().trouble())
                .containsExactly(
                        "Window 2026-10-01: its body alone is larger than maxSpoolSize=51200 bytes. Set"
                                + " maxSpoolSize higher, or choose fewer events, or a where that leaves out more.");
        assertThat(spooledBytes()).isZero();
        assertThat(mixpanel.queries()).hasSize(1);
    }

    private long spooledBytes() {
        try (Stream<Path> files = Files.list(exportFolder().resolve("spool"))) {
            return files.mapToLong(SpoolSizeTest::size).sum();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // renamed or deleted meanwhile
        }
    }
}
