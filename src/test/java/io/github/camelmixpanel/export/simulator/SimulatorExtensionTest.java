package io.github.camelmixpanel.export.simulator;

import static io.github.camelmixpanel.export.simulator.SimulatorClient.DAY;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.event;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SimulatorExtensionTest {

    @RegisterExtension
    static final SimulatorExtension mixpanel =
            SimulatorExtension.builder().events(event("from the start", 0)).build();

    @Test
    void runsDuringATest() throws Exception {
        assertThat(mixpanel.baseUrl()).isEqualTo(mixpanel.simulator().baseUrl());
        assertThat(text(new SimulatorClient(mixpanel.simulator()).get(DAY)))
                .isEqualTo(event("from the start", 0) + "\n");
    }

    @Nested
    class InANestedClass {

        @Test
        void runsToo() {
            assertThat(mixpanel.simulator().queries()).isEmpty();
        }
    }

    @Test
    void leavesNothingOfATestToTheNext() throws Exception {
        SimulatorExtension extension =
                SimulatorExtension.builder().events(event("kept", 0)).build();
        extension.beforeAll(null);
        extension.beforeEach(null);
        MixpanelSimulator simulator = extension.simulator();
        SimulatorClient client = new SimulatorClient(simulator);
        simulator.addEvents(event("added", 1));
        simulator.refuseCredentials();
        client.get(DAY);
        simulator.answer(Answer.onlyLine("never asked for"));
        extension.afterEach(null);

        extension.beforeEach(null);
        assertThat(extension.simulator()).isSameAs(simulator);
        assertThat(simulator.queries()).isEmpty();
        assertThat(text(client.get(DAY))).isEqualTo(event("kept", 0) + "\n");
        extension.afterEach(null);
        extension.afterAll(null);
        assertThatThrownBy(extension::simulator).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void failsATestThatBrokeTheLimitsAndOnlyThat() throws Exception {
        SimulatorExtension extension =
                SimulatorExtension.builder().settings(SimulatorExtensionTest::oneAnHour).build();
        extension.beforeAll(null);
        extension.beforeEach(null);
        queryTwice(extension);
        assertThatThrownBy(() -> extension.afterEach(null))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected at most 1 queries in one rolling hour, found 2");
        extension.beforeEach(null);
        extension.afterEach(null);
        extension.afterAll(null);
    }

    @Test
    void letsATestBreakTheLimitsWhenToldTo() throws Exception {
        SimulatorExtension extension =
                SimulatorExtension.builder()
                        .settings(SimulatorExtensionTest::oneAnHour)
                        .assertLimits(false)
                        .build();
        extension.beforeEach(null);
        queryTwice(extension);
        assertThat(extension.simulator().refused()).isEqualTo(1);
        extension.afterEach(null);
    }

    @Test
    void startsAnewForEachTestInAnInstanceField(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("2026-01-01.jsonl"), "line\n");
        SimulatorExtension extension = SimulatorExtension.builder().folder(folder).build();
        extension.beforeEach(null);
        MixpanelSimulator first = extension.simulator();
        assertThat(text(new SimulatorClient(first).get(DAY))).isEqualTo("line\n");
        extension.afterEach(null);
        assertThatThrownBy(extension::simulator).isInstanceOf(IllegalStateException.class);
        extension.beforeEach(null);
        assertThat(extension.simulator()).isNotSameAs(first);
        extension.afterEach(null);
    }

    private static void oneAnHour(MixpanelSimulator.Builder settings) {
        settings.limits(1, 100, 100).clock(() -> Instant.parse("2026-01-02T00:00:00Z"));
    }

    private static void queryTwice(SimulatorExtension extension) throws Exception {
        SimulatorClient client = new SimulatorClient(extension.simulator());
        client.get(DAY);
        client.get(DAY);
    }
}
