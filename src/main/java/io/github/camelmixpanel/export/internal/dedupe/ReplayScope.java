package io.github.camelmixpanel.export.internal.dedupe;

import io.github.camelmixpanel.export.internal.dedupe.file.RunFile;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import java.time.LocalDate;
import java.util.Set;

/**
 * Key days of which everything is emitted once more: only the keys of one run count as emitted.
 *
 * @param run of the generation that emits them again; null if none does
 * @param days key days; undated events belong to each of them
 * @param others whether the scope includes the events of all other key days, too
 */
public record ReplayScope(RunFile run, Set<LocalDate> days, boolean others) {

    /** Nothing is emitted once more. */
    public static final ReplayScope NONE = new ReplayScope(null, Set.of(), false);

    boolean covers(int keyDay) {
        return run != null
                && (others
                        || keyDay == DedupeKey.UNDATED
                        || days.contains(LocalDate.ofEpochDay(keyDay)));
    }
}
