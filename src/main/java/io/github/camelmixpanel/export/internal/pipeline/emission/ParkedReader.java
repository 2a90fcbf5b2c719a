package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.NotAnEvent;
import io.github.camelmixpanel.export.internal.spool.ParkedEvents;
import io.github.camelmixpanel.export.internal.spool.ParkedEvents.Parked;
import java.util.ArrayList;
import java.util.List;

/** Reads parked events as they were when they were emitted. Used by the polling thread. */
public record ParkedReader(ParkedEvents files, EventScanner scanner) {

    /**
     * Some of a generation, in the order in which they were parked.
     *
     * @param after so many that are passed over
     * @param bytes of events that are enough
     */
    public List<ExportEvent> read(Window window, int generation, long after, long bytes)
            throws LedgerException {
        List<ExportEvent> events = new ArrayList<>();
        for (Parked event : files.read(window, generation, after, bytes)) {
            events.add(scan(window, event));
        }
        return events;
    }

    ExportEvent scan(Window window, Parked event) throws LedgerException {
        try {
            return scanner.scan(event.line(), event.json());
        } catch (NotAnEvent e) {
            throw new LedgerException(
                    """
                    Window %s: the parked line %d is not an event (%s). Its file was changed; restore \
                    it, or drop what is parked."""
                            .formatted(window, event.line(), e.getMessage()),
                    e);
        }
    }
}
