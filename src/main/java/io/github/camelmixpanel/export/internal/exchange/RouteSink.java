package io.github.camelmixpanel.export.internal.exchange;

import io.github.camelmixpanel.export.MixpanelExportConstants;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LostExchangeException;
import io.github.camelmixpanel.export.failure.MalformedEventException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.observe.Meters;
import io.github.camelmixpanel.export.internal.pipeline.route.Acknowledgement;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.observe.MixpanelWindowEvent.Kind;
import java.lang.ref.Cleaner;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.RollbackExchangeException;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.BridgeExceptionHandlerToErrorHandler;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.LoggingExceptionHandler;

/**
 * Sends one exchange per event or batch of events. The batch is acknowledged when the exchange is
 * completed, wherever that happens: with {@code seda} it completes behind the queue, and a failure
 * before or after the queue counts. A batch whose exchange the route has lost fails, too: when
 * nothing references the exchange any more, nothing can complete it, and a collection reveals it.
 *
 * @param ready called before each exchange, since the first one proves the configuration right
 * @param batches whether the body is a list of events, even of a single one
 */
public record RouteSink(
        DefaultConsumer consumer,
        Runnable ready,
        boolean batches,
        WindowEventNotifier windows,
        Meters meters)
        implements EventSink {

    /** One for all exports: each has a thread, which lives until the cleaner is collected. */
    private static final Cleaner LOST = Cleaner.create();

    @Override
    public void emit(EventBatch batch) {
        ready.run();
        Exchange exchange = exchange();
        if (batches) {
            Message message = exchange.getIn();
            message.setBody(MixpanelEvents.of(batch));
            fill(message, batch.window(), batch.generation());
            message.setHeader(MixpanelExportConstants.LINE, batch.events().get(0).line());
            LocalDate day = batch.window().dayOf(batch.events().get(0));
            if (batch.events().stream().map(batch.window()::dayOf).allMatch(day::equals)) {
                message.setHeader(MixpanelExportConstants.DAY, day.toString());
            }
        } else {
            exchange.setIn(new EventMessage(exchange.getContext(), batch));
        }
        if (batch.exchanges() > 0) {
            exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, batch.index());
            exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, batch.exchanges());
            exchange.setProperty(
                    ExchangePropertyKey.BATCH_COMPLETE, batch.index() == batch.exchanges() - 1);
        }
        process(exchange, batch);
    }

    @Override
    public void task(ExportTask task, Acknowledgement acknowledgement) {
        ready.run();
        Exchange exchange = exchange();
        Message message = exchange.getIn();
        message.setBody(TaskJson.text(task));
        fill(message, task.window(), task.generation());
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

    /** {@link #process} releases it, not Camel, since it reads the exception after the route. */
    private Exchange exchange() {
        return consumer.createExchange(false);
    }

    private void process(Exchange exchange, Acknowledgement acknowledgement) {
        ExchangeCompletion completion = new ExchangeCompletion(acknowledgement);
        exchange.getExchangeExtension().addOnCompletion(completion);
        consumer.getAsyncProcessor()
                .process(
                        exchange,
                        doneSync -> {
                            completion.routed(exchange);
                            consumer.releaseExchange(exchange, false);
                        });
        completion.watchedBy(LOST);
    }

    private static void fill(Message message, Window window, int generation) {
        message.setHeader(MixpanelExportConstants.FROM_DATE, window.fromDate().toString());
        message.setHeader(MixpanelExportConstants.TO_DATE, window.toDate().toString());
        message.setHeader(MixpanelExportConstants.GENERATION, generation);
    }

    @Override
    public void skipped(Window window, List<ExportEvent> events, Throwable cause) {
        ExceptionHandler handler = consumer.getExceptionHandler();
        if (handler instanceof BridgeExceptionHandlerToErrorHandler) {
            // the route's error handler has already left this failure
            handler =
                    new LoggingExceptionHandler(
                            consumer.getEndpoint().getCamelContext(), getClass());
        }
        for (ExportEvent event : events) {
            handler.handleException(
                    ("Window %s, line %d: the route left this event failed, and onFailure=SKIP counts"
                                    + " it as done. It is not emitted again.")
                            .formatted(window, event.line()),
                    cause);
        }
    }

    @Override
    public void badLine(MalformedEventException line) {
        consumer.getExceptionHandler().handleException(line.getMessage(), line);
    }

    @Override
    public void windowStarted(Window window, int generation) {
        windows.notify(Kind.STARTED, window, generation, null, null);
    }

    @Override
    public void windowCommitted(WindowSummary summary) {
        meters.committed(summary);
        Map<String, Object> body = SummaryBody.of(summary);
        windows.notify(Kind.COMPLETED, summary.window(), summary.generation(), body, null);
    }

    @Override
    public void windowFailed(Window window, int generation, ExportException failure) {
        windows.notify(Kind.FAILED, window, generation, null, failure);
        if (consumer.getExceptionHandler().getClass() != LoggingExceptionHandler.class) {
            consumer.getExceptionHandler().handleException(failure.getMessage(), failure);
        } // else the log has it already, with what happens next
    }

    /**
     * Acknowledges only when both the route and the exchange's completion have succeeded; a failure
     * of either counts. Everything that may complete the exchange references this object, so that
     * its collection reveals a lost exchange.
     */
    private static final class ExchangeCompletion implements Synchronization {

        private final Acknowledgement acknowledgement;
        private boolean routed;
        private boolean completed;
        private boolean decided;
        private Cleaner.Cleanable watched;

        private ExchangeCompletion(Acknowledgement acknowledgement) {
            this.acknowledgement = acknowledgement;
        }

        /** The end of the route itself; behind {@code seda} the event may still be in progress. */
        synchronized void routed(Exchange exchange) {
            routed = true;
            decide(exchange);
        }

        @Override
        public synchronized void onComplete(Exchange exchange) {
            completed = true;
            decide(exchange);
        }

        @Override
        public synchronized void onFailure(Exchange exchange) {
            fail(exchange.getException());
        }

        private void decide(Exchange exchange) {
            if (exchange.getException() != null) {
                fail(exchange.getException());
            } else if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
                // Camel counts it as completed: it has no exception
                fail(new RollbackExchangeException(exchange));
            } else if (routed && completed) {
                acknowledgement.acknowledge();
                decided();
            }
        }

        private void fail(Throwable failure) {
            acknowledgement.fail(failure);
            decided();
        }

        private void decided() {
            decided = true;
            if (watched != null) {
                watched.clean(); // else it would reference the event until the next collection
            }
        }

        /** Costs nothing for an exchange that is done when the route returns, as most are. */
        synchronized void watchedBy(Cleaner lost) {
            if (!decided) {
                watched = lost.register(this, failure(acknowledgement));
            }
        }

        /** Must not reference the completion, which could then never be collected. */
        private static Runnable failure(Acknowledgement acknowledgement) {
            return () -> acknowledgement.fail(new LostExchangeException());
        }
    }
}
