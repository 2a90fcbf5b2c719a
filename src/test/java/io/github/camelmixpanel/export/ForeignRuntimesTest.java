package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.ForkedExport;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Where the component runs: a JDK with few modules, threads of other applications. */
class ForeignRuntimesTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @Test
    void mayLackTheModuleThatHasTheGeneratorsOfRandomNumbers() throws Exception {
        mixpanel.addEvents(lines(DAY, 5));
        Path out = temp.resolve("out");
        try (ForkedExport export =
                ForkedExport.start(
                        uri(DAY, DAY, "repeatCount=1"),
                        out,
                        temp.resolve("log"),
                        "--limit-modules",
                        "java.se,jdk.unsupported")) {
            export.awaitEnd();
        }

        assertThat(Files.readAllLines(out)).containsExactly(lines(DAY, 5));
    }

    @Test
    void mayStartItByAThreadWithoutAContextClassLoader() throws Exception {
        startBy(null);
    }

    @Test
    void mayStartItByAThreadOfAnotherApplication() throws Exception {
        try (URLClassLoader other =
                new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            startBy(other);
        }
    }

    private void startBy(ClassLoader loader) throws Exception {
        mixpanel.addEvents(lines(DAY, 5));
        FutureTask<Void> start =
                new FutureTask<>(
                        () -> {
                            context = newContext();
                            collect(uri(DAY, DAY));
                            context.start();
                            return null;
                        });
        Thread foreign = new Thread(start);
        foreign.setContextClassLoader(loader);
        foreign.start();
        start.get();

        await().until(() -> received.size() == 5);
        assertThat(bodies()).containsExactly(lines(DAY, 5));
    }
}
