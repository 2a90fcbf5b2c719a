package io.github.camelmixpanel.export.split;

import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.ExportException;

/** Is given every event of a body, in order. */
@FunctionalInterface
public interface EventTaker {

    /**
     * @throws ExportException when it cannot be taken; ends the reading
     */
    void take(ExportEvent event) throws ExportException;
}
