package io.github.camelmixpanel.export.internal.model;

/** What an export has done since its route was started. Every figure only grows. */
public record ExportCounts(FromMixpanel fromMixpanel, ToRoute toRoute) {

    public static final ExportCounts NONE =
            new ExportCounts(new FromMixpanel(0, 0, 0, 0), new ToRoute(0, 0, 0, 0, 0, 0));

    /**
     * @param queries sent to Mixpanel, failed ones included
     * @param rateLimited queries that Mixpanel answered with 429
     * @param failedDownloads queries that failed otherwise
     * @param bytes of the bodies as received, those of failed downloads included
     */
    public record FromMixpanel(long queries, long rateLimited, long failedDownloads, long bytes) {}

    /**
     * @param windows committed
     * @param failedWindows how often a window used up its retries
     * @param events of the windows committed, as downloaded
     * @param acknowledged events that the route has taken; updated at least once per second
     * @param duplicates events of the windows committed that the route has had before
     * @param badLines lines of the windows committed that are no events
     */
    public record ToRoute(
            long windows,
            long failedWindows,
            long events,
            long acknowledged,
            long duplicates,
            long badLines) {}

    public boolean isEmpty() {
        return equals(NONE);
    }

    public ExportCounts since(ExportCounts then) {
        return new ExportCounts(
                new FromMixpanel(
                        fromMixpanel.queries - then.fromMixpanel.queries,
                        fromMixpanel.rateLimited - then.fromMixpanel.rateLimited,
                        fromMixpanel.failedDownloads - then.fromMixpanel.failedDownloads,
                        fromMixpanel.bytes - then.fromMixpanel.bytes),
                new ToRoute(
                        toRoute.windows - then.toRoute.windows,
                        toRoute.failedWindows - then.toRoute.failedWindows,
                        toRoute.events - then.toRoute.events,
                        toRoute.acknowledged - then.toRoute.acknowledged,
                        toRoute.duplicates - then.toRoute.duplicates,
                        toRoute.badLines - then.toRoute.badLines));
    }
}
