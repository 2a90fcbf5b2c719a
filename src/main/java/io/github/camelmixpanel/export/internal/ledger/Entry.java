package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.option.Reexport;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** One change of a ledger: a line of its file. {@link LedgerFormat} gives the meaning of each. */
sealed interface Entry {

    record FirstDay(LocalDate day) implements Entry {}

    record Spooled(OpenWindow window) implements Entry {}

    record Acknowledged(Window window, long line) implements Entry {}

    /** Replaces an earlier record of the same body. */
    record Failed(Window window, List<FailedLines> left) implements Entry {}

    /**
     * @param notice the summary to report to the route, or null
     */
    record Committed(DayRecord record, WindowSummary notice) implements Entry {}

    /**
     * The commit of an arrival query.
     *
     * @param since null, as {@code until}, when the days were reopened: the whole span has to be
     *     queried again
     * @param notice the summary to report to the route, or null
     */
    record Arrived(int generation, Instant since, Instant until, WindowSummary notice)
            implements Entry {}

    /** The route has received the summary of a commit. */
    record Noticed(Window window, int generation) implements Entry {}

    /** The route has not received this summary yet. */
    record Owed(WindowSummary notice) implements Entry {}

    /** Replaces an earlier record of the same generation. */
    record Parked(ParkedWindow window) implements Entry {}

    record Dropped(Window window, String reason) implements Entry {}

    /**
     * A window of these days was too large: until they are committed a window takes at most so many
     * days with one of them.
     */
    record Cut(Window days, int longest) implements Entry {}

    /** Days that are due again; {@code generation} is their last one. */
    record Reopened(Window days, int generation) implements Entry {}

    /** An operator wants these days once more. */
    record ReexportRequested(Window days, Reexport mode, Instant requestedAt) implements Entry {}

    /** The dedupe keys of the days before this one are deleted. */
    record KeysFrom(LocalDate day) implements Entry {}

    /** Arrival queries cover what Mixpanel processes from then on. */
    record ArrivalsFrom(Instant since) implements Entry {}

    /** Replaces an earlier task of the same window. */
    record Issued(ExportTask task) implements Entry {}

    /** The task of this id no longer counts. */
    record TaskOver(String id) implements Entry {}
}
