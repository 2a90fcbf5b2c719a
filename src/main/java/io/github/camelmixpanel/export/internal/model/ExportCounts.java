package io.github.camelmixpanel.export.internal.model;

/**
 * What an export has done since its route was started. Every figure only grows.
 *
 * @param queries sent to Mixpanel, failed ones included
 * @param rateLimited queries that Mixpanel answered with 429
 * @param failedDownloads queries that failed otherwise
 * @param bytes of the bodies received, as they came, those of failed downloads included
 * @param windows committed
 * @param failedWindows how often a window used up its retries
 * @param events of the windows committed, as downloaded
 * @param acknowledged events that the route has taken; told at least once a second
 * @param duplicates events of the windows committed that the route has had before
 * @param badLines lines of the windows committed that are no events
 */
public record ExportCounts(
        long queries,
        long rateLimited,
        long failedDownloads,
        long bytes,
        long windows,
        long failedWindows,
        long events,
        long acknowledged,
        long duplicates,
        long badLines) {}
