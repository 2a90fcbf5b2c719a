package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.fetch.ExportClient;
import io.github.camelmixpanel.export.model.DateRange;
import io.github.camelmixpanel.export.model.ExportSettings;
import io.github.camelmixpanel.export.model.Window;
import io.github.camelmixpanel.export.pipeline.ExportedWindow;
import io.github.camelmixpanel.export.pipeline.OnDemand;
import java.time.LocalDate;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Exports one window on demand: the reply's body gives its events, whole and proven complete, and
 * is deleted from disk when the exchange is done.
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
            client =
                    new ExportClient(
                            endpoint.getCamelContext(),
                            endpoint.transport(),
                            settings.baseUrl(),
                            settings.credentials(),
                            settings.query());
            onDemand = endpoint.getComponent().exports().openOnDemand(settings, client);
        } catch (Exception e) {
            release();
            throw e;
        }
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        ExportedWindow exported = export(askedWindow(message));
        exchange.getExchangeExtension()
                .addOnCompletion(
                        new SynchronizationAdapter() {
                            @Override
                            public void onDone(Exchange done) {
                                exported.close();
                            }
                        });
        Window window = exported.summary().window();
        message.setBody(new ExportedEvents(exported));
        message.setHeader(MixpanelExportConstants.FROM_DATE, window.fromDate().toString());
        message.setHeader(MixpanelExportConstants.TO_DATE, window.toDate().toString());
        message.setHeader(MixpanelExportConstants.SUMMARY, SummaryBody.of(exported.summary()));
    }

    private Window askedWindow(Message message) {
        DateRange range = endpoint.settings().range();
        LocalDate today = onDemand.today();
        LocalDate from =
                SettingsReader.given(endpoint.getConfiguration().getFromDate()) == null
                        ? null
                        : range.firstDay(today);
        return AskedWindow.of(message, from, range.toDate(), today);
    }

    private ExportedWindow export(Window window) throws Exception {
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
