package io.github.camelmixpanel.export.internal.model;

import java.time.Instant;

/**
 * Permission to make one query, issued to another process: its holder may query this window once,
 * without a retry and without a check of the quota. All times are by the clock of the planner that
 * issued it.
 *
 * @param export the name of the export that the window belongs to
 * @param id distinguishes this task from others for the same window
 * @param generation what the window's commit will have
 * @param issuedAt when it was issued; the query starts later
 * @param startBy the query may be sent before, and never after: the quota relies on it
 * @param deadline from then on the task counts as lost, and its window may be issued again
 */
public record ExportTask(
        String export,
        String id,
        Window window,
        int generation,
        Instant issuedAt,
        Instant startBy,
        Instant deadline) {}
