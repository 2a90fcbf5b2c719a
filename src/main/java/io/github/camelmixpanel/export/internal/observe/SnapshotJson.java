package io.github.camelmixpanel.export.internal.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelmixpanel.export.internal.model.DayStatus;
import io.github.camelmixpanel.export.internal.model.ExportCounts;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.QuotaStatus;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.util.json.JsonObject;

/**
 * A snapshot as JSON: times in ISO 8601 UTC, days as yyyy-mm-dd, durations in whole seconds; what
 * is empty is absent.
 */
public final class SnapshotJson {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String PLANNED = WindowState.PLANNED.name();
    private static final int MONTH = "2026-11".length();

    private SnapshotJson() {}

    /** The snapshot in the form that Camel's developer console needs. */
    public static JsonObject of(ExportSnapshot snapshot) {
        return JSON.convertValue(node(snapshot), JsonObject.class);
    }

    /**
     * The same for a reader that looks every other second: without the windows that nobody works on
     * and nothing keeps, and without the days of months of which the reader has the same already.
     *
     * @param tags that the reader got with the days it has, of months one after the other
     */
    public static JsonObject changes(
            ExportSnapshot snapshot, String firstMonth, List<String> tags) {
        ObjectNode json = node(snapshot);
        json.putObject("due")
                .put("windows", snapshot.work().windows().size())
                .put(
                        "days",
                        snapshot.work().windows().stream()
                                .mapToInt(it -> it.window().dayCount())
                                .sum());
        Iterator<JsonNode> windows = json.withArray("windows").elements();
        while (windows.hasNext()) {
            JsonNode window = windows.next();
            if (window.path("state").asText().equals(PLANNED) && !window.has("trouble")) {
                windows.remove();
            }
        }
        Map<String, ArrayNode> months = new TreeMap<>();
        json.withArray("days")
                .forEach(
                        day ->
                                months.computeIfAbsent(
                                                day.path("day").asText().substring(0, MONTH),
                                                month -> JSON.createArrayNode())
                                        .add(day));
        ArrayNode changed = json.putArray("days");
        ObjectNode sent = json.putObject("months");
        Iterator<String> known = tags.iterator();
        months.forEach(
                (month, days) -> {
                    String tag = Integer.toUnsignedString(days.toString().hashCode(), 36);
                    sent.put(month, tag);
                    boolean has = month.compareTo(firstMonth) >= 0 && known.hasNext();
                    if (!has || !known.next().equals(tag)) {
                        changed.addAll(days);
                    }
                });
        return JSON.convertValue(json, JsonObject.class);
    }

    private static ObjectNode node(ExportSnapshot snapshot) {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("export", snapshot.export())
                        .put("at", snapshot.at().toString())
                        .put("activity", snapshot.activity().name());
        put(json.putObject("verdict"), snapshot.verdict());
        put(json.putObject("counts"), snapshot.counts());
        put(json.putObject("quota"), snapshot.quota());
        json.put("inFlight", snapshot.usage().inFlight())
                .put("maxInFlight", snapshot.usage().maxInFlight())
                .put("spoolBytes", snapshot.usage().spoolBytes())
                .put("maxSpoolBytes", snapshot.usage().maxSpoolBytes());
        ArrayNode minutes = json.putArray("eventsByMinute");
        snapshot.pace().eventsByMinute().forEach(minutes::add);
        snapshot.pace().toGo().ifPresent(it -> json.put("toGoSeconds", it.toSeconds()));
        snapshot.pace().forecast().ifPresent(it -> put(json.putObject("forecast"), it));
        json.put("lagSeconds", snapshot.pace().lag().toSeconds());
        ArrayNode windows = json.putArray("windows");
        snapshot.work().windows().forEach(it -> put(windows.addObject(), it));
        ArrayNode days = json.putArray("days");
        snapshot.work().days().forEach(it -> put(days.addObject(), it));
        ArrayNode runs = json.putArray("runs");
        snapshot.work().runs().forEach(it -> put(runs.addObject(), it));
        ArrayNode parked = json.putArray("parked");
        snapshot.work().parked().forEach(it -> put(parked.addObject(), it));
        return json;
    }

    private static void put(ObjectNode json, Verdict verdict) {
        json.put("state", verdict.state().name());
        verdict.waitsFor().ifPresent(it -> json.put("waitsFor", it.name()));
        json.put("what", verdict.what());
        put(json, "until", verdict.until());
        json.put("since", verdict.since().toString());
        json.putObject("days")
                .put("exported", verdict.days().exported())
                .put("all", verdict.days().all())
                .put("percent", verdict.days().percent());
        put(json, "end", verdict.end());
        json.put("text", verdict.text());
        ArrayNode troubles = json.putArray("troubles");
        verdict.troubles().forEach(it -> put(troubles.addObject(), it));
    }

    private static void put(ObjectNode json, Trouble trouble) {
        json.put("kind", trouble.kind().name()).put("cause", trouble.cause());
        trouble.kind().todo().ifPresent(it -> json.put("todo", it));
        ArrayNode windows = json.putArray("windows");
        trouble.windows().forEach(it -> put(windows.addObject(), it));
        put(json, "since", trouble.since());
        put(json, "next", trouble.attempt().next());
        if (trouble.attempt().number() > 0) {
            json.put("attempt", trouble.attempt().number());
        }
        if (trouble.attempt().of() > 0) {
            json.put("attempts", trouble.attempt().of());
        }
    }

    private static void put(ObjectNode json, String name, Optional<Instant> time) {
        time.ifPresent(it -> json.put(name, it.toString()));
    }

    private static void put(ObjectNode json, ExportSnapshot.Forecast forecast) {
        json.put("queries", forecast.queries())
                .put("bytes", forecast.bytes())
                .put("knownDays", forecast.knownDays());
    }

    private static void put(ObjectNode json, ExportSnapshot.Run run) {
        json.put("begun", run.begun().toString());
        put(json, "ended", run.ended());
        json.put("queries", run.counts().fromMixpanel().queries())
                .put("windows", run.counts().toRoute().windows())
                .put("failedWindows", run.counts().toRoute().failedWindows())
                .put("acknowledged", run.counts().toRoute().acknowledged())
                .put("bytes", run.counts().fromMixpanel().bytes());
    }

    private static void put(ObjectNode json, ExportCounts counts) {
        json.put("queries", counts.fromMixpanel().queries())
                .put("rateLimited", counts.fromMixpanel().rateLimited())
                .put("failedDownloads", counts.fromMixpanel().failedDownloads())
                .put("bytes", counts.fromMixpanel().bytes())
                .put("windows", counts.toRoute().windows())
                .put("failedWindows", counts.toRoute().failedWindows())
                .put("events", counts.toRoute().events())
                .put("acknowledged", counts.toRoute().acknowledged())
                .put("duplicates", counts.toRoute().duplicates())
                .put("badLines", counts.toRoute().badLines());
    }

    private static void put(ObjectNode json, QuotaStatus quota) {
        json.put("perHour", quota.perHour())
                .put("used", quota.used())
                .put("free", quota.free())
                .put("underWay", quota.underWay())
                .put("nextStart", quota.nextStart().toString());
        put(json, "frees", quota.frees());
        quota.pause().ifPresent(it -> json.put("pause", it));
    }

    private static void put(ObjectNode json, WindowStatus window) {
        put(json, window.window())
                .put("kind", window.kind())
                .put("state", window.state().name())
                .put("generation", window.generation())
                .put("querying", window.download().querying())
                .put("queries", window.download().queries())
                .put("bytes", window.download().bytes())
                .put("lines", window.download().lines())
                .put("acknowledgedLines", window.acknowledgedLines());
        put(json, "waitsUntil", window.waitsUntil());
        window.trouble().ifPresent(it -> json.put("trouble", it.text()));
    }

    private static void put(ObjectNode json, DayStatus day) {
        json.put("day", day.day().toString())
                .put("state", day.state().name())
                .put("final", day.isFinal());
        put(json, day.window()).put("generation", day.lastCommit().generation());
        day.lastCommit().events().ifPresent(it -> json.put("events", it));
        json.put("badLines", day.lastCommit().badLines());
        day.lastCommit().bytes().ifPresent(it -> json.put("bytes", it));
        put(json, "exportedAt", day.lastCommit().exportedAt());
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
