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
final class TimeZoneWatch {

    private final ZoneId zone;
    private final ExportLog progress;
    private String misfit;

    TimeZoneWatch(ZoneId zone, ExportLog progress) {
        this.zone = zone;
        this.progress = progress;
    }

    /** Called with each verified window. */
    synchronized void verified(Window window, TimeZoneCheck times) {
        if (!times.hasEnoughEvents()) {
            return;
        }
        String earlier = misfit;
        misfit = times.misfit().map(found -> message(window, found)).orElse(null);
        if (misfit != null && earlier == null) {
            progress.timeZoneMisfit(misfit);
        }
    }

    private String message(Window window, String found) {
        return "Window "
                + window
                + ": timeZone="
                + zone
                + " seems wrong: "
                + found
                + ". Expected the time zone of the Mixpanel project, in its settings; a wrong one"
                + " makes the time in headers wrong, and the ends of days.";
    }

    /** What seems wrong; empty when nothing does. */
    synchronized Optional<String> misfit() {
        return Optional.ofNullable(misfit);
    }
}
