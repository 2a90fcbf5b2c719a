package io.github.camelmixpanel.export.internal.dedupe;

import io.github.camelmixpanel.export.internal.dedupe.file.RunFile;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import java.time.LocalDate;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Key days of which everything is to be emitted once more: only what one run has counts as emitted.
 *
 * @param run of the generation that does so
 * @param days key days; events without a time count as of each of them
 * @param others whether events of other key days are meant too, wherever their time lies
 */
public record ReplayScope(RunFile run, Set<LocalDate> days, boolean others) {

    IntPredicate keyDays() {
        return day ->
                others || day == DedupeKey.UNDATED || days.contains(LocalDate.ofEpochDay(day));
    }
}
