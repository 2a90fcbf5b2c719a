package io.github.camelmixpanel.export.internal.model;

import java.time.Duration;
import java.time.Instant;

/**
 * What one download contained, and what it took.
 *
 * @param events events that the query asked for
 * @param otherEvents events that it did not ask for: of hot shards, under another name
 * @param badLines lines that are neither blank nor events
 * @param bytes length as received
 * @param queries queries made for it, failed ones included
 * @param started when the query began that this is the answer to
 * @param took from then until the work on it ended
 */
public record DownloadSummary(
        long events,
        long otherEvents,
        long badLines,
        long bytes,
        int queries,
        Instant started,
        Duration took) {

    /** Of a verified body, when the work on it ended at {@code ended}. */
    public static DownloadSummary of(
            SpooledBody body, int queries, Instant started, Instant ended) {
        return new DownloadSummary(
                body.events(),
                body.otherEvents(),
                body.badLines(),
                body.bytes(),
                queries,
                started,
                Duration.between(started, ended));
    }
}
