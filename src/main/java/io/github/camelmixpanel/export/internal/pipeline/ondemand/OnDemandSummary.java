package io.github.camelmixpanel.export.internal.pipeline.ondemand;

import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary.DayCounts;
import io.github.camelmixpanel.export.internal.pipeline.progress.LogText;
import java.time.Duration;
import java.time.Instant;

/**
 * What one window on demand brought: {@code emitted + duplicates = events}.
 *
 * @param duplicates events left out because this download had them already
 * @param queries queries made for it, failed ones included
 * @param started when the query began whose answer this is
 * @param serverStartedAt the same by the server's {@code Date}, or null when it sent none
 * @param took from {@code started} to the end of its download
 * @param days of a task for several days; unknown of anything else
 */
public record OnDemandSummary(
        Window window,
        SpooledBody body,
        long duplicates,
        int queries,
        Instant started,
        Instant serverStartedAt,
        Duration took,
        DayCounts days) {

    /** Events to be read. */
    public long emitted() {
        return body.events() - duplicates;
    }

    String text() {
        return LogText.counted(body.events(), "event", "events")
                + (duplicates == 0
                        ? ""
                        : " (" + LogText.number(duplicates) + " duplicates left out)")
                + LogText.badLines(body.badLines());
    }
}
