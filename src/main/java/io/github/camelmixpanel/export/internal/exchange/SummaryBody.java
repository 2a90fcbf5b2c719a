package io.github.camelmixpanel.export.internal.exchange;

import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.OnDemandSummary;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The body of a message about a complete window: an unmodifiable map of plain values, in a fixed
 * order.
 */
public final class SummaryBody {

    private SummaryBody() {}

    public static Map<String, Object> of(WindowSummary summary) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("from", summary.window().fromDate().toString());
        body.put("to", summary.window().toDate().toString());
        if (summary.window().isArrivals()) {
            body.put("processedFrom", summary.window().arrivals().from().toString());
            body.put("processedTo", summary.window().arrivals().to().toString());
        }
        body.put("generation", summary.generation());
        body.put("events", summary.download().events());
        body.put("emitted", summary.compared().emitted());
        body.put("duplicates", summary.compared().duplicates());
        body.put("known", summary.compared().known());
        body.put("vanished", summary.compared().vanished());
        body.put("rewritten", summary.compared().rewritten());
        body.put("changed", summary.compared().changed());
        body.put("otherEvents", summary.download().otherEvents());
        body.put("parked", summary.parked());
        body.put("badLines", summary.download().badLines());
        body.put("bytes", summary.download().bytes());
        body.put("queries", summary.download().queries());
        body.put("started", summary.download().started().toString());
        body.put("took", summary.download().took().toString());
        body.put("final", summary.isFinal());
        body.put("days", days(summary));
        return Collections.unmodifiableMap(body);
    }

    private static Map<String, Object> days(WindowSummary summary) {
        Map<String, Object> days = new LinkedHashMap<>();
        for (WindowSummary.Day day : summary.days()) {
            days.put(
                    day.day().toString(),
                    Map.of(
                            "events", day.events(),
                            "emitted", day.emitted(),
                            "final", day.isFinal()));
        }
        return Collections.unmodifiableMap(days);
    }

    public static Map<String, Object> of(OnDemandSummary summary) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("from", summary.window().fromDate().toString());
        body.put("to", summary.window().toDate().toString());
        body.put("events", summary.body().events());
        body.put("emitted", summary.emitted());
        body.put("duplicates", summary.duplicates());
        body.put("otherEvents", summary.body().otherEvents());
        body.put("badLines", summary.body().badLines());
        body.put("bytes", summary.body().bytes());
        body.put("queries", summary.queries());
        body.put("started", summary.started().toString());
        body.put("took", summary.took().toString());
        return Collections.unmodifiableMap(body);
    }
}
