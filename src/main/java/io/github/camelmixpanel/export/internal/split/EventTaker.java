package io.github.camelmixpanel.export.internal.split;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;

/** Receives every event of a body, in order. */
@FunctionalInterface
public interface EventTaker {

    /**
     * @param event valid during the call; {@link ExportEvent#kept} outlives it
     * @throws ExportException when it cannot process the event; ends the reading
     */
    void take(ExportEvent event) throws ExportException;
}
