package io.github.camelmixpanel.export.internal.model;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What became of one calendar day of an export, at one instant.
 *
 * @param state of the window that has it on the way; COMMITTED when none has and it was exported;
 *     else PLANNED
 * @param isFinal whether no further export of it is due
 * @param window the days committed together with it, or on the way together; the day alone if
 *     neither
 */
public record DayStatus(
        LocalDate day, WindowState state, boolean isFinal, Window window, LastCommit lastCommit) {

    /**
     * The last commit of the day, if any.
     *
     * @param generation 0 if there was none
     * @param windowEvents of its window, those of earlier generations included
     * @param badLines of its window: such a line has no day
     * @param events of the day alone; empty where only those of its window are known
     * @param bytes of the download, the part in proportion to these events; empty as they are
     * @param exportedAt when its query started; empty if there was none
     */
    public record LastCommit(
            int generation,
            long windowEvents,
            long badLines,
            Optional<Long> events,
            Optional<Long> bytes,
            Optional<Instant> exportedAt) {

        public static final LastCommit NONE =
                new LastCommit(0, 0, 0, Optional.of(0L), Optional.of(0L), Optional.empty());
    }
}
