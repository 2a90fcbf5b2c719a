package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;

import io.github.camelmixpanel.export.failure.StateInUseException;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.health.HealthCheck;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

/** Two applications that want the same state: one has it, and the other waits or fails. */
class StandbyTest extends DatabaseTestSupport {

    @Test
    void failsAtItsStartUnlessItIsToldToWait() throws Exception {
        Node a = new Node("a");
        a.route(a.endpoint(DAY, DAY)).start();
        Node b = new Node("b");
        b.route(b.endpoint(DAY, DAY));

        assertThatThrownBy(b::start)
                .extracting(DatabaseTestSupport::root, as(THROWABLE))
                .isInstanceOf(StateInUseException.class)
                .hasMessageContaining("process " + ProcessHandle.current().pid());
    }

    @Test
    void waitsAndTakesOverWhenTheOtherStops() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 20));
        Node a = new Node("a");
        a.route(a.endpoint(DAY, "2026-10-06")).start().awaitFirstPoll();
        mixpanel.addEvents(lines("2026-10-07", 5));
        Node b = new Node("b");
        b.route(b.endpoint(DAY, "2026-10-07", "onStateInUse=WAIT"));
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            b.start();

            await().until(() -> b.health().getDetails().containsKey("mixpanel.standby"));
            assertThat(b.health().getState()).isEqualTo(HealthCheck.State.UP);
            assertThat(b.consumer().snapshot().orElseThrow().verdict().state())
                    .isEqualTo(Verdict.State.STANDBY);
            assertThat(b.got).isEmpty();
            a.camel.stop();
            await().until(() -> b.got.size() == 5);

            assertThat(log.lines(Level.INFO))
                    .filteredOn(line -> line.contains("is a standby"))
                    .hasSize(1)
                    .allMatch(line -> line.contains(Long.toString(ProcessHandle.current().pid())));
            assertThat(log.lines(Level.INFO))
                    .filteredOn(line -> line.contains("has taken over"))
                    .hasSize(1);
        }
        assertThat(a.got).hasSize(20);
        assertThat(b.got).containsExactly(lines("2026-10-07", 5));
        assertThat(mixpanel.queries()).hasSize(3);
        assertThat(b.health().getDetails()).doesNotContainKey("mixpanel.standby");
        assertThat(b.health().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void canBeStoppedAndStartedWhileItWaits() throws Exception {
        mixpanel.addEvents(lines(DAY, 5));
        CountDownLatch go = new CountDownLatch(1);
        Node a = new Node("a");
        a.route(a.endpoint(DAY, DAY), go::await).start();
        await().until(() -> mixpanel.queries().size() == 1);
        Node b = new Node("b");
        b.route(b.endpoint(DAY, DAY, "onStateInUse=WAIT")).start();
        await().until(() -> b.health().getDetails().containsKey("mixpanel.standby"));

        b.camel.getRouteController().stopRoute("export");
        assertThat(b.consumer().standby()).isEmpty();
        b.camel.getRouteController().startRoute("export");
        await().until(() -> b.health().getDetails().containsKey("mixpanel.standby"));
        b.camel.getRouteController().suspendRoute("export");
        b.camel.getRouteController().resumeRoute("export");
        go.countDown();
        await().until(() -> a.got.size() == 5);
        a.camel.stop();

        await().until(() -> b.consumer().snapshot().isPresent());
        assertThat(b.got).isEmpty();
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void saysThatItCannotDoWhatItIsAskedWhileItWaits() throws Exception {
        Node a = new Node("a");
        a.route(a.endpoint(DAY, DAY)).start();
        Node b = new Node("b");
        b.route(b.endpoint(DAY, DAY, "onStateInUse=WAIT")).start();
        await().until(() -> b.consumer().standby().isPresent());

        assertThatThrownBy(() -> b.consumer().reexport(DAY, DAY, "REPAIR"))
                .hasMessageContaining("mixpanel-export:test is a standby")
                .hasMessageContaining("in ");
    }
}
