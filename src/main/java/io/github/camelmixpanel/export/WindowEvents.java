package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.model.Window;
import io.github.camelmixpanel.export.model.WindowSummary;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Camel's event notifiers, and the meters, what becomes of the windows of one export.
 * Thread-safe; a notifier that throws holds up nothing.
 */
final class WindowEvents {

    private static final Logger LOG = LoggerFactory.getLogger(WindowEvents.class);

    private final CamelContext context;
    private final String export;
    private final Meters meters;

    WindowEvents(CamelContext context, String export, Meters meters) {
        this.context = context;
        this.export = export;
        this.meters = meters;
    }

    void started(Window window, int generation) {
        notify(MixpanelWindowEvent.started(context, export, window, generation));
    }

    void committed(WindowSummary summary) {
        meters.committed(summary);
        notify(MixpanelWindowEvent.completed(context, export, summary));
    }

    void failed(Window window, int generation, Exception failure) {
        notify(MixpanelWindowEvent.failed(context, export, window, generation, failure));
    }

    private void notify(MixpanelWindowEvent event) {
        event.setTimestamp(System.currentTimeMillis());
        try {
            context.getManagementStrategy().notify(event);
        } catch (Exception e) {
            LOG.warn("An event notifier threw {} when it was told: {}", e, event);
        }
    }
}
