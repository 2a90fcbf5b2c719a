package io.github.camelmixpanel.export.internal.pipeline.ondemand;

import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary.DayCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

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

    /** Events in the download that the query selects. */
    public long events() {
        return body.events();
    }

    /** Events to be read. */
    public long emitted() {
        return body.events() - duplicates;
    }

    /** Events in the download that the query does not select: of hot shards, under another name. */
    public long otherEvents() {
        return body.otherEvents();
    }

    /** Lines that are no events. */
    public long badLines() {
        return body.badLines();
    }

    /** Length of the download as received. */
    public long bytes() {
        return body.bytes();
    }

    String text() {
        return number(events())
                + (events() == 1 ? " event" : " events")
                + (duplicates == 0 ? "" : " (" + number(duplicates) + " duplicates left out)")
                + (badLines() == 0 ? "" : ", " + number(badLines()) + " bad lines set aside");
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
