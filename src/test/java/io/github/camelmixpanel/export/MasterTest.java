package io.github.camelmixpanel.export;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.component.file.cluster.FileLockClusterService;
import org.apache.camel.component.master.MasterComponent;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

/** Camel's {@code master:} says who exports, by the lock of a file; the state is shared. */
class MasterTest extends DatabaseTestSupport {

    private static final int MASTERS_ATTEMPTS = 2;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(10);

    private Node member(String name) throws Exception {
        Node node = new Node(name);
        FileLockClusterService service = new FileLockClusterService();
        service.setId(name);
        service.setRoot(temp.resolve("cluster").toString());
        service.setAcquireLockDelay(10, MILLISECONDS);
        service.setAcquireLockInterval(50, MILLISECONDS);
        node.camel.addService(service);
        MasterComponent master = node.camel.getComponent("master", MasterComponent.class);
        master.setBackOffMaxAttempts(MASTERS_ATTEMPTS);
        master.setBackOffDelay(BETWEEN_ATTEMPTS.toMillis());
        return node;
    }

    private static String led(String endpoint) {
        return "master:exports:" + endpoint;
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @Test
    void theOneThatLeadsExportsAndAnotherTakesOver() throws Exception {
        mixpanel.addEvents(lines(DAY, 20));
        Node a = member("a");
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            a.route(led(a.endpoint(DAY, DAY, "onStateInUse=WAIT"))).start();
            await().until(
                            () ->
                                    log.lines(Level.INFO).stream()
                                            .anyMatch(line -> line.contains("committed")));
        }
        mixpanel.addEvents(lines("2026-10-06", 5));
        Node b = member("b");
        b.route(led(b.endpoint(DAY, "2026-10-06", "onStateInUse=WAIT"))).start();

        assertThat(b.got).isEmpty();
        a.camel.stop();
        await().until(() -> b.got.size() == 5);

        assertThat(a.got).containsExactly(lines(DAY, 20));
        assertThat(b.got).containsExactly(lines("2026-10-06", 5));
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @Test
    void recoversWhenTheStateIsHeldForLongerThanMasterTries() throws Exception {
        mixpanel.addEvents(lines(DAY, 20)).addEvents(lines("2026-10-06", 10));
        CountDownLatch go = new CountDownLatch(1);
        Node holder = new Node("holder");
        holder.route(holder.endpoint(DAY, DAY), go::await).start();
        await().until(() -> mixpanel.queries().size() == 1);
        AtomicInteger tries = new AtomicInteger();
        Node leader = member("leader");
        leader.camel
                .getComponent("mixpanel-export", MixpanelExportComponent.class)
                .setTime(
                        ShiftedTime.ahead(Duration.ZERO),
                        ShiftedTime.ahead(Duration.ZERO),
                        (monitor, atMost) -> {
                            tries.incrementAndGet();
                            monitor.wait(BETWEEN_ATTEMPTS.toMillis());
                        });
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            leader.route(led(leader.endpoint(DAY, "2026-10-06", "onStateInUse=WAIT"))).start();

            await().until(() -> tries.get() > 10 * MASTERS_ATTEMPTS);
            assertThat(log.lines(Level.INFO)).anyMatch(line -> line.contains("is a standby"));
            assertThat(leader.got).isEmpty();
        }
        go.countDown();
        await().until(() -> holder.got.size() == 20);
        holder.camel.stop();
        await().until(() -> leader.got.size() == 10);

        assertThat(leader.got).containsExactly(lines("2026-10-06", 10));
        assertThat(mixpanel.queries()).hasSize(2);
    }
}
