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
     * Two clocks that differ by no more are taken to agree: {@code Date} has whole seconds, and may
     * be that of the first or of the last moment in which the server made its answer. A day is
     * asked for an hour after nothing is to come any more, and 45 minutes is the longest delay that
     * was observed, so that a quarter of an hour can be spared.
     */
    private static final Duration AGREED = Duration.ofMinutes(15);

    /** What happened at Mixpanel later is not in it. */
    public Instant asOf() {
        return asOf(queryStartedAt, serverStartedAt);
    }

    /** By whichever clock it is earlier: one that is wrong must not make a day look whole. */
    static Instant asOf(Instant queryStartedAt, Instant serverStartedAt) {
        return serverStartedAt != null && serverStartedAt.isBefore(queryStartedAt.minus(AGREED))
                ? serverStartedAt
                : queryStartedAt;
    }
}
