package io.github.camelmixpanel.export.simulator;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.main.Main;
import org.apache.camel.support.ScheduledPollConsumer;

/**
 * Runs an application until each of its exports has done its first poll, which exports every day
 * that is due, and sends the notices of complete windows; then stops it in order.
 */
public final class FirstPoll {

    private static final long LOOK_EVERY_MILLIS = 50;

    private FirstPoll() {}

    /** Runs camel-main so, with a {@link SimulatedAccount}, and ends the JVM. */
    public static void main(String[] args) {
        int exitCode = 1;
        try {
            SimulatedAccount.standIn();
            run(new Main());
            exitCode = 0;
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.exit(exitCode);
    }

    public static void run(Main main) throws Exception {
        main.start();
        try {
            List<ScheduledPollConsumer> exports = exports(main.getCamelContext());
            if (exports.isEmpty()) {
                throw new IllegalStateException("No route of the application is an export");
            }
            while (!exports.stream().allMatch(ScheduledPollConsumer::isFirstPollDone)) {
                Thread.sleep(LOOK_EVERY_MILLIS);
            }
        } finally {
            main.stop();
        }
    }

    private static List<ScheduledPollConsumer> exports(CamelContext context) {
        return context.getRoutes().stream()
                .filter(
                        route ->
                                route.getEndpoint().getEndpointUri().startsWith("mixpanel-export:"))
                .map(Route::getConsumer)
                .map(ScheduledPollConsumer.class::cast)
                .toList();
    }
}
