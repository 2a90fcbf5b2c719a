package io.github.camelmixpanel.export.observe;

import io.github.camelmixpanel.export.internal.model.ExportCounts;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.QuotaStatus;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import io.github.camelmixpanel.export.internal.observe.ObservedExports;
import io.github.camelmixpanel.export.internal.observe.SnapshotJson;
import io.github.camelmixpanel.export.internal.text.Spans;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.spi.annotations.DevConsole;
import org.apache.camel.support.console.AbstractDevConsole;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/** Shows every Mixpanel export of the CamelContext, as text or JSON. */
@DevConsole(
        name = "mixpanel-export",
        displayName = "Mixpanel Export",
        description = "How far the exports from Mixpanel are")
public class MixpanelExportDevConsole extends AbstractDevConsole {

    public MixpanelExportDevConsole() {
        super(
                "camel",
                "mixpanel-export",
                "Mixpanel Export",
                "How far the exports from Mixpanel are");
    }

    @Override
    protected Map<String, Object> doCallJson(Map<String, Object> options) {
        JsonObject root = new JsonObject();
        JsonArray exports = new JsonArray();
        snapshots().forEach(snapshot -> exports.add(SnapshotJson.of(snapshot)));
        root.put("exports", exports);
        return root;
    }

    @Override
    protected String doCallText(Map<String, Object> options) {
        StringBuilder text = new StringBuilder();
        snapshots().forEach(snapshot -> append(text, snapshot));
        return text.isEmpty() ? "No export has been started yet.\n" : text.toString();
    }

    private List<ExportSnapshot> snapshots() {
        return ObservedExports.of(getCamelContext()).snapshots();
    }

    /** In the order in which it is asked: the verdict, trouble, then figures and windows. */
    private static void append(StringBuilder text, ExportSnapshot snapshot) {
        ExportCounts counts = snapshot.counts();
        QuotaStatus quota = snapshot.quota();
        line(text, "Export: %s", snapshot.export());
        line(text, "    %s", snapshot.verdict().text());
        line(text, "    Since: %s", seconds(snapshot.verdict().since()));
        snapshot.troubles().forEach(trouble -> append(text, trouble));
        line(
                text,
                "    Windows: %,d due, %,d committed%s",
                snapshot.work().windows().size(),
                counts.toRoute().windows(),
                snapshot.pace().toGo().map(it -> ", about " + Spans.of(it) + " to go").orElse(""));
        snapshot.pace()
                .forecast()
                .ifPresent(
                        it ->
                                line(
                                        text,
                                        "    Queries to go: %,d (%,d bytes); days this rests on: %,d",
                                        it.queries(),
                                        it.bytes(),
                                        it.knownDays()));
        line(
                text,
                "    Events: %,d taken by the route, %,d duplicates left out, %,d bad lines",
                counts.toRoute().acknowledged(),
                counts.toRoute().duplicates(),
                counts.toRoute().badLines());
        line(
                text,
                "    Queries: %,d, %,d answered 429, %,d failed otherwise; %,d bytes received",
                counts.fromMixpanel().queries(),
                counts.fromMixpanel().rateLimited(),
                counts.fromMixpanel().failedDownloads(),
                counts.fromMixpanel().bytes());
        line(
                text,
                "    Quota: %d of %d left%s%s",
                quota.free(),
                quota.perHour(),
                quota.frees().map(it -> ", one more at " + seconds(it)).orElse(""),
                quota.pause()
                        .map(it -> "; " + it + " until " + seconds(quota.nextStart()))
                        .orElse(""));
        line(
                text,
                "    In flight: %d of %d; behind now: %s; spool: %,d of %,d bytes",
                snapshot.usage().inFlight(),
                snapshot.usage().maxInFlight(),
                Spans.of(snapshot.pace().lag()),
                snapshot.usage().spoolBytes(),
                snapshot.usage().maxSpoolBytes());
        snapshot.work().windows().forEach(window -> append(text, window));
    }

    private static void append(StringBuilder text, Trouble trouble) {
        line(
                text,
                "    Trouble: %s%s%s",
                trouble.summary(),
                trouble.attempt().of() == 0
                        ? ""
                        : " Attempt %d of %d."
                                .formatted(trouble.attempt().number(), trouble.attempt().of()),
                trouble.since().map(it -> " Since " + seconds(it) + ".").orElse(""));
    }

    private static void append(StringBuilder text, WindowStatus window) {
        line(
                text,
                "    %s %s (%s, generation %d): %,d bytes, %,d of %,d lines done%s",
                window.window(),
                window.state(),
                window.kind(),
                window.generation(),
                window.download().bytes(),
                window.acknowledgedLines(),
                window.download().lines(),
                window.waitsUntil().map(it -> ", waits until " + seconds(it)).orElse(""));
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
