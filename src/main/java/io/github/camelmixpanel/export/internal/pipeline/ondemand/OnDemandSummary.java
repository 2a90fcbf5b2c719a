package io.github.camelmixpanel.export.internal.pipeline.ondemand;

import io.github.camelmixpanel.export.internal.model.DownloadSummary;
import io.github.camelmixpanel.export.internal.model.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * What one window on demand brought: {@code emitted + duplicates = events}.
 *
 * @param download its time ends with the download
 * @param duplicates events left out because this download had them already
 * @param serverStartedAt when the query began by the server's {@code Date}, or null when it sent
 *     none
 */
public record OnDemandSummary(
        Window window, DownloadSummary download, long duplicates, Instant serverStartedAt) {

    /** Events in the download that the query asked for. */
    public long events() {
        return download.events();
    }

    /** Events to be read. */
    public long emitted() {
        return download.events() - duplicates;
    }

    public long otherEvents() {
        return download.otherEvents();
    }

    public long badLines() {
        return download.badLines();
    }

    public long bytes() {
        return download.bytes();
    }

    public int queries() {
        return download.queries();
    }

    public Instant started() {
        return download.started();
    }

    public Duration took() {
        return download.took();
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "%,d %s%s%s",
                events(),
                events() == 1 ? "event" : "events",
                duplicates == 0
                        ? ""
                        : String.format(Locale.ROOT, " (%,d duplicates left out)", duplicates),
                badLines() == 0
                        ? ""
                        : String.format(Locale.ROOT, ", %,d bad lines set aside", badLines()));
    }
}
