package io.github.camelmixpanel.export.internal.model;

import java.time.Instant;

/**
 * Leave to make one query, given away: whoever has it may ask for this window once, without a retry
 * and without a look at the quota. All times are by the clock of the planner that gave it out.
 *
 * @param export the name of the export that the window belongs to
 * @param id tells this task from others for the same window
 * @param generation what the window's commit will have
 * @param issuedAt when there was leave; the query starts later
 * @param startBy the query may be sent before, and never after: the quota is counted so
 * @param deadline from then on the task is taken for lost, and the window may be given out again
 */
public record ExportTask(
        String export,
        String id,
        Window window,
        int generation,
        Instant issuedAt,
        Instant startBy,
        Instant deadline) {}
