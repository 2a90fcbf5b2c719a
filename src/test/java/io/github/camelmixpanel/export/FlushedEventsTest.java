package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.testkit.BreakingDataSource;
import io.github.camelmixpanel.export.testkit.HeldWatch;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import io.github.camelmixpanel.export.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

/**
 * What is acknowledged goes to disk by number too, since a fast route must not pile up a second's
 * keys; and each second whatever the polling thread does.
 */
class FlushedEventsTest extends VirtualTimeTestSupport {

    private static final String DAY = "2026-10-05";
    private static final int EVENTS = 101_000;

    private final List<Integer> known = Collections.synchronizedList(new ArrayList<>());
    private final List<AsyncCallback> held = Collections.synchronizedList(new ArrayList<>());
    private HeldWatch watch;
    private int handled;

    FlushedEventsTest() {
        super(Instant.parse("2026-10-20T10:00:00Z"));
    }

    @Override
    CamelContext newContext() throws Exception {
        CamelContext fresh = super.newContext();
        watch = HeldWatch.of(fresh);
        return fresh;
    }

    @Test
    void areOnDiskAfterFiftyThousandWhateverTheClockSays() throws Exception {
        mixpanel.addEvents(lines(DAY, EVENTS));
        handle(uri(DAY, DAY, "repeatCount=1"), e -> handled());
        context.start();
        await().until(() -> known.size() == 3);

        assertThat(known.get(1) - known.get(0)).as("of 49,000 to 51,000").isEqualTo(1);
        assertThat(known.get(2) - known.get(1)).as("of 51,000 to 101,000").isEqualTo(1);
    }

    /** By the polling thread. */
    private void handled() throws IOException {
        handled++;
        if (handled == 1) {
            time.hold(); // not a moment passes from here on
        }
        if (handled == 49_000 || handled == 51_000 || handled == EVENTS) {
            known.add(acknowledgements());
        }
    }

    @Test
    void areOnDiskThoughNothingPollsAnyMore() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        handle(uri(DAY, DAY, "maxMessagesPerPoll=2", "repeatCount=1"), new HoldsAll());
        context.start();
        await().until(() -> held.size() == 2 && consumer().isFirstPollDone());
        held.forEach(callback -> callback.done(false));
        assertThat(acknowledgements()).isZero();

        watch.second();

        assertThat(ledger()).contains("\"type\":\"acknowledged\"").contains("\"line\":2");
        assertKeysOnDisk(2);
        watch.second();
        assertThat(acknowledgements()).as("what is written is not written again").isEqualTo(1);
    }

    @Test
    void areOnDiskWhileTheRouteHoldsThePollingThread() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        Semaphore release = holdTheThird();
        assertThat(ledger()).doesNotContain("\"line\":2");

        watch.second();

        assertThat(ledger()).contains("\"type\":\"acknowledged\"").contains("\"line\":2");
        assertKeysOnDisk(2);
        release.release();
    }

    /** Returns when the route holds the third event; no time has passed since the first. */
    private Semaphore holdTheThird(String... options) throws Exception {
        Semaphore taken = new Semaphore(0);
        Semaphore release = new Semaphore(0);
        handle(
                uri(DAY, DAY, options) + "&repeatCount=1",
                e -> {
                    time.hold();
                    if (e.getMessage().getHeader(MixpanelExportConstants.LINE).equals(3L)) {
                        taken.release();
                        release.acquireUninterruptibly();
                    }
                });
        context.start();
        taken.acquire();
        return release;
    }

    @Test
    void thatCannotBeWrittenMeanwhileEndThePollThatGoesOn() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        // only the keys are on a disk without space: without that failure the ledger would go on
        try (SmallDisk disk = SmallDisk.mount(exportFolder().resolve("keys-mixpanel"), 64);
                LogRecorder log = new LogRecorder(Level.WARN)) {
            Semaphore release = holdTheThird();
            disk.fill();

            watch.second();

            assertThat(log.lines(Level.WARN))
                    .singleElement()
                    .asString()
                    .contains("Cannot write run file")
                    .contains("What was acknowledged since the last second may be repeated");
            disk.free();
            release.release();
            await().until(() -> consumer().isFirstPollDone());
            assertThat(log.lines(Level.WARN))
                    .as("told by the poll too, whatever happened since")
                    .filteredOn(line -> line.contains("Cannot write run file"))
                    .hasSize(2);
        }
    }

    @Test
    void areWrittenAsSoonAsTheyCanBeWhateverADatabaseThrew() throws Exception {
        BreakingDataSource dataSource = new BreakingDataSource(StateKind.H2.newDatabase());
        context.getRegistry().bind("db", dataSource);
        mixpanel.addEvents(lines(DAY, 3));
        Semaphore release = holdTheThird("dataSource=#bean:db", "deduplicate=false");
        dataSource.whenConnecting(
                () -> {
                    throw new IllegalStateException("the pool is closing");
                });
        try (LogRecorder log = new LogRecorder(Level.WARN)) {
            watch.second();
            watch.second();

            assertThat(log.lines(Level.WARN))
                    .filteredOn(line -> line.contains("may be repeated"))
                    .as("once per cause")
                    .singleElement()
                    .asString()
                    .contains("the pool is closing");
        }
        assertThat(health().getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health().getMessage().orElseThrow())
                .contains("What was acknowledged since the last second may be repeated: ")
                .contains("the pool is closing");

        dataSource.whenConnecting(() -> {});
        watch.second();

        assertThat(ledger()).contains("\"type\":\"acknowledged\"").contains("\"line\":2");
        assertThat(consumer().trouble()).isEmpty();
        release.release();
    }

    @Test
    void thatCouldNotBeWrittenAreWhenThereIsRoomAgain() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        try (SmallDisk disk = SmallDisk.mount(exportFolder().resolve("keys-mixpanel"), 64)) {
            handle(uri(DAY, DAY, "maxMessagesPerPoll=3", "repeatCount=1"), new HoldsAll());
            context.start();
            await().until(() -> held.size() == 3 && consumer().isFirstPollDone());
            // the position stays before the first one: the keys alone say that the others are done
            held.get(1).done(false);
            held.get(2).done(false);
            disk.fill();
            watch.second();
            disk.free();

            watch.second();

            assertKeysOnDisk(2);
            held.get(0).done(false);
        }
    }

    /** In the run file of the window, in one block after its header or in more. */
    private void assertKeysOnDisk(int keys) throws IOException {
        try (Stream<Path> files = Files.walk(exportFolder().resolve("keys-mixpanel"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .singleElement()
                    .satisfies(
                            file ->
                                    assertThat(Files.size(file))
                                            .isBetween(40L + 20 * keys, 32L + 28 * keys));
        }
    }

    /** Takes each event and keeps it until it is given back. */
    private final class HoldsAll extends AsyncProcessorSupport {

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            held.add(callback);
            return false;
        }
    }

    private int acknowledgements() throws IOException {
        return (int)
                ledger().lines().filter(line -> line.contains("\"type\":\"acknowledged\"")).count();
    }
}
