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

    /** Whether anything was done at all. */
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** What was done since then. */
    public ExportCounts since(ExportCounts then) {
        return new ExportCounts(
                new FromMixpanel(
                        queries() - then.queries(),
                        rateLimited() - then.rateLimited(),
                        failedDownloads() - then.failedDownloads(),
                        bytes() - then.bytes()),
                new ToRoute(
                        windows() - then.windows(),
                        failedWindows() - then.failedWindows(),
                        events() - then.events(),
                        acknowledged() - then.acknowledged(),
                        duplicates() - then.duplicates(),
                        badLines() - then.badLines()));
    }

    public long queries() {
        return fromMixpanel.queries();
    }

    public long rateLimited() {
        return fromMixpanel.rateLimited();
    }

    public long failedDownloads() {
        return fromMixpanel.failedDownloads();
    }

    public long bytes() {
        return fromMixpanel.bytes();
    }

    public long windows() {
        return toRoute.windows();
    }

    public long failedWindows() {
        return toRoute.failedWindows();
    }

    public long events() {
        return toRoute.events();
    }

    public long acknowledged() {
        return toRoute.acknowledged();
    }

    public long duplicates() {
        return toRoute.duplicates();
    }

    public long badLines() {
        return toRoute.badLines();
    }
}
