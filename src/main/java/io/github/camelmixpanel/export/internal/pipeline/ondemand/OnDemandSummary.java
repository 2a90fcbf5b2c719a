package io.github.camelmixpanel.export.internal.pipeline.ondemand;

import io.github.camelmixpanel.export.internal.model.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * What one window on demand brought: {@code emitted + duplicates = events}.
 *
 * @param events events in the download that were asked for
 * @param emitted events to be read
 * @param duplicates events left out because this download had them already
 * @param otherEvents events in the download that were not: of hot shards, under another name
 * @param badLines lines that are no events
 * @param bytes length of the download as received
 * @param queries queries made for it, failed ones included
 * @param started when the query began whose answer this is
 * @param serverStartedAt the same by the server's {@code Date}, or null when it sent none
 * @param took from {@code started} to the end of its download
 */
public record OnDemandSummary(
        Window window,
        long events,
        long emitted,
        long duplicates,
        long otherEvents,
        long badLines,
        long bytes,
        int queries,
        Instant started,
        Instant serverStartedAt,
        Duration took) {

    String text() {
        return String.format(
                Locale.ROOT,
                "%,d %s%s%s",
                events,
                events == 1 ? "event" : "events",
                duplicates == 0
                        ? ""
                        : String.format(Locale.ROOT, " (%,d duplicates left out)", duplicates),
                badLines == 0
                        ? ""
                        : String.format(Locale.ROOT, ", %,d bad lines set aside", badLines));
    }
}
