package io.github.camelmixpanel.export.internal.text;

import java.time.Duration;

/** How long something takes, in words. Stateless. */
public final class Spans {

    private static final int HOURS_IN_WORDS = 72;

    private Spans() {}

    /** Seconds, minutes or hours, rounded up; from three days on whole days. */
    public static String of(Duration duration) {
        long seconds = (duration.toMillis() + 999) / 1000;
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = (seconds + 59) / 60;
        long hours = (minutes + 59) / 60;
        return minutes < 120
                ? minutes + " min"
                : hours < HOURS_IN_WORDS ? hours + " h" : duration.toDays() + " days";
    }
}
