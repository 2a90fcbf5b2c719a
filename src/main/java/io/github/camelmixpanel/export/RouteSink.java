package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.ExportException;
import io.github.camelmixpanel.export.model.MalformedEventException;
import io.github.camelmixpanel.export.model.Window;
import io.github.camelmixpanel.export.model.WindowSummary;
import io.github.camelmixpanel.export.pipeline.EventSink;
import io.github.camelmixpanel.export.pipeline.Handout;
import java.util.Date;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.RollbackExchangeException;
import org.apache.camel.spi.Synchronization;

/**
 * One exchange an event or batch of events. It is acknowledged when the exchange is completed,
 * wherever that happens: with {@code seda} it completes behind the queue, and an exchange that
 * failed before or after the hand-over is refused.
 */
final class RouteSink implements EventSink {

    private final MixpanelExportConsumer consumer;
    private final boolean batches;
    private final WindowEvents windows;

    /**
     * @param batches whether the body is a list of events, even of a single one
     */
    RouteSink(MixpanelExportConsumer consumer, boolean batches, WindowEvents windows) {
        this.windows = windows;
        this.consumer = consumer;
        this.batches = batches;
    }

    @Override
    public void emit(Handout handout, Acknowledgement acknowledgement) {
        consumer.ready();
        Exchange exchange = exchange();
        Message message = exchange.getIn();
        if (batches) {
            message.setBody(MixpanelEvents.of(handout));
        } else {
            MixpanelEvent event = MixpanelEvent.of(handout, 0);
            message.setBody(event);
            fill(message, handout.events().get(0));
            String key = event.getDedupeKey();
            if (key != null) {
                message.setHeader(MixpanelExportConstants.DEDUPE_KEY, key);
            }
        }
        fill(message, handout.window(), handout.generation());
        message.setHeader(MixpanelExportConstants.LINE, handout.events().get(0).line());
        if (handout.exchanges() > 0) {
            exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, handout.index());
            exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, handout.exchanges());
            exchange.setProperty(
                    ExchangePropertyKey.BATCH_COMPLETE, handout.index() == handout.exchanges() - 1);
        }
        process(exchange, acknowledgement);
    }

    @Override
    public void windowComplete(WindowSummary summary, Acknowledgement acknowledgement) {
        Exchange exchange = exchange();
        Message message = exchange.getIn();
        message.setBody(SummaryBody.of(summary));
        fill(message, summary.window(), summary.generation());
        message.setHeader(MixpanelExportConstants.WINDOW_COMPLETE, true);
        process(exchange, acknowledgement);
    }

    /**
     * Released by {@link #process}, not by Camel: the exception has to be read when the route is
     * done.
     */
    private Exchange exchange() {
        return consumer.createExchange(false);
    }

    private void process(Exchange exchange, Acknowledgement acknowledgement) {
        Outcome outcome = new Outcome(acknowledgement);
        exchange.getExchangeExtension().addOnCompletion(outcome);
        consumer.getAsyncProcessor()
                .process(
                        exchange,
                        doneSync -> {
                            outcome.routed(exchange);
                            consumer.releaseExchange(exchange, false);
                        });
    }

    /** What holds for one event only. */
    private static void fill(Message message, ExportEvent event) {
        message.setHeader(MixpanelExportConstants.EVENT_NAME, event.restoredName());
        if (event.distinctId() != null) {
            message.setHeader(MixpanelExportConstants.DISTINCT_ID, event.distinctId());
        }
        if (event.insertId() != null) {
            message.setHeader(MixpanelExportConstants.INSERT_ID, event.insertId());
        }
        if (event.time() != null) {
            long millis = event.time().toEpochMilli();
            message.setHeader(MixpanelExportConstants.TIME, new Date(millis));
            message.setHeader(Exchange.MESSAGE_TIMESTAMP, millis);
        }
    }

    private static void fill(Message message, Window window, int generation) {
        message.setHeader(MixpanelExportConstants.FROM_DATE, window.fromDate().toString());
        message.setHeader(MixpanelExportConstants.TO_DATE, window.toDate().toString());
        message.setHeader(MixpanelExportConstants.GENERATION, generation);
    }

    @Override
    public void skipped(Window window, List<ExportEvent> events, Throwable cause) {
        for (ExportEvent event : events) {
            consumer.getExceptionHandler()
                    .handleException(
                            "Window "
                                    + window
                                    + ", line "
                                    + event.line()
                                    + ": the route left this event failed, and onFailure=SKIP"
                                    + " counts it as done. It is not handed out again.",
                            cause);
        }
    }

    @Override
    public void badLine(MalformedEventException line) {
        consumer.getExceptionHandler().handleException(line.getMessage(), line);
    }

    @Override
    public void windowStarted(Window window, int generation) {
        windows.started(window, generation);
    }

    @Override
    public void windowCommitted(WindowSummary summary) {
        windows.committed(summary);
    }

    @Override
    public void windowFailed(Window window, int generation, ExportException failure) {
        windows.failed(window, generation, failure);
        consumer.getExceptionHandler().handleException(failure.getMessage(), failure);
    }

    /**
     * Completed only when both say so: the route, and whoever completed the exchange in its place.
     * A failure of either counts.
     */
    private static final class Outcome implements Synchronization {

        private final Acknowledgement acknowledgement;
        private boolean routed;
        private boolean completed;

        private Outcome(Acknowledgement acknowledgement) {
            this.acknowledgement = acknowledgement;
        }

        /** The route's own end; behind {@code seda} the event may still be on its way. */
        void routed(Exchange exchange) {
            if (exchange.getException() != null) {
                acknowledgement.refuse(exchange.getException());
            } else if (isRolledBack(exchange)) {
                acknowledgement.refuse(new RollbackExchangeException(exchange));
            } else {
                both(true);
            }
        }

        /** Camel counts such an exchange as completed: it has no exception. */
        private static boolean isRolledBack(Exchange exchange) {
            return exchange.isRollbackOnly() || exchange.isRollbackOnlyLast();
        }

        @Override
        public void onComplete(Exchange exchange) {
            if (isRolledBack(exchange)) {
                acknowledgement.refuse(new RollbackExchangeException(exchange));
            } else {
                both(false);
            }
        }

        @Override
        public void onFailure(Exchange exchange) {
            acknowledgement.refuse(exchange.getException());
        }

        private void both(boolean route) {
            boolean done;
            synchronized (this) {
                routed |= route;
                completed |= !route;
                done = routed && completed;
            }
            if (done) {
                acknowledgement.acknowledge();
            }
        }
    }
}
