package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.TaskException;
import io.github.camelmixpanel.export.internal.exchange.ExportedEvents;
import io.github.camelmixpanel.export.internal.exchange.RequestedWindow;
import io.github.camelmixpanel.export.internal.exchange.SummaryBody;
import io.github.camelmixpanel.export.internal.exchange.TaskJson;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.TaskOutcome;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.options.OptionText;
import io.github.camelmixpanel.export.internal.pipeline.Export;
import io.github.camelmixpanel.export.internal.pipeline.ExportRegistry;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.ExportedWindow;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.OnDemand;
import io.github.camelmixpanel.export.internal.settings.DateRange;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.option.Operation;
import io.github.camelmixpanel.export.option.Reexport;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Exports one window on demand: the reply's body contains its events, complete and verified, and is
 * deleted from disk when the exchange ends. Of a task, in the body for {@code operation=TASK}, it
 * exports the window once and sets the outcome as headers. Other operations go to the consumer of
 * the same name: record an outcome, export days again, resume or drop parked events; the reply's
 * body is then their result, or the list of days or windows.
 *
 * <p>A message selects days or is a task. Host, credentials and query come from the endpoint. The
 * calling thread waits, also for the quota.
 */
public class MixpanelExportProducer extends DefaultProducer {

    private final MixpanelExportEndpoint endpoint;
    private volatile OnDemand onDemand;
    private ExportClient client;

    public MixpanelExportProducer(MixpanelExportEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (!endpoint.isSkipped()) {
            open();
        }
    }

    private synchronized void open() throws Exception {
        if (onDemand != null && isStarted()) {
            return;
        }
        ExportSettings settings = endpoint.settings();
        try {
            client = endpoint.newClient();
            onDemand = endpoint.getComponent().exports().openOnDemand(settings, client);
        } catch (Exception e) {
            release();
            throw e;
        }
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        if (onDemand == null) { // an interceptor skips other messages, not this one
            open();
        }
        Message message = exchange.getMessage();
        Operation operation =
                RequestedWindow.choice(
                        message,
                        MixpanelExportConstants.OPERATION,
                        endpoint.getConfiguration().getOperation());
        switch (operation) {
            case EXPORT -> reply(exchange, download(askedWindow(message)));
            case TASK -> carryOut(exchange);
            case COMPLETE -> complete(message);
            case REEXPORT -> reexport(message, askedWindow(message));
            case RESUME -> message.setBody(texts(parker().resume(askedWindow(message))));
            case DROP -> message.setBody(texts(parker().drop(askedWindow(message))));
        }
    }

    private void carryOut(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        ExportTask task = TaskJson.task(message.getBody());
        TaskJson.requireExport(task, endpoint.getName());
        message.removeHeader(MixpanelExportConstants.OUTCOME);
        if (!onDemand.begins(task)) {
            TaskException repeated =
                    new TaskException(
                            """
                            Window %s: its task came to this fetcher before, and a task is leave for \
                            one query. What became of it the first time counts"""
                                    .formatted(task.window()));
            message.setHeader(
                    MixpanelExportConstants.FAILURE,
                    TaskJson.repeated(task, repeated.getMessage()));
            throw repeated;
        }
        ExportedWindow exported;
        try {
            exported = onDemand.export(task);
        } catch (ExportException | RejectedExecutionException e) {
            message.setHeader(MixpanelExportConstants.FAILURE, TaskJson.failed(task, e));
            throw e;
        }
        reply(exchange, exported);
        message.setHeader(MixpanelExportConstants.GENERATION, task.generation());
        message.setHeader(MixpanelExportConstants.OUTCOME, TaskJson.done(task, exported.summary()));
        message.setHeader(MixpanelExportConstants.FAILURE, TaskJson.routeFailed(task));
    }

    private void complete(Message message) throws ExportException {
        TaskOutcome outcome = TaskJson.outcome(message.getBody());
        TaskJson.requireExport(outcome.task(), endpoint.getName());
        message.setBody(consumer("report the outcome of a task").complete(outcome).name());
    }

    private void reply(Exchange exchange, ExportedWindow exported) {
        Message message = exchange.getMessage();
        Window asked = exported.summary().window();
        exchange.getExchangeExtension()
                .addOnCompletion(
                        new SynchronizationAdapter() {
                            @Override
                            public void onDone(Exchange done) {
                                exported.close();
                            }
                        });
        message.setBody(new ExportedEvents(exported));
        message.setHeader(MixpanelExportConstants.FROM_DATE, asked.fromDate().toString());
        message.setHeader(MixpanelExportConstants.TO_DATE, asked.toDate().toString());
        message.setHeader(MixpanelExportConstants.SUMMARY, SummaryBody.of(exported.summary()));
    }

    private void reexport(Message message, Window asked) throws LedgerException {
        Reexport mode =
                RequestedWindow.choice(
                        message,
                        MixpanelExportConstants.REEXPORT,
                        endpoint.getConfiguration().getReexport());
        ExportRegistry exports = endpoint.getComponent().exports();
        message.setBody(
                exports.reexport(onDemand, asked, mode).stream().map(LocalDate::toString).toList());
    }

    private Export parker() {
        return consumer("RESUME or DROP its parked events");
    }

    /** Only the export that parked events or issued a task can act on them. */
    private Export consumer(String then) {
        return endpoint.getComponent()
                .exports()
                .consumerOf(onDemand)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "mixpanel-export:%s does not run in this CamelContext: start its route, then %s"
                                                .formatted(endpoint.getName(), then)));
    }

    private static List<String> texts(List<Window> windows) {
        return windows.stream().map(Window::toString).toList();
    }

    private Window askedWindow(Message message) {
        DateRange range = endpoint.settings().range();
        LocalDate today = onDemand.today();
        LocalDate from =
                OptionText.given(endpoint.getConfiguration().getFromDate()) == null
                        ? null
                        : range.firstDay(today);
        return RequestedWindow.window(message, from, range.toDate(), today);
    }

    private ExportedWindow download(Window window) throws Exception {
        try {
            return onDemand.export(window);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw e;
        }
    }

    @Override
    protected void doStop() throws Exception {
        release();
        super.doStop();
    }

    private void release() {
        if (onDemand != null) {
            endpoint.getComponent().exports().close(onDemand);
        }
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
