package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.internal.pipeline.ExportRegistry;
import io.github.camelmixpanel.export.testkit.VirtualTime;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.RouteController;

/** What an operator may do to a route with an export, its consumer and its CamelContext. */
public final class LifecycleSteps {

    private enum Step {
        SUSPEND_ROUTE,
        RESUME_ROUTE,
        START_ROUTE,
        STOP_ROUTE_OR_ABORT,
        STOP_ROUTE_OR_ABORT_BY_JMX,
        STOP_ROUTE_BY_FORCE,
        SUSPEND_CONSUMER,
        RESUME_CONSUMER,
        START_CONSUMER,
        STOP_CONSUMER,
        SUSPEND_CONTEXT,
        RESUME_CONTEXT,
        START_CONTEXT
    }

    private final CamelContext context;
    private final String route;
    private final List<String> done = new ArrayList<>();

    /** Odd during a stop that waits no longer than a moment for an exchange. */
    private final AtomicInteger forcedStops = new AtomicInteger();

    public LifecycleSteps(CamelContext context, String route) {
        this.context = context;
        this.route = route;
        context.getShutdownStrategy().setTimeout(30);
        context.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
    }

    /** Exports of this context run in this time, before any is started. */
    public static void setTime(
            CamelContext context, VirtualTime time, InstantSource clock, ExportRegistry exports) {
        context.getComponent("mixpanel-export", MixpanelExportComponent.class)
                .setTime(clock, time.clock(), time.sleeper());
        context.getCamelContextExtension().addContextPlugin(ExportRegistry.class, exports);
    }

    /** What was done so far. */
    public List<String> done() {
        return done;
    }

    public void any(Random random) throws Exception {
        Step step = Step.values()[random.nextInt(Step.values().length)];
        done.add(step.name());
        take(step, random.nextBoolean() ? 30 : 300);
    }

    private void take(Step step, long millis) throws Exception {
        RouteController routes = context.getRouteController();
        switch (step) {
            case SUSPEND_ROUTE -> routes.suspendRoute(route, millis, TimeUnit.MILLISECONDS);
            case RESUME_ROUTE -> routes.resumeRoute(route);
            case START_ROUTE -> routes.startRoute(route);
            case STOP_ROUTE_OR_ABORT ->
                    routes.stopRoute(route, millis, TimeUnit.MILLISECONDS, true);
            case STOP_ROUTE_OR_ABORT_BY_JMX -> stopByJmx();
            case STOP_ROUTE_BY_FORCE ->
                    force(() -> routes.stopRoute(route, millis, TimeUnit.MILLISECONDS, false));
            case SUSPEND_CONSUMER -> consumer().suspend();
            case RESUME_CONSUMER, START_CONSUMER -> {
                // Camel gives a route that was stopped another consumer, and two of them conflict
                boolean belongs =
                        consumer().export() != null
                                || routes.getRouteStatus(route) == ServiceStatus.Started;
                if (belongs && step == Step.START_CONSUMER) {
                    consumer().start();
                } else if (belongs) {
                    consumer().resume();
                }
            }
            case STOP_CONSUMER -> force(consumer()::stop);
            case SUSPEND_CONTEXT -> context.suspend();
            case RESUME_CONTEXT -> context.resume();
            case START_CONTEXT -> context.start();
        }
    }

    private void force(ThrowingRunnable stop) throws Exception {
        forcedStops.incrementAndGet();
        try {
            stop.run();
        } finally {
            forcedStops.incrementAndGet();
        }
    }

    private interface ThrowingRunnable {
        void run() throws Exception;
    }

    /**
     * A number that changes when a stop by force begins or ends, and is odd while one is under way:
     * what the route completes then may come too late to be remembered.
     */
    public int forcedStops() {
        return forcedStops.get();
    }

    /** Within a second, or not at all. */
    private void stopByJmx() throws Exception {
        if (!context.isStarted()) {
            return; // Camel refuses it
        }
        // a context that is suspended and started has another management name than its routes
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName routes = new ObjectName("org.apache.camel:type=routes,name=\"" + route + "\",*");
        for (ObjectName name : server.queryNames(routes, null)) {
            if (server.getAttribute(name, "CamelId").equals(context.getName())) {
                server.invoke(
                        name,
                        "stop",
                        new Object[] {1L, true},
                        new String[] {"java.lang.Long", "java.lang.Boolean"});
            }
        }
    }

    /** As an operator who wants it to run, whatever was done before. */
    public void goOn() throws Exception {
        context.start();
        context.resume();
        if (context.getRouteController().getRouteStatus(route) != ServiceStatus.Started) {
            context.getRouteController().startRoute(route);
        }
        consumer().start();
    }

    /** How many polls the consumer of now has begun. */
    public long polls() {
        return consumer().getCounter();
    }

    private MixpanelExportConsumer consumer() {
        return (MixpanelExportConsumer) context.getRoute(route).getConsumer();
    }
}
