package io.github.camelmixpanel.export.internal.pipeline.download;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.split.TimeZoneCheck;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Whether the last window that could tell had its times in the wrong zone. The windows of an export
 * warn once, until one is fine again. Thread-safe.
 */
public final class TimeZoneWatch {

    private final ZoneId zone;
    private final ExportLog log;
    private String misfit;

    public TimeZoneWatch(ZoneId zone, ExportLog log) {
        this.zone = zone;
        this.log = log;
    }

    /** Called with each verified window. */
    synchronized void verified(Window window, TimeZoneCheck times) {
        if (!times.hasEnoughEvents()) {
            return;
        }
        String earlier = misfit;
        misfit = times.misfit().map(found -> message(window, found)).orElse(null);
        if (misfit != null && earlier == null) {
            log.timeZoneMisfit(misfit);
        }
    }

    private String message(Window window, String found) {
        return """
               Window %s: timeZone=%s seems wrong: %s. Expected the time zone of the Mixpanel \
               project, in its settings; a wrong one makes the time in headers wrong, and the \
               ends of days."""
                .formatted(window, zone, found);
    }

    /** What seems wrong; empty when nothing does. */
    public synchronized Optional<String> misfit() {
        return Optional.ofNullable(misfit);
    }
}
