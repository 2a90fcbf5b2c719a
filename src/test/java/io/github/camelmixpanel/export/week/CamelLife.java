package io.github.camelmixpanel.export.week;

import io.github.camelmixpanel.export.LifecycleSteps;
import io.github.camelmixpanel.export.MixpanelEvent;
import io.github.camelmixpanel.export.MixpanelExportConstants;
import io.github.camelmixpanel.export.failure.MalformedEventException;
import io.github.camelmixpanel.export.internal.database.Databases;
import io.github.camelmixpanel.export.internal.model.Arrivals;
import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.DownloadSummary;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.pipeline.ExportRegistry;
import io.github.camelmixpanel.export.internal.split.scan.ParsedEvent;
import io.github.camelmixpanel.export.testkit.Patiently;
import io.github.camelmixpanel.export.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.ExceptionHandler;

/**
 * One run of the export as a route of a CamelContext, stopped and started in all ways there are.
 */
final class CamelLife implements AutoCloseable {

    private static final String ROUTE = "week";

    private final CamelContext context;
    private final RecordingRoute route;
    private final VirtualTime time;
    private final LifecycleSteps operator;

    /**
     * Starts it.
     *
     * @param context not started, used by this alone
     * @param uri of the consumer
     * @param clock of this machine
     */
    CamelLife(
            CamelContext context,
            String uri,
            VirtualTime time,
            InstantSource clock,
            RecordingRoute route,
            Life life,
            Databases databases)
            throws Exception {
        this.context = context;
        this.route = route;
        this.time = time;
        this.operator = new LifecycleSteps(context, ROUTE);
        route.begin(life);
        LifecycleSteps.setTime(
                context,
                time,
                clock,
                new ExportRegistry(
                        clock, time.clock(), time.sleeper(), life, databases, time::start));
        context.getRegistry().bind("heard", hears(route));
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri + "&initialDelay=0&delay=10&exceptionHandler=#heard")
                                .routeId(ROUTE)
                                .process(this::take);
                    }

                    private void take(Exchange exchange) {
                        CamelLife.this.take(exchange.getMessage());
                    }
                });
        context.start();
    }

    private static ExceptionHandler hears(RecordingRoute route) {
        return new ExceptionHandler() {
            @Override
            public void handleException(Throwable exception) {
                if (exception instanceof MalformedEventException line) {
                    route.badLine(line);
                }
            }

            @Override
            public void handleException(String message, Throwable exception) {
                handleException(exception);
            }

            @Override
            public void handleException(String message, Exchange exchange, Throwable exception) {
                handleException(exception);
            }
        };
    }

    private void take(Message message) {
        if (message.getHeader(MixpanelExportConstants.WINDOW_COMPLETE, false, Boolean.class)) {
            route.windowComplete(summary(message.getBody(Map.class)));
            return;
        }
        route.take(
                window(message),
                message.getHeader(MixpanelExportConstants.GENERATION, Integer.class),
                events(message),
                operator::forcedStops);
    }

    private static List<ExportEvent> events(Message message) {
        long line = message.getHeader(MixpanelExportConstants.LINE, Long.class);
        Object body = message.getBody();
        return (body instanceof List<?> all ? all : List.of(body))
                .stream().map(each -> event(line, (MixpanelEvent) each)).toList();
    }

    private static ExportEvent event(long line, MixpanelEvent event) {
        ExportEvent.ReadTime read = new ExportEvent.ReadTime(event.getTime(), null);
        return new ParsedEvent(
                line,
                event.toBytes(),
                event.getEvent(),
                null,
                event.getDistinctId(),
                event.getInsertId(),
                read,
                null);
    }

    /** The days alone: a message does not say whether it is of arrivals. */
    private static Window window(Message message) {
        return new Window(
                LocalDate.parse(message.getHeader(MixpanelExportConstants.FROM_DATE, String.class)),
                LocalDate.parse(message.getHeader(MixpanelExportConstants.TO_DATE, String.class)));
    }

    private static WindowSummary summary(Map<?, ?> body) {
        Object processed = body.get("processedFrom");
        Arrivals arrivals =
                processed == null
                        ? null
                        : new Arrivals(
                                Instant.parse(processed.toString()),
                                Instant.parse(body.get("processedTo").toString()));
        return new WindowSummary(
                new Window(
                        LocalDate.parse(body.get("from").toString()),
                        LocalDate.parse(body.get("to").toString()),
                        arrivals),
                (Integer) body.get("generation"),
                new DownloadSummary(
                        number(body, "events"),
                        number(body, "otherEvents"),
                        number(body, "badLines"),
                        number(body, "bytes"),
                        (Integer) body.get("queries"),
                        Instant.parse(body.get("started").toString()),
                        Duration.parse(body.get("took").toString())),
                new Comparison(
                        number(body, "emitted"),
                        number(body, "known"),
                        number(body, "duplicates") - number(body, "known"),
                        number(body, "vanished"),
                        number(body, "rewritten"),
                        number(body, "changed")),
                number(body, "parked"),
                ((Map<?, ?>) body.get("days"))
                        .entrySet().stream()
                                .map(day -> day(day.getKey(), (Map<?, ?>) day.getValue()))
                                .toList(),
                (Boolean) body.get("final"));
    }

    private static WindowSummary.Day day(Object day, Map<?, ?> counts) {
        return new WindowSummary.Day(
                LocalDate.parse(day.toString()),
                number(counts, "events"),
                number(counts, "emitted"),
                (Boolean) counts.get("final"));
    }

    private static long number(Map<?, ?> body, String name) {
        return (Long) body.get(name);
    }

    /** Does this and that to it, and then lets it go on. */
    void disturb(Random random) throws Exception {
        for (int left = random.nextInt(6); left > 0; left--) {
            operator.any(random);
            time.sleep(Duration.ofSeconds(1 + random.nextInt(120)));
        }
        operator.goOn();
    }

    /** Waits until a whole poll has ended that begins now. */
    void poll() {
        long begun = operator.polls();
        Patiently.await().until(() -> operator.polls() >= begun + 2);
    }

    @Override
    public void close() {
        context.getShutdownStrategy().setTimeout(1);
        context.getShutdownStrategy().setTimeUnit(TimeUnit.MINUTES);
        context.stop();
    }

    @Override
    public String toString() {
        return operator.done().toString();
    }
}
