package io.github.camelmixpanel.export.internal.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.DownloadSummary;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** The summary of a window in a line of {@code ledger.jsonl}, as {@link LedgerFormat} describes. */
final class SummaryFormat {

    private SummaryFormat() {}

    /** Adds all but the window, which the line has. */
    static void put(ObjectNode line, WindowSummary notice) {
        line.put("generation", notice.generation())
                .put("events", notice.download().events())
                .put("emitted", notice.compared().emitted())
                .put("duplicates", notice.compared().duplicates())
                .put("known", notice.compared().known())
                .put("vanished", notice.compared().vanished())
                .put("rewritten", notice.compared().rewritten())
                .put("changed", notice.compared().changed())
                .put("otherEvents", notice.download().otherEvents())
                .put("parked", notice.parked())
                .put("badLines", notice.download().badLines())
                .put("bytes", notice.download().bytes())
                .put("queries", notice.download().queries())
                .put("started", notice.download().started().toString())
                .put("tookMillis", notice.download().took().toMillis())
                .put("final", notice.isFinal());
        for (WindowSummary.Day day : notice.days()) {
            line.withObjectProperty("days")
                    .putObject(day.day().toString())
                    .put("events", day.events())
                    .put("emitted", day.emitted())
                    .put("final", day.isFinal());
        }
    }

    static WindowSummary summary(JsonFields line) {
        DownloadSummary download =
                new DownloadSummary(
                        line.number("events"),
                        line.numberOrZero("otherEvents"),
                        line.number("badLines"),
                        line.number("bytes"),
                        line.integer("queries"),
                        line.instant("started"),
                        Duration.ofMillis(line.number("tookMillis")));
        return new WindowSummary(
                line.window(),
                line.integer("generation"),
                download,
                comparisonOfNotice(line),
                line.numberOrZero("parked"),
                line.has("days") ? days(line.object("days")) : List.of(),
                line.flag("final"));
    }

    private static List<WindowSummary.Day> days(JsonFields line) {
        return line.json().properties().stream()
                .map(Map.Entry::getKey)
                .map(
                        day -> {
                            JsonFields count = line.object(day);
                            return new WindowSummary.Day(
                                    LocalDate.parse(day),
                                    count.number("events"),
                                    count.number("emitted"),
                                    count.flag("final"));
                        })
                .toList();
    }

    /** Earlier versions did not distinguish duplicates of a first generation and known events. */
    private static Comparison comparisonOfNotice(JsonFields line) {
        long duplicates = line.number("duplicates");
        long known = duplicates;
        if (line.has("known")) {
            known = line.number("known");
        } else if (line.integer("generation") == 1) {
            known = 0;
        }
        return new Comparison(
                line.number("emitted"),
                known,
                duplicates - known,
                line.numberOrZero("vanished"),
                line.numberOrZero("rewritten"),
                line.numberOrZero("changed"));
    }
}
