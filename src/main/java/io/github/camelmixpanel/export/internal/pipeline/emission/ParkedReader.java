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
import java.util.function.LongPredicate;

/** Reads parked events as they were when they were emitted. Used by the polling thread. */
public final class ParkedReader {

    private final ParkedEvents files;
    private final EventScanner scanner;

    public ParkedReader(ParkedEvents files, EventScanner scanner) {
        this.files = files;
        this.scanner = scanner;
    }

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

    /** All of a generation. */
    void read(Window window, int generation, ParkedEvents.Taker<LedgerException> taker)
            throws LedgerException {
        files.read(window, generation, taker);
    }

    /** Forgets the events of a generation at other positions than these, which count from 1. */
    public void keep(Window window, int generation, LongPredicate places) throws LedgerException {
        files.keep(window, generation, places);
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
