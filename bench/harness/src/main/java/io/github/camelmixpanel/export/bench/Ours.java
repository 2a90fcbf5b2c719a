package io.github.camelmixpanel.export.bench;

import io.github.camelmixpanel.export.MixpanelEvent;
import io.github.camelmixpanel.export.MixpanelExportConstants;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;

/**
 * A program that exports days with this component, each day a window, to a route that only looks at
 * what it gets, and then ends: quota log, spool, verification, deduplication and ledger as by
 * default. It exports again and again with {@link Turns#OPTION}.
 *
 * <p>Usage: {@code Ours <port> <first day> <last day> <windows> <state directory> <route> <more
 * options>}, where the route is
 *
 * <ul>
 *   <li>{@code headers}: every event, its headers summed up
 *   <li>{@code batch}: the same of the events in batches
 *   <li>{@code lines}: every event, the bytes of its body summed up
 *   <li>{@code filter}: one event name, by the header
 * </ul>
 */
final class Ours {

    private static final String EXPORT =
            "mixpanel-export:bench?baseUrl=http://127.0.0.1:%s&projectId=1&serviceAccount=bench"
                    + "&serviceAccountSecret=bench&fromDate=%s&toDate=%s&stateDirectory=%s"
                    + "&windowDays=1&lateEvents=NONE&initialDelay=0%s";

    private final Result result = new Result();
    private final OutputStream lineSum = new LineSum();
    private final String route;

    private Ours(String route) {
        this.route = route;
    }

    public static void main(String[] args) throws Exception {
        int windows = Integer.parseInt(args[3]);
        Path state = Path.of(args[4]);
        String more = args[6].isEmpty() ? "" : "&" + args[6];
        String uri = String.format(EXPORT, args[0], args[1], args[2], state, more);
        Turns.run(
                () -> {
                    Folder.delete(state);
                    return new Ours(args[5]).export(uri, windows);
                });
    }

    /** What the route had, when so many windows are committed. */
    private Result export(String uri, int windows) throws Exception {
        CommittedDays committed = new CommittedDays(windows);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getManagementStrategy().addEventNotifier(committed);
            context.disableJMX();
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            sink(from(uri));
                        }
                    });
            context.start();
            committed.await();
        }
        return result;
    }

    private void sink(RouteDefinition from) {
        switch (route) {
            case "lines" -> from.process(this::addLine);
            case "batch" -> from.process(this::addBatch);
            case "filter" ->
                    from.filter()
                            .simple(
                                    "${header.CamelMixpanelExportEventName} == '"
                                            + PreparedDay.CHOSEN
                                            + "'")
                            .process(this::addHeaders);
            default -> from.process(this::addHeaders);
        }
    }

    private void addBatch(Exchange exchange) {
        for (Object each : (List<?>) exchange.getMessage().getBody()) {
            MixpanelEvent event = (MixpanelEvent) each;
            result.add(
                    Sum.ofHeaders(
                            event.getEvent(),
                            event.getDistinctId(),
                            event.getInsertId(),
                            event.getTime().getEpochSecond()));
        }
    }

    private void addHeaders(Exchange exchange) {
        Message message = exchange.getMessage();
        result.add(
                Sum.ofHeaders(
                        message.getHeader(MixpanelExportConstants.EVENT_NAME, String.class),
                        message.getHeader(MixpanelExportConstants.DISTINCT_ID, String.class),
                        message.getHeader(MixpanelExportConstants.INSERT_ID, String.class),
                        message.getHeader(MixpanelExportConstants.TIME, Date.class).getTime()
                                / 1000));
    }

    private void addLine(Exchange exchange) throws Exception {
        MixpanelEvent event = exchange.getMessage().getBody(MixpanelEvent.class);
        event.toStream().transferTo(lineSum);
    }

    /** Gets a line in one piece, which is not copied. */
    private final class LineSum extends OutputStream {

        @Override
        public void write(int one) {
            throw new UnsupportedOperationException("lines come in one piece");
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            result.add(Sum.ofLine(bytes, from, length));
        }
    }
}
