package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.internal.model.Window;
import java.time.Duration;
import java.time.Instant;

/**
 * The last commit of a day.
 *
 * @param generation 1 for the first export of the day
 * @param queryStartedAt when its query was admitted, by the clock of this machine
 * @param serverStartedAt the same by the server's {@code Date}, or null when it sent none; never
 *     later than it was
 * @param window the days that were committed together
 * @param events events in the download, those that earlier generations emitted included
 * @param badLines lines in the download that are neither blank nor events
 * @param bytes length of the download as received
 */
public record DayRecord(
        int generation,
        Instant queryStartedAt,
        Instant serverStartedAt,
        Window window,
        long events,
        long badLines,
        long bytes) {

    /**
     * Two clocks that differ by no more count as equal: {@code Date} has whole seconds, and may be
     * from the start or from the end of the server's answer. A day is exported an hour after its
     * last event can come, and 45 minutes is the longest delay observed, which leaves a quarter of
     * an hour.
     */
    private static final Duration AGREED = Duration.ofMinutes(15);

    /** The export contains nothing that happened at Mixpanel later. */
    public Instant asOf() {
        return asOf(queryStartedAt, serverStartedAt);
    }

    /** The earlier of the two: a wrong clock must not make a day look complete. */
    static Instant asOf(Instant queryStartedAt, Instant serverStartedAt) {
        return serverStartedAt != null && serverStartedAt.isBefore(queryStartedAt.minus(AGREED))
                ? serverStartedAt
                : queryStartedAt;
    }
}
