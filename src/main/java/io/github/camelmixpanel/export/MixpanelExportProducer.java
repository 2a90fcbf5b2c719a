package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.fetch.ExportClient;
import io.github.camelmixpanel.export.model.DateRange;
import io.github.camelmixpanel.export.model.ExportSettings;
import io.github.camelmixpanel.export.model.LedgerException;
import io.github.camelmixpanel.export.model.Operation;
import io.github.camelmixpanel.export.model.ParkedWindow;
import io.github.camelmixpanel.export.model.Reexport;
import io.github.camelmixpanel.export.model.Window;
import io.github.camelmixpanel.export.pipeline.Export;
import io.github.camelmixpanel.export.pipeline.ExportedWindow;
import io.github.camelmixpanel.export.pipeline.Exports;
import io.github.camelmixpanel.export.pipeline.OnDemand;
import java.time.LocalDate;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Exports one window on demand: the reply's body gives its events, whole and proven complete, and
 * is deleted from disk when the exchange is done. Or asks the consumer of its name: to export days
 * again, or to resume or drop what is parked; the reply's body is then the list of days or windows.
 *
 * <p>What a message can say is which days. Host, credentials and query are the endpoint's. The
 * calling thread waits, for the quota too.
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
        Message message = exchange.getMessage();
        Operation operation =
                Asked.choice(
                        message,
                        MixpanelExportConstants.OPERATION,
                        endpoint.getConfiguration().getOperation());
        switch (operation) {
            case EXPORT -> export(exchange, askedWindow(message));
            case REEXPORT -> reexport(message, askedWindow(message));
            case RESUME -> message.setBody(texts(consumer().resume(askedWindow(message))));
            case DROP -> message.setBody(texts(consumer().drop(askedWindow(message))));
        }
    }

    private void export(Exchange exchange, Window asked) throws Exception {
        ExportedWindow exported = download(asked);
        Message message = exchange.getMessage();
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
                Asked.choice(
                        message,
                        MixpanelExportConstants.REEXPORT,
                        endpoint.getConfiguration().getReexport());
        Exports exports = endpoint.getComponent().exports();
        message.setBody(
                exports.reexport(onDemand, asked, mode).stream().map(LocalDate::toString).toList());
    }

    /** What is parked is decided by the export that has it, between two of its events. */
    private Export consumer() {
        return endpoint.getComponent()
                .exports()
                .consumerOf(onDemand)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "mixpanel-export:"
                                                + endpoint.getName()
                                                + " does not run in this CamelContext: start its route,"
                                                + " then RESUME or DROP what is parked"));
    }

    private static List<String> texts(List<ParkedWindow> parked) {
        return parked.stream().map(it -> it.window().toString()).toList();
    }

    private Window askedWindow(Message message) {
        DateRange range = endpoint.settings().range();
        LocalDate today = onDemand.today();
        LocalDate from =
                SettingsReader.given(endpoint.getConfiguration().getFromDate()) == null
                        ? null
                        : range.firstDay(today);
        return Asked.window(message, from, range.toDate(), today);
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
