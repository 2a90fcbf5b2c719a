package io.github.camelmixpanel.export.internal.exchange;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.observe.Meters;
import io.github.camelmixpanel.export.observe.MixpanelWindowEvent;
import io.github.camelmixpanel.export.observe.MixpanelWindowEvent.Kind;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports each window of one export to Camel's event notifiers and to the meters. Thread-safe; a
 * notifier that throws does not stop the export.
 */
public record WindowEventNotifier(CamelContext context, String export, Meters meters) {

    private static final Logger LOG = LoggerFactory.getLogger(WindowEventNotifier.class);

    public void started(Window window, int generation) {
        notify(Kind.STARTED, window, generation, null, null);
    }

    public void committed(WindowSummary summary) {
        meters.committed(summary);
        notify(
                Kind.COMPLETED,
                summary.window(),
                summary.generation(),
                SummaryBody.of(summary),
                null);
    }

    public void failed(Window window, int generation, Exception failure) {
        notify(Kind.FAILED, window, generation, null, failure);
    }

    private void notify(
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
