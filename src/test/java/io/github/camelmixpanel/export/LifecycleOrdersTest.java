package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.ledger.StateDirectory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.RouteController;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What may be done to a route and its consumer, in any order, while the route is busy. */
class LifecycleOrdersTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";
    private static final int EVENTS = 300;
    private static final int STEPS = 12;

    /** Events that the route may take before it holds one. */
    private final Semaphore allowed = new Semaphore(0);

    private final List<String> done = new ArrayList<>();

    /** What an operator does. */
    private enum Step {
        SUSPEND_ROUTE,
        RESUME_ROUTE,
        START_ROUTE,
        STOP_ROUTE_OR_ABORT,
        STOP_ROUTE_BY_FORCE,
        SUSPEND_CONSUMER,
        RESUME_CONSUMER,
        START_CONSUMER,
        STOP_CONSUMER,
        SUSPEND_CONTEXT,
        RESUME_CONTEXT,
        START_CONTEXT
    }

    private void take(Step step, long millis) throws Exception {
        RouteController routes = context.getRouteController();
        switch (step) {
            case SUSPEND_ROUTE -> routes.suspendRoute("export", millis, TimeUnit.MILLISECONDS);
            case RESUME_ROUTE -> routes.resumeRoute("export");
            case START_ROUTE -> routes.startRoute("export");
            case STOP_ROUTE_OR_ABORT ->
                    routes.stopRoute("export", millis, TimeUnit.MILLISECONDS, true);
            case STOP_ROUTE_BY_FORCE ->
                    routes.stopRoute("export", millis, TimeUnit.MILLISECONDS, false);
            case SUSPEND_CONSUMER -> consumer().suspend();
            case RESUME_CONSUMER, START_CONSUMER -> {
                // Camel gives a route that was stopped another consumer, and two of them conflict
                boolean belongs =
                        consumer().export() != null
                                || routes.getRouteStatus("export") == ServiceStatus.Started;
                if (belongs && step == Step.START_CONSUMER) {
                    consumer().start();
                } else if (belongs) {
                    consumer().resume();
                }
            }
            case STOP_CONSUMER -> consumer().stop();
            case SUSPEND_CONTEXT -> context.suspend();
            case RESUME_CONTEXT -> context.resume();
            case START_CONTEXT -> context.start();
        }
    }

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
        context.getShutdownStrategy().setTimeout(30);
        context.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
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
            Step step = Step.values()[random.nextInt(Step.values().length)];
            done.add(step.name());
            take(step, random.nextBoolean() ? 30 : 300);
        }

        allowed.release(EVENTS * STEPS);
        goOn();
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

    /** As an operator who wants it to run, whatever was done before. */
    private void goOn() throws Exception {
        context.start();
        context.resume();
        if (context.getRouteController().getRouteStatus("export") != ServiceStatus.Started) {
            context.getRouteController().startRoute("export");
        }
        consumer().start();
    }
}
