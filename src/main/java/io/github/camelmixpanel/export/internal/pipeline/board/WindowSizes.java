package io.github.camelmixpanel.export.internal.pipeline.board;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;

/** Decides how many neighbouring days go into one query. Called under the board's monitor. */
@FunctionalInterface
public interface WindowSizes {

    /**
     * @param due neighbouring days of one kind in due order, at least two
     * @param underWay days that are being downloaded
     * @return those of the next query, neighbours of each other
     */
    List<LocalDate> next(List<LocalDate> due, Collection<LocalDate> underWay);
}
