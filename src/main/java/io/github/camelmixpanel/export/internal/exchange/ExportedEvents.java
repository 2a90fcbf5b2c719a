package io.github.camelmixpanel.export.internal.exchange;

import io.github.camelmixpanel.export.MixpanelEvent;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.ExportedWindow;
import java.io.Closeable;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.camel.RuntimeCamelException;

/**
 * The events of one window on demand as the body of a message, read from disk one at a time, for
 * {@code split(body()).streaming()}.
 *
 * <p>They can be iterated any number of times until {@link #close}, which deletes the file. The
 * splitter closes it after the last event, and so does the end of the exchange. An iterator belongs
 * to one thread.
 */
public final class ExportedEvents implements Iterable<MixpanelEvent>, Closeable {

    private final ExportedWindow window;

    public ExportedEvents(ExportedWindow window) {
        this.window = window;
    }

    /**
     * @throws RuntimeCamelException when the events were deleted; its methods throw the same when
     *     the file cannot be read
     */
    @Override
    public Iterator<MixpanelEvent> iterator() {
        try {
            return new Events(window.read());
        } catch (ExportException e) {
            throw unreadable(e);
        }
    }

    private static RuntimeCamelException unreadable(ExportException e) {
        return new RuntimeCamelException(e.getMessage(), e);
    }

    /** Deletes the events; closing again does nothing. */
    @Override
    public void close() {
        window.close();
    }

    @Override
    public String toString() {
        return "Events of window " + window.summary().window();
    }

    /** One event ahead. */
    private static final class Events implements Iterator<MixpanelEvent> {

        private final ExportedWindow.Reading reading;
        private ExportEvent next;
        private boolean ended;

        private Events(ExportedWindow.Reading reading) {
            this.reading = reading;
        }

        @Override
        public boolean hasNext() {
            if (next == null && !ended) {
                try {
                    next = reading.next();
                    ended = next == null;
                } catch (ExportException e) {
                    throw unreadable(e);
                }
            }
            return next != null;
        }

        @Override
        public MixpanelEvent next() {
            if (!hasNext()) {
                throw new NoSuchElementException("The window has no more events");
            }
            MixpanelEvent event = new EventBody(next, reading.keyOf(next));
            next = null;
            return event;
        }
    }
}
