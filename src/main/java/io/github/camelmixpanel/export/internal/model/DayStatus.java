package io.github.camelmixpanel.export.internal.model;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What became of one calendar day of an export, at one instant.
 *
 * @param state of the window that has it on the way; COMMITTED when none has and it was exported;
 *     else PLANNED
 * @param isFinal whether it is never asked for again
 * @param window the days committed together with it, or on the way together; the day alone if
 *     neither
 * @param generation of its last commit; 0 if there was none
 * @param events of that commit's window, those of earlier generations included
 * @param badLines of that commit's window
 * @param bytes of that commit's window, as received
 * @param exportedAt when the query of that commit started; empty if there was none
 */
public record DayStatus(
        LocalDate day,
        WindowState state,
        boolean isFinal,
        Window window,
        int generation,
        long events,
        long badLines,
        long bytes,
        Optional<Instant> exportedAt) {}
