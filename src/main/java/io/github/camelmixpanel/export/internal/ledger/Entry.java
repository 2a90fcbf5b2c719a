package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.option.Reexport;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * One change of a ledger: a line of its file. {@link LedgerFormat} gives the meaning of each; a
 * {@code notice} is the summary to report to the route, or null.
 */
sealed interface Entry {

    record FirstDay(LocalDate day) implements Entry {}

    record Spooled(OpenWindow window) implements Entry {}

    record Acknowledged(Window window, long line) implements Entry {}

    /** Replaces an earlier record of the same body. */
    record Failed(Window window, List<FailedLines> left) implements Entry {}

    record Committed(DayRecord record, WindowSummary notice) implements Entry {}

    /** The commit of an arrival query. */
    record Arrived(ArrivalRecord record, WindowSummary notice) implements Entry {}

    record Noticed(Window window, int generation) implements Entry {}

    record Owed(WindowSummary notice) implements Entry {}

    /** Replaces an earlier record of the same generation. */
    record Parked(ParkedWindow window) implements Entry {}

    record Dropped(Window window, String reason) implements Entry {}

    record Cut(Window days, int longest) implements Entry {}

    record Reopened(Window days, int generation) implements Entry {}

    record ReexportRequested(Window days, Reexport mode, Instant requestedAt) implements Entry {}

    record KeysFrom(LocalDate day) implements Entry {}

    record ArrivalsFrom(Instant since) implements Entry {}

    record Issued(ExportTask task) implements Entry {}

    record TaskOver(String id) implements Entry {}
}
