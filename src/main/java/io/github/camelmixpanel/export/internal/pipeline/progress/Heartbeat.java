package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says in one line what an export that is silent for long is doing. Used by the polling thread. */
final class Heartbeat {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB"};

    private long bytesBefore;
    private Instant before;

    Heartbeat(Instant now) {
        this.before = now;
    }

    /** Why queries wait; {@code until} is not after now when the end is unknown. */
    record Wait(Instant until, String reason) {}

    /**
     * @param windows under way
     * @param bytes received so far, of all windows
     * @param wait what queries wait for, or waited for last; may be null
     */
    String text(Instant now, List<WindowStatus> windows, long bytes, Wait wait) {
        List<String> parts = new ArrayList<>();
        List<WindowStatus> downloads =
                windows.stream().filter(it -> it.download().querying()).toList();
        if (!downloads.isEmpty()) {
            parts.add("downloading " + joined(downloads) + ", " + rate(now, bytes));
        }
        bytesBefore = bytes;
        before = now;
        long issued = windows.stream().filter(it -> it.state() == WindowState.ISSUED).count();
        if (issued > 0) {
            parts.add("waiting for the outcome of " + (issued == 1 ? "1 task" : issued + " tasks"));
        }
        windows.stream()
                .filter(it -> it.state() == WindowState.EMITTING)
                .forEach(it -> parts.add(emitting(it)));
        boolean queryWaits =
                windows.stream()
                        .anyMatch(
                                it ->
                                        it.state() == WindowState.FETCHING
                                                && !it.download().querying());
        if (queryWaits && wait != null) {
            parts.add(waiting(now, wait));
        }
        windows.stream()
                .flatMap(it -> it.waitsUntil().stream())
                .filter(now::isBefore)
                .min(Instant::compareTo)
                .ifPresent(
                        next ->
                                parts.add(
                                        "the next failed window is queried again at "
                                                + local(next)));
        return parts.isEmpty() ? "waiting" : String.join("; ", parts);
    }

    private static String joined(List<WindowStatus> downloads) {
        return downloads.stream()
                .map(it -> it.window() + " (" + size(it.download().bytes()) + " so far)")
                .collect(Collectors.joining(", "));
    }

    private String rate(Instant now, long bytes) {
        long millis = Math.max(1, Duration.between(before, now).toMillis());
        return size((bytes - bytesBefore) * 1000 / millis) + "/s";
    }

    private static String emitting(WindowStatus window) {
        return "emitting %s, %s of %s lines are done"
                .formatted(
                        window.window(),
                        LogText.number(window.acknowledgedLines()),
                        LogText.number(window.download().lines()));
    }

    static String waiting(Instant now, Wait wait) {
        return wait.until().isAfter(now)
                ? "waits until " + local(wait.until()) + ": " + wait.reason()
                : "waits: " + wait.reason();
    }

    private static String local(Instant instant) {
        return TIME.format(instant.atZone(ZoneId.systemDefault()));
    }

    static String size(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= 1000 && unit < UNITS.length - 1) {
            size /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, UNITS[unit]);
    }
}
