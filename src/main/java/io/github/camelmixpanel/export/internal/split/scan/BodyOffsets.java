package io.github.camelmixpanel.export.internal.split.scan;

import io.github.camelmixpanel.export.internal.durable.SpillFile;
import java.io.Closeable;

/**
 * Where the fields of the events of a body stand, noted when it is verified: so that nobody has to
 * read the JSON of a proven line again to know them. A line of which nothing is noted has to be
 * scanned.
 *
 * <p>About 16 bytes an event, of {@link SpillFile}. Filled by one thread, then read by another, and
 * closed when nobody does.
 */
public final class BodyOffsets implements Closeable {

    /** Nothing is noted here. */
    public static final BodyOffsets NONE = new BodyOffsets(SpillFile.NONE);

    /** Of one event: its line, which fields it has, and their places of two numbers. */
    private static final int MOST_BYTES = 10 + 1 + FieldOffsets.FIELDS * (5 + 5);

    private final SpillFile notes;
    private long lastLine;

    public BodyOffsets(SpillFile notes) {
        this.notes = notes;
    }

    /**
     * @param line above that of the call before
     */
    void add(long line, FieldOffsets places) {
        if (!notes.begin(MOST_BYTES)) {
            return;
        }
        notes.putNumber(line - lastLine);
        lastLine = line;
        int has = 0;
        for (int field = 0; field < FieldOffsets.FIELDS; field++) {
            if (places.places[field] != FieldOffsets.NOWHERE) {
                has |= 1 << field;
            }
        }
        notes.put(has);
        for (int field = 0; field < FieldOffsets.FIELDS; field++) {
            long place = places.places[field];
            if (place != FieldOffsets.NOWHERE) {
                notes.putNumber(FieldOffsets.from(place));
                notes.putNumber(FieldOffsets.lengthAndKind(place));
            }
        }
    }

    public Reader reader() {
        return new Reader(notes.reader());
    }

    @Override
    public void close() {
        notes.close();
    }

    /** Reads them once, line by line. */
    public static final class Reader {

        private final SpillFile.Reader notes;
        private final FieldOffsets places = new FieldOffsets();

        /** That {@link #places} are of. */
        private long line;

        private Reader(SpillFile.Reader notes) {
            this.notes = notes;
        }

        /**
         * The places in this line, good until the next call; null when they were not noted.
         *
         * @param wanted not below that of the call before
         */
        public FieldOffsets of(long wanted) {
            while (line < wanted) {
                if (!notes.hasNext()) {
                    return null;
                }
                readNext();
            }
            return line == wanted ? places : null;
        }

        private void readNext() {
            line += notes.getNumber();
            int has = notes.get();
            for (int field = 0; field < FieldOffsets.FIELDS; field++) {
                places.places[field] =
                        (has & 1 << field) == 0
                                ? FieldOffsets.NOWHERE
                                : FieldOffsets.of((int) notes.getNumber(), (int) notes.getNumber());
            }
        }
    }
}
