/**
 * A Mixpanel for tests: real sockets on loopback, the export API's parameters, credentials and
 * limits, and broken answers on demand. Nothing here needs Camel or the component itself, only
 * Jackson and, for the extension, JUnit 5.
 *
 * <p>A route against it, in five lines:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final SimulatorExtension mixpanel =
 *         SimulatorExtension.builder()
 *                 .events("{\"event\":\"a\",\"properties\":{\"time\":1767225600}}")
 *                 .build();
 *
 * from("mixpanel-export:test?accessToken=any&projectId=1&fromDate=2026-01-01&toDate=2026-01-01&baseUrl="
 *         + mixpanel.baseUrl()).to("mock:events");
 * }</pre>
 *
 * <p>Then {@code mixpanel.simulator().answer(Answer.reset(0.5))} breaks the next answer, and {@code
 * mixpanel.simulator().queries()} tells what was asked. The test fails if the route broke the
 * limits.
 *
 * <p>Events may have a history, see {@link
 * io.github.camelmixpanel.export.simulator.SimulatedEvent}: they arrive late, are repeated,
 * restated, merged into another identity, compacted and deleted as the simulator's clock goes on.
 *
 * <p>{@link io.github.camelmixpanel.export.simulator.SimulatorMain} runs one from the command line.
 */
package io.github.camelmixpanel.export.simulator;
