package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How many threads an export keeps while it has nothing to do. */
class ThreadsTest extends DatabaseTestSupport {

    /** Threads that export, whatever starts them; the one that polls is Camel's. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(
                        thread ->
                                thread.getName().startsWith("Cleaner-")
                                        || thread.getName().contains("MixpanelExport")
                                        || thread.getName().contains("mixpanel-export-"))
                .collect(Collectors.toSet());
    }

    @Test
    void ofAnIdleConsumerAreThreeAtMost() throws Exception {
        Set<Thread> before = threads();
        for (int day = 1; day <= 6; day++) {
            mixpanel.addEvents(lines("2026-10-0" + day, 3));
        }
        Node node = new Node("a");
        node.route(node.endpoint("2026-10-01", "2026-10-06", "maxConcurrentWindows=5", "delay=1h"))
                .start();
        await().until(() -> node.got.size() == 18);

        await().untilAsserted(
                        () -> {
                            Set<Thread> now = threads();
                            now.removeAll(before);
                            assertThat(now).hasSizeLessThanOrEqualTo(3);
                        });
    }

    @Test
    void ofAStandbyDoNotGrowWithItsTries() throws Exception {
        Node a = new Node("a");
        a.route(a.endpoint(DAY, DAY, "delay=1h")).start().awaitFirstPoll();
        Node b = new Node("b");
        AtomicInteger tries = new AtomicInteger();
        b.camel
                .getComponent("mixpanel-export", MixpanelExportComponent.class)
                .setTime(
                        Instant::now,
                        () -> Instant.EPOCH.plusNanos(System.nanoTime()),
                        (monitor, atMost) -> {
                            tries.incrementAndGet();
                            monitor.wait(10);
                        });
        Set<Thread> before = threads();
        b.route(b.endpoint(DAY, DAY, "onStateInUse=WAIT")).start();
        await().until(() -> tries.get() >= 50);

        Set<Thread> now = threads();
        now.removeAll(before);
        // the watch, and those of transactions that have just ended
        assertThat(now).hasSizeLessThan(10);
        assertThat(now).noneMatch(thread -> thread.getName().startsWith("Cleaner-"));
    }
}
