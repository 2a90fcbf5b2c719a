package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;

/**
 * A real disk without space under each kind of file: the application lives on, says so, leaves
 * nothing half done, and goes on by itself when there is space again.
 */
class FullDiskTest extends VirtualTimeTestSupport {

    private static final String DAY = "2026-10-05";
    private static final int EVENTS = 300;

    FullDiskTest() {
        super(Instant.parse("2026-12-01T12:00:00Z"));
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @Test
    void underTheSpool() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(exportFolder().resolve("spool"), 64)) {
            disk.fill();
            mixpanel.addEvents(lines(DAY, EVENTS));
            collect(uri(DAY, DAY));
            context.start();

            awaitDown("Cannot write spool file");
            staysIdle("filler");
            assertThat(mixpanel.queries()).as("none that it cannot keep").isEmpty();
            disk.free();
            goesOn();
            assertThat(mixpanel.queries()).hasSize(1);
        }
    }

    @Test
    void underTheSpoolThatIsReadOnly() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(exportFolder().resolve("spool"), 64)) {
            collect(uri(DAY, DAY, "startScheduler=false"));
            mixpanel.addEvents(lines(DAY, EVENTS));
            context.start();
            disk.remount("ro");
            consumer().startScheduler();

            awaitDown("Read-only file system");
            staysIdle();
            disk.remount("rw");
            goesOn();
            assertThat(mixpanel.queries()).hasSize(1);
        }
    }

    @Test
    void underADownload() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(exportFolder().resolve("spool"), 128)) {
            mixpanel.addEvents(lines(DAY, 2_000)).answer(Answer.identity());
            collect(uri(DAY, DAY));
            context.start();

            awaitDown("Cannot write spool file");
            await().until(() -> consumer().trouble().toString().contains("filled up the disk"));
            staysIdle();
            assertThat(mixpanel.queries()).hasSize(1);
            disk.remount("size=1m");
            await().until(() -> received.size() == 2_000);
            assertThat(mixpanel.queries()).hasSize(2);
        }
    }

    /** However many polls there are. */
    private void staysIdle(String... files) {
        long polls = consumer().getCounter();
        await().until(() -> consumer().getCounter() > polls + 3);
        await().until(() -> filesIn("spool").equals(List.of(files)));
    }

    /** The ledger's last block has room for some lines more, so it fails at one day or another. */
    @Test
    void underTheLedger() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(exportFolder(), 64)) {
            // these have room; they go with the disk that they are on
            SmallDisk.mount(exportFolder().resolve("spool"), 65_536);
            SmallDisk.mount(exportFolder().resolve("keys-mixpanel"), 65_536);
            List<String> expected = new ArrayList<>();
            for (int day = 10; day < 30; day++) {
                String[] lines = lines("2026-10-" + day, 20);
                mixpanel.addEvents(lines);
                expected.addAll(List.of(lines));
            }
            CountDownLatch full = new CountDownLatch(1);
            mixpanel.answer(Answer.blockUntil(full));
            collect(uri("2026-10-10", "2026-10-29"));
            context.start();
            await().until(() -> mixpanel.queries().size() >= 1);
            disk.fill();
            full.countDown();

            await().until(() -> health().getState() == HealthCheck.State.DOWN);
            disk.free();
            await().until(
                            () -> {
                                time.advance(Duration.ofMinutes(61));
                                return filesIn("spool").isEmpty()
                                        && received.size() >= expected.size();
                            });
            assertThat(bodies()).containsExactlyInAnyOrderElementsOf(expected);
            await().until(() -> health().getState() == HealthCheck.State.UP);
        }
    }

    @Test
    void underTheQueryLog() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(state().resolve("queries"), 64)) {
            collect(uri(DAY, DAY, "startScheduler=false"));
            mixpanel.addEvents(lines(DAY, EVENTS));
            context.start();
            disk.fill();
            consumer().startScheduler();

            awaitDown("Cannot write query log");
            assertThat(mixpanel.queries()).as("none without its line").isEmpty();
            disk.free();
            goesOnAfterAnHour();
            assertThat(mixpanel.queries()).hasSize(1);
        }
    }

    @Test
    void underTheKeysWhileEventsAreAcknowledged() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(exportFolder().resolve("keys-mixpanel"), 64)) {
            mixpanel.addEvents(lines(DAY, EVENTS));
            fillAtEvent(100, disk);
            context.start();

            await().until(() -> health().getState() == HealthCheck.State.DOWN);
            disk.free();
            await().until(() -> consumer().trouble().isEmpty() && filesIn("spool").isEmpty());
            assertThat(bodies())
                    .as("all acknowledged before the disk was full, so none twice")
                    .containsExactly(lines(DAY, EVENTS));
            assertThat(mixpanel.queries()).hasSize(1);
            await().until(() -> health().getState() == HealthCheck.State.UP);
        }
    }

    private void fillAtEvent(int event, SmallDisk disk) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri(DAY, DAY))
                                .routeId("export")
                                .process(
                                        e -> {
                                            received.add(Received.of(e));
                                            if (received.size() == event) {
                                                disk.fill();
                                            }
                                        });
                    }
                });
    }

    private void awaitDown(String reason) throws Exception {
        await().until(() -> !consumer().trouble().isEmpty());
        HealthCheck.Result health = health();
        assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health.getMessage().orElseThrow()).contains(DAY).contains(reason);
        assertThat(received).isEmpty();
    }

    private void goesOnAfterAnHour() {
        time.advance(Duration.ofMinutes(61));
        goesOn();
    }

    private void goesOn() {
        await().until(() -> received.size() == EVENTS);
        assertThat(bodies()).containsExactly(lines(DAY, EVENTS));
        await().until(() -> health().getState() == HealthCheck.State.UP);
    }

    private List<String> filesIn(String folder) throws IOException {
        try (Stream<Path> files = Files.list(exportFolder().resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
