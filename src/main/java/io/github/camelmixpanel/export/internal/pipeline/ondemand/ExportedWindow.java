package io.github.camelmixpanel.export.internal.pipeline.ondemand;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.dedupe.Duplicates;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.pipeline.download.SpooledBodies;
import io.github.camelmixpanel.export.internal.split.EventReader;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * The events of one verified body on disk, read as often as wanted until it is closed, which
 * deletes the file. Memory does not depend on its size. Thread-safe; each {@link Reading} is one
 * thread's.
 */
public final class ExportedWindow implements Closeable {

    private final OnDemandSummary summary;
    private final SpooledBodies bodies;
    private final Duplicates duplicates;
    private final DedupeRecipe recipe;
    private final Set<Reading> readings = new HashSet<>(); // guarded by this
    private boolean closed; // guarded by this

    /**
     * @param duplicates of the body within itself, or null to leave none out
     * @param recipe of the keys of events, which have none where {@code duplicates} is null
     */
    ExportedWindow(
            OnDemandSummary summary,
            SpooledBodies bodies,
            Duplicates duplicates,
            DedupeRecipe recipe) {
        this.summary = summary;
        this.bodies = bodies;
        this.duplicates = duplicates;
        this.recipe = recipe;
    }

    public OnDemandSummary summary() {
        return summary;
    }

    /**
     * From the first event on.
     *
     * @throws SpoolException when the file is gone, which it is once this is closed
     */
    public synchronized Reading read() throws SpoolException {
        requireOpen();
        Reading reading = new Reading(bodies.events(summary.body()));
        readings.add(reading);
        return reading;
    }

    private synchronized void requireOpen() throws SpoolException {
        if (closed) {
            throw new SpoolException(
                    """
                    Window %s: its events were deleted when they had been split, or when their \
                    exchange was done. Read them in the route that exported them, before its end."""
                            .formatted(summary.window()));
        }
    }

    /** Ends every reading and deletes the file; closing again does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Set.copyOf(readings).forEach(Reading::close);
            bodies.delete(summary.body());
        }
    }

    /** One pass over the events, in the order of the file. */
    public final class Reading implements Closeable {

        private final EventReader events;
        private final KeyMaker keys = new KeyMaker(recipe);

        private Reading(EventReader events) {
            this.events = events;
        }

        /**
         * The next event, valid for ever, or null after the last, which closes this reading.
         *
         * @throws SpoolException when the file cannot be read to its end, or was deleted
         */
        public ExportEvent next() throws ExportException {
            requireOpen();
            try {
                ExportEvent event;
                do {
                    event = events.next();
                } while (event != null && isDuplicate(event));
                if (event == null) {
                    close();
                    return null;
                }
                return event.kept();
            } catch (IOException e) {
                throw new SpoolException(
                        "Window %s: cannot read its spooled body %s: %s. Export the window again."
                                .formatted(summary.window(), summary.body().file(), e.getMessage()),
                        e);
            }
        }

        /** The dedupe key of an event; null where none is left out. */
        public DedupeKey keyOf(ExportEvent event) {
            return duplicates == null ? null : keys.keyOf(event);
        }

        private boolean isDuplicate(ExportEvent event) {
            return duplicates != null && duplicates.lines().contains(event.line());
        }

        @Override
        public void close() {
            synchronized (ExportedWindow.this) {
                readings.remove(this);
            }
            try {
                events.close();
            } catch (IOException e) {
                throw new IllegalStateException(e); // closing a file that is read loses nothing
            }
        }
    }
}
