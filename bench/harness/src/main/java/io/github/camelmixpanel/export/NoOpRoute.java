package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.internal.exchange.RouteSink;
import io.github.camelmixpanel.export.internal.exchange.WindowEventNotifier;
import io.github.camelmixpanel.export.internal.observe.Meters;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import java.nio.file.Path;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A started route that does nothing with an event and never polls for one; what it is given, it is
 * given through {@link #sink}. In this package, as no other can make that.
 */
public final class NoOpRoute implements AutoCloseable {

    private static final String EXPORT =
            "mixpanel-export:bench?projectId=1&serviceAccount=bench&serviceAccountSecret=bench"
                    + "&fromDate=2024-10-05&initialDelay=1d&stateDirectory=";

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final EventSink sink;

    public NoOpRoute(Path stateDirectory) throws Exception {
        context.disableJMX();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(EXPORT + stateDirectory).routeId("bench").process(exchange -> {});
                    }
                });
        context.start();
        sink =
                new RouteSink(
                        (MixpanelExportConsumer) context.getRoute("bench").getConsumer(),
                        () -> {},
                        false,
                        new WindowEventNotifier(context, "bench", Meters.NONE));
    }

    public EventSink sink() {
        return sink;
    }

    @Override
    public void close() {
        context.stop();
    }
}
