package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which files an export keeps open while it waits. */
class OpenFilesTest extends ExportTestSupport {

    private static final Path OPEN = Path.of("/proc/self/fd");

    /** Those in the folder of the export. */
    private List<Path> openFiles() throws IOException {
        try (Stream<Path> links = Files.list(OPEN)) {
            return links.map(OpenFilesTest::target)
                    .filter(file -> file.startsWith(exportFolder()))
                    .toList();
        }
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return link; // closed meanwhile
        }
    }

    @Test
    void areNoneOfParkedWindows() throws Exception {
        assumeTrue(Files.isDirectory(OPEN), "it lists what this process has open");
        for (int day = 1; day <= 9; day++) {
            mixpanel.addEvents(lines("2026-10-0" + day, 20));
        }
        handle(
                uri("2026-10-01", "2026-10-09", "onFailure=PARK", "delay=20"),
                exchange -> {
                    long line =
                            exchange.getMessage()
                                    .getHeader(MixpanelExportConstants.LINE, Long.class);
                    if (line % 5 == 0) {
                        throw new IllegalStateException("poison");
                    }
                });
        context.start();
        await().until(() -> consumer().trouble().size() == 9);

        assertThat(openFiles())
                .allMatch(file -> file.endsWith("ledger.jsonl"))
                .hasSizeLessThanOrEqualTo(1);
    }
}
