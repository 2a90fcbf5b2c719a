package io.github.camelmixpanel.export.internal.model;

import java.time.Duration;
import java.time.Instant;

/**
 * What one generation of a window brought: {@code emitted + duplicates = events}, and {@code events
 * + otherEvents + badLines} are the lines of its download that are not blank.
 *
 * @param generation 1 for the first export of the window, 2 for the next
 * @param events events in the download that were asked for
 * @param compared which of them are new, and what became of those before
 * @param otherEvents events in the download that were not: of hot shards, under another name
 * @param parked of those emitted, events that the route could not take and that are kept aside
 * @param badLines lines that are no events
 * @param bytes length of the download as received
 * @param queries queries made for this generation, failed ones included, since the route was
 *     started
 * @param started when the query began whose answer this is
 * @param took from then to the last acknowledgement
 * @param isFinal whether no later generation of the window is planned, and nothing is parked
 */
public record WindowSummary(
        Window window,
        int generation,
        long events,
        Comparison compared,
        long otherEvents,
        long parked,
        long badLines,
        long bytes,
        int queries,
        Instant started,
        Duration took,
        boolean isFinal) {

    /** Events handed to the route. */
    public long emitted() {
        return compared.emitted();
    }

    /** Events left out because this download or an earlier one had them already. */
    public long duplicates() {
        return compared.duplicates();
    }
}
