package io.github.camelmixpanel.export.observe;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Camel's event notifiers, and the meters, what becomes of the windows of one export.
 * Thread-safe; a notifier that throws holds up nothing.
 */
public final class WindowEventNotifier {

    private static final Logger LOG = LoggerFactory.getLogger(WindowEventNotifier.class);

    private final CamelContext context;
    private final String export;
    private final Meters meters;

    public WindowEventNotifier(CamelContext context, String export, Meters meters) {
        this.context = context;
        this.export = export;
        this.meters = meters;
    }

    public void started(Window window, int generation) {
        notify(MixpanelWindowEvent.started(context, export, window, generation));
    }

    public void committed(WindowSummary summary) {
        meters.committed(summary);
        notify(MixpanelWindowEvent.completed(context, export, summary));
    }

    public void failed(Window window, int generation, Exception failure) {
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
