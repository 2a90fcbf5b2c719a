package io.github.camelmixpanel.export.bench;

import io.github.camelmixpanel.export.MixpanelEvent;
import io.github.camelmixpanel.export.MixpanelExportConstants;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Date;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;

/**
 * A program that exports days with this component to a route that only looks at the headers, and
 * then ends: quota log, spool, verification, deduplication and ledger as by default.
 *
 * <p>Usage: {@code Ours <port> <first day> <last day> <windows> <state directory> <route> <more
 * options>}, where the route is
 *
 * <ul>
 *   <li>{@code headers}: every event, its headers summed up
 *   <li>{@code lines}: every event, the bytes of its body summed up
 *   <li>{@code filter}: one event name, by the header
 *   <li>{@code jmx}: as {@code headers}, with JMX
 *   <li>{@code served}: the same, and with the status page, at which nobody looks
 *   <li>{@code watched}: the same, and with meters, and all of it is looked at
 * </ul>
 */
final class Ours {

    static final String JMX = "jmx";
    static final String SERVED = "served";
    static final String WATCHED = "watched";

    private static final String EXPORT =
            "mixpanel-export:bench?baseUrl=http://127.0.0.1:%s&projectId=1&serviceAccount=bench"
                    + "&serviceAccountSecret=bench&fromDate=%s&toDate=%s&stateDirectory=%s"
                    + "&lateEvents=NONE&initialDelay=0%s";

    private final Result result = new Result();
    private final OutputStream lineSum = new LineSum();
    private final String route;

    Ours(String route) {
        this.route = route;
    }

    public static void main(String[] args) throws Exception {
        String uri =
                uri(
                        Integer.parseInt(args[0]),
                        LocalDate.parse(args[1]),
                        LocalDate.parse(args[2]),
                        Path.of(args[4]),
                        args[6]);
        System.out.println(new Ours(args[5]).export(uri, Integer.parseInt(args[3])));
    }

    /**
     * @param more options, joined with &amp;; empty for none
     */
    static String uri(int port, LocalDate from, LocalDate to, Path state, String more) {
        return String.format(EXPORT, port, from, to, state, more.isEmpty() ? "" : "&" + more);
    }

    /** What the route had, when so many windows are committed. */
    Result export(String uri, int windows) throws Exception {
        CommittedDays committed = new CommittedDays(windows);
        boolean watched = route.equals(WATCHED);
        try (DefaultCamelContext context = new DefaultCamelContext();
                Watching watching = new Watching(context)) {
            context.getManagementStrategy().addEventNotifier(committed);
            if (route.equals(SERVED) || watched) {
                watching.serve();
            } else if (!route.equals(JMX)) {
                context.disableJMX();
            }
            if (watched) {
                watching.bindMeters();
            }
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            sink(from(uri));
                        }
                    });
            context.start();
            if (watched) {
                watching.look();
            }
            committed.await();
        }
        return result;
    }

    private void sink(RouteDefinition from) {
        switch (route) {
            case "lines" -> from.process(this::addLine);
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
