package io.github.camelmixpanel.export.internal.observe;

import io.github.camelmixpanel.export.internal.model.DayStatus;
import io.github.camelmixpanel.export.internal.model.ExportCounts;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.QuotaStatus;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * A snapshot as JSON: times in ISO 8601 UTC, days as yyyy-mm-dd, durations in whole seconds; what
 * is empty is absent.
 */
public final class SnapshotJson {

    private SnapshotJson() {}

    public static JsonObject of(ExportSnapshot snapshot) {
        JsonObject json = new JsonObject();
        json.put("export", snapshot.export());
        json.put("at", snapshot.at().toString());
        json.put("activity", snapshot.activity().name());
        json.put("counts", counts(snapshot.counts()));
        json.put("quota", quota(snapshot.quota()));
        json.put("inFlight", snapshot.inFlight());
        json.put("maxInFlight", snapshot.maxInFlight());
        json.put("spoolBytes", snapshot.spoolBytes());
        json.put("maxSpoolBytes", snapshot.maxSpoolBytes());
        json.put("eventsByMinute", array(snapshot.eventsByMinute()));
        put(json, "toGoSeconds", snapshot.toGo().map(Duration::toSeconds));
        json.put("lagSeconds", snapshot.lag().toSeconds());
        json.put("windows", array(snapshot.windows().stream().map(SnapshotJson::window).toList()));
        json.put("days", array(snapshot.days().stream().map(SnapshotJson::day).toList()));
        json.put("parked", array(snapshot.parked().stream().map(SnapshotJson::parked).toList()));
        json.put("troubles", array(snapshot.troubles()));
        return json;
    }

    private static JsonObject counts(ExportCounts counts) {
        JsonObject json = new JsonObject();
        json.put("queries", counts.queries());
        json.put("rateLimited", counts.rateLimited());
        json.put("failedDownloads", counts.failedDownloads());
        json.put("bytes", counts.bytes());
        json.put("windows", counts.windows());
        json.put("failedWindows", counts.failedWindows());
        json.put("events", counts.events());
        json.put("acknowledged", counts.acknowledged());
        json.put("duplicates", counts.duplicates());
        json.put("badLines", counts.badLines());
        return json;
    }

    private static JsonObject quota(QuotaStatus quota) {
        JsonObject json = new JsonObject();
        json.put("perHour", quota.perHour());
        json.put("used", quota.used());
        json.put("free", quota.free());
        json.put("underWay", quota.underWay());
        json.put("nextStart", quota.nextStart().toString());
        put(json, "frees", quota.frees().map(Instant::toString));
        put(json, "pause", quota.pause());
        return json;
    }

    private static JsonObject window(WindowStatus window) {
        JsonObject json = new JsonObject();
        putDays(json, window.window());
        json.put("kind", window.kind());
        json.put("state", window.state().name());
        json.put("generation", window.generation());
        json.put("querying", window.querying());
        json.put("queries", window.queries());
        json.put("bytes", window.bytes());
        json.put("lines", window.lines());
        json.put("acknowledgedLines", window.acknowledgedLines());
        put(json, "waitsUntil", window.waitsUntil().map(Instant::toString));
        put(json, "trouble", window.trouble());
        return json;
    }

    private static JsonObject day(DayStatus day) {
        JsonObject json = new JsonObject();
        json.put("day", day.day().toString());
        json.put("state", day.state().name());
        json.put("final", day.isFinal());
        putDays(json, day.window());
        json.put("generation", day.generation());
        json.put("events", day.events());
        json.put("badLines", day.badLines());
        json.put("bytes", day.bytes());
        put(json, "exportedAt", day.exportedAt().map(Instant::toString));
        return json;
    }

    private static JsonObject parked(ParkedWindow parked) {
        JsonObject json = new JsonObject();
        putDays(json, parked.window());
        json.put("generation", parked.generation());
        json.put("events", parked.events());
        json.put("whole", parked.whole());
        json.put("trouble", parked.trouble());
        return json;
    }

    private static void putDays(JsonObject json, Window window) {
        json.put("from", window.fromDate().toString());
        json.put("to", window.toDate().toString());
    }

    private static JsonArray array(Iterable<?> elements) {
        JsonArray array = new JsonArray();
        elements.forEach(array::add);
        return array;
    }

    private static void put(JsonObject json, String name, Optional<?> value) {
        value.ifPresent(it -> json.put(name, it));
    }
}
