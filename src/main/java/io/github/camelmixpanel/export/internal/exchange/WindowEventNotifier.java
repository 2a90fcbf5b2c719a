package io.github.camelmixpanel.export.internal.exchange;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.observe.MixpanelWindowEvent;
import io.github.camelmixpanel.export.observe.MixpanelWindowEvent.Kind;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports each window of one export to Camel's event notifiers. Thread-safe; a notifier that throws
 * does not stop the export.
 */
public record WindowEventNotifier(CamelContext context, String export) {

    private static final Logger LOG = LoggerFactory.getLogger(WindowEventNotifier.class);

    /**
     * @param summary null unless the window is completed
     * @param failure null unless it failed
     */
    void notify(
            Kind kind,
            Window window,
            int generation,
            Map<String, Object> summary,
            Exception failure) {
        MixpanelWindowEvent event =
                new MixpanelWindowEvent(
                        context,
                        export,
                        kind,
                        window.fromDate(),
                        window.toDate(),
                        generation,
                        summary,
                        failure);
        event.setTimestamp(System.currentTimeMillis());
        try {
            context.getManagementStrategy().notify(event);
        } catch (Exception e) {
            LOG.warn("An event notifier failed on \"{}\": {}", event, e.toString());
        }
    }
}
