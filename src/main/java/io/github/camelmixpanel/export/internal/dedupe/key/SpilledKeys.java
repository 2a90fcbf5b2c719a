package io.github.camelmixpanel.export.internal.dedupe.key;

import io.github.camelmixpanel.export.internal.durable.SpillFile;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import java.io.Closeable;

/**
 * The keys of a body's events, kept from its verification until it is emitted: so that nobody has
 * to make them again.
 *
 * <p>About 17 bytes a key, of {@link SpillFile}. Filled by one thread, then read by another, and
 * closed when nobody does.
 */
public final class SpilledKeys implements Closeable {

    /** Nothing is kept here. */
    public static final SpilledKeys NONE = new SpilledKeys(SpillFile.NONE);

    private static final int MOST_BYTES = 10 + 2 * Long.BYTES; // line and key

    private final SpillFile notes;
    private long lastLine;

    public SpilledKeys(SpillFile notes) {
        this.notes = notes;
    }

    /**
     * @param line above that of the call before
     */
    public void add(long line, DedupeKey key) {
        if (notes.begin(MOST_BYTES)) {
            notes.putNumber(line - lastLine);
            notes.putLong(key.high());
            notes.putLong(key.low());
            lastLine = line;
        }
    }

    public Reader reader() {
        return new Reader(notes.reader());
    }

    @Override
    public void close() {
        notes.close();
    }

    /** Reads them once, event by event. */
    public static final class Reader {

        private final SpillFile.Reader notes;
        private long line;
        private long high;
        private long low;

        private Reader(SpillFile.Reader notes) {
            this.notes = notes;
        }

        /**
         * The key of this event, or null when it was not kept.
         *
         * @param event of the same body, not before that of the call before
         */
        public DedupeKey of(ExportEvent event) {
            while (line < event.line()) {
                if (!notes.hasNext()) {
                    return null;
                }
                line += notes.getNumber();
                high = notes.getLong();
                low = notes.getLong();
            }
            return line == event.line()
                    ? new DedupeKey(high, low, DedupeKey.dayOf(event.rawTimeSeconds()))
                    : null;
        }
    }
}
