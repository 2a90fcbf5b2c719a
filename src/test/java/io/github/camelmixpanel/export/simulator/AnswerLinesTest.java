package io.github.camelmixpanel.export.simulator;

import static io.github.camelmixpanel.export.simulator.SimulatorClient.DAY;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same events in answers that are not the same. */
class AnswerLinesTest {

    private static final LocalDate FIRST = LocalDate.parse("2026-01-01");
    private static final String[] EVENTS =
            IntStream.range(0, 40)
                    .mapToObj(i -> SimulatorClient.event("e", i))
                    .toArray(String[]::new);

    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private MixpanelSimulator simulator;
    private SimulatorClient client;

    private void start(MixpanelSimulator.Builder builder) {
        simulator = builder.clock(() -> now).limits(1000, 1000, 100).start();
        client = new SimulatorClient(simulator);
    }

    @AfterEach
    void close() {
        simulator.close();
    }

    private List<String> lines() throws Exception {
        now = now.plusSeconds(1);
        return text(client.get(DAY)).lines().toList();
    }

    @Test
    void areInAnotherOrderEachTimeUnlessTheyAreAskedForInOrder() throws Exception {
        start(MixpanelSimulator.builder());
        simulator.addEvents(EVENTS);
        List<String> first = lines();
        assertThat(first).containsExactlyInAnyOrder(EVENTS).doesNotContainSequence(EVENTS);
        assertThat(lines()).containsExactlyInAnyOrder(EVENTS).isNotEqualTo(first);
        simulator.close();

        start(MixpanelSimulator.builder().inOrder());
        simulator.addEvents(EVENTS);
        assertThat(lines()).containsExactly(EVENTS);
    }

    @Test
    void haveTheirPropertiesInAnotherOrderAndNotAByteChanged() throws Exception {
        start(MixpanelSimulator.builder().inOrder().shuffledProperties());
        String odd =
                "{ \"event\" : \"e\",\t\"properties\":{\"time\": 1767225600 , \"n\":1E2,"
                        + "\"o\":{\"b\":[1,{\"a\":-0.50}],\"a\":\"x\6\\\"\"},\"t\":true,\"s\":\"é\" } }";
        simulator.addDay(FIRST, (odd + "\nno event {1,2}\n").getBytes("UTF-8"));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            List<String> lines = lines();
            assertThat(lines.get(1)).isEqualTo("no event {1,2}");
            String line = lines.get(0);
            seen.add(line);
            assertThat(line)
                    .hasSameSizeAs(odd)
                    .contains(
                            "\"event\" : \"e\"",
                            "\"time\": 1767225600",
                            "\"n\":1E2",
                            "\"o\":{\"b\":[1,{\"a\":-0.50}],\"a\":\"x\6\\\"\"}",
                            "\"s\":\"é\"");
            assertThat(StoredEvent.JSON.readTree(line)).isEqualTo(StoredEvent.JSON.readTree(odd));
        }
        assertThat(seen).hasSizeGreaterThan(20).anyMatch(line -> line.endsWith("\"e\" }"));
    }

    @Test
    void lackSomeThatOthersHaveWhileTheyAreYoung() throws Exception {
        start(MixpanelSimulator.builder().inOrder().missingRows(0.3, Duration.ofDays(1)));
        simulator.addEvents(EVENTS);
        List<String> first = lines();
        assertThat(first).isSubsetOf(EVENTS).hasSizeBetween(1, EVENTS.length - 1);
        List<String> second = lines();
        assertThat(second).isNotEqualTo(first);
        assertThat(first.containsAll(second)).as("some have come back").isFalse();

        now = Instant.parse("2026-01-02T00:00:40Z");
        assertThat(lines()).containsExactly(EVENTS);
    }
}
