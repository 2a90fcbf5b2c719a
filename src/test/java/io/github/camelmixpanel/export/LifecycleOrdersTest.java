package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.ledger.StateDirectory;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What may be done to a route and its consumer, in any order, while the route is busy. */
class LifecycleOrdersTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";
    private static final int EVENTS = 300;
    private static final int STEPS = 12;

    /** Events that the route may take before it holds one. */
    private final Semaphore allowed = new Semaphore(0);

    /** {@code -Dlife.seeds=500} tries more, {@code -Dlife.seed=17} one. */
    static LongStream seeds() {
        Long one = Long.getLong("life.seed");
        return one != null
                ? LongStream.of(one)
                : LongStream.rangeClosed(1, Long.getLong("life.seeds", 20));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void loseAndRepeatNothingAndLeaveNothingBehind(long seed) throws Exception {
        Random random = new Random(seed);
        LifecycleSteps operator = new LifecycleSteps(context, "export");
        List<String> done = operator.done();
        mixpanel.addEvents(lines(DAY, EVENTS));
        handle(
                uri(DAY, DAY),
                exchange -> {
                    allowed.acquire();
                    received.add(Received.of(exchange));
                });
        context.start();
        for (int i = 0; i < STEPS; i++) {
            allowed.release(random.nextInt(10));
            operator.any(random);
        }

        allowed.release(EVENTS * STEPS);
        operator.goOn();
        await().until(() -> received.size() >= EVENTS);
        assertThat(bodies()).as("after %s", done).containsExactlyInAnyOrder(lines(DAY, EVENTS));
        assertThat(mixpanel.queries()).as("after %s", done).hasSizeLessThanOrEqualTo(STEPS);
        String name = context.getName();
        context.stop();
        StateDirectory.open(state(), InstantSource.system()).close(); // nobody has it
        await().untilAsserted(
                        () ->
                                assertThat(Thread.getAllStackTraces().keySet())
                                        .as("after %s", done)
                                        .noneMatch(
                                                thread -> thread.getName().contains("(" + name)));
    }
}
