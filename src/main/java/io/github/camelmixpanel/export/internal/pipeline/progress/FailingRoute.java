package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.text.Spans;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what the route leaves failed: at once, and then no more than one line per minute, which
 * counts the passes since the last one. Used by the polling thread.
 */
final class FailingRoute {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.camelmixpanel.export");
    private static final Duration SILENT = Duration.ofMinutes(1);

    private final String export;
    private Instant logged = Instant.MIN;
    private int passes;

    FailingRoute(String export) {
        this.export = export;
    }

    void leftFailed(
            Instant now,
            Window window,
            long events,
            boolean routeDown,
            Duration backoff,
            Throwable last) {
        passes++;
        if (!now.isBefore(logged) && now.isBefore(logged.plus(SILENT))) {
            return;
        }
        LOG.warn(
                "{}: window {}: the route left {} failed{}, the last with {}. {} emitted again from the"
                        + " spool in {}, without a query.{}",
                export,
                window,
                LogText.counted(events, "event", "events"),
                routeDown ? " and took no other since" : "",
                LogText.reason(last),
                events == 1 ? "It is" : "They are",
                Spans.of(backoff),
                passes == 1 ? "" : " So ended " + passes + " passes since the last such line.");
        logged = now;
        passes = 0;
    }
}
