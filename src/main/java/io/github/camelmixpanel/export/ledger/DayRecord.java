package io.github.camelmixpanel.export.ledger;

import io.github.camelmixpanel.export.model.Window;
import java.time.Instant;

/**
 * The last commit of a day.
 *
 * @param generation 1 for the first export of the day
 * @param queryStartedAt what happened at Mixpanel later is not in it
 * @param window the days that were committed together
 * @param events events in the download, those that earlier generations emitted included
 * @param badLines lines in the download that are neither blank nor events
 * @param bytes length of the download as received
 */
public record DayRecord(
        int generation,
        Instant queryStartedAt,
        Window window,
        long events,
        long badLines,
        long bytes) {}
