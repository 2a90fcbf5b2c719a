package io.github.camelmixpanel.export.internal.observe;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelmixpanel.export.internal.model.DayStatus;
import io.github.camelmixpanel.export.internal.model.ExportCounts;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.QuotaStatus;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import java.time.Instant;
import org.apache.camel.util.json.JsonObject;

/**
 * A snapshot as JSON: times in ISO 8601 UTC, days as yyyy-mm-dd, durations in whole seconds; what
 * is empty is absent.
 */
public final class SnapshotJson {

    private static final JsonMapper JSON = new JsonMapper();

    private SnapshotJson() {}

    /** The snapshot in the form that Camel's developer console needs. */
    public static JsonObject of(ExportSnapshot snapshot) {
        return JSON.convertValue(node(snapshot), JsonObject.class);
    }

    private static ObjectNode node(ExportSnapshot snapshot) {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("export", snapshot.export())
                        .put("at", snapshot.at().toString())
                        .put("activity", snapshot.activity().name());
        put(json.putObject("counts"), snapshot.counts());
        put(json.putObject("quota"), snapshot.quota());
        json.put("inFlight", snapshot.inFlight())
                .put("maxInFlight", snapshot.maxInFlight())
                .put("spoolBytes", snapshot.spoolBytes())
                .put("maxSpoolBytes", snapshot.maxSpoolBytes());
        ArrayNode minutes = json.putArray("eventsByMinute");
        snapshot.eventsByMinute().forEach(minutes::add);
        snapshot.toGo().ifPresent(it -> json.put("toGoSeconds", it.toSeconds()));
        snapshot.forecast().ifPresent(it -> put(json.putObject("forecast"), it));
        json.put("lagSeconds", snapshot.lag().toSeconds());
        ArrayNode windows = json.putArray("windows");
        snapshot.windows().forEach(it -> put(windows.addObject(), it));
        ArrayNode days = json.putArray("days");
        snapshot.days().forEach(it -> put(days.addObject(), it));
        ArrayNode parked = json.putArray("parked");
        snapshot.parked().forEach(it -> put(parked.addObject(), it));
        ArrayNode troubles = json.putArray("troubles");
        snapshot.troubles().forEach(troubles::add);
        return json;
    }

    private static void put(ObjectNode json, ExportSnapshot.Forecast forecast) {
        json.put("queries", forecast.queries())
                .put("bytes", forecast.bytes())
                .put("knownDays", forecast.knownDays());
    }

    private static void put(ObjectNode json, ExportCounts counts) {
        json.put("queries", counts.queries())
                .put("rateLimited", counts.rateLimited())
                .put("failedDownloads", counts.failedDownloads())
                .put("bytes", counts.bytes())
                .put("windows", counts.windows())
                .put("failedWindows", counts.failedWindows())
                .put("events", counts.events())
                .put("acknowledged", counts.acknowledged())
                .put("duplicates", counts.duplicates())
                .put("badLines", counts.badLines());
    }

    private static void put(ObjectNode json, QuotaStatus quota) {
        json.put("perHour", quota.perHour())
                .put("used", quota.used())
                .put("free", quota.free())
                .put("underWay", quota.underWay())
                .put("nextStart", quota.nextStart().toString());
        quota.frees().map(Instant::toString).ifPresent(it -> json.put("frees", it));
        quota.pause().ifPresent(it -> json.put("pause", it));
    }

    private static void put(ObjectNode json, WindowStatus window) {
        put(json, window.window())
                .put("kind", window.kind())
                .put("state", window.state().name())
                .put("generation", window.generation())
                .put("querying", window.querying())
                .put("queries", window.queries())
                .put("bytes", window.bytes())
                .put("lines", window.lines())
                .put("acknowledgedLines", window.acknowledgedLines());
        window.waitsUntil().map(Instant::toString).ifPresent(it -> json.put("waitsUntil", it));
        window.trouble().ifPresent(it -> json.put("trouble", it));
    }

    private static void put(ObjectNode json, DayStatus day) {
        json.put("day", day.day().toString())
                .put("state", day.state().name())
                .put("final", day.isFinal());
        put(json, day.window()).put("generation", day.generation());
        day.events().ifPresent(it -> json.put("events", it));
        json.put("badLines", day.badLines());
        day.bytes().ifPresent(it -> json.put("bytes", it));
        day.exportedAt().map(Instant::toString).ifPresent(it -> json.put("exportedAt", it));
    }

    private static void put(ObjectNode json, ParkedWindow parked) {
        put(json, parked.window())
                .put("generation", parked.generation())
                .put("events", parked.events())
                .put("whole", parked.whole())
                .put("trouble", parked.trouble());
    }

    private static ObjectNode put(ObjectNode json, Window window) {
        return json.put("from", window.fromDate().toString()).put("to", window.toDate().toString());
    }
}
