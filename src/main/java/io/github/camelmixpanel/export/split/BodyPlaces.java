package io.github.camelmixpanel.export.split;

import io.github.camelmixpanel.export.model.Notes;
import java.io.Closeable;

/**
 * Where the fields of the events of a body stand, noted when it is verified: so that nobody has to
 * read the JSON of a proven line again to know them. A line of which nothing is noted has to be
 * scanned.
 *
 * <p>About 16 bytes an event, of {@link Notes}. Filled by one thread, then read by another, and
 * closed when nobody does.
 */
public final class BodyPlaces implements Closeable {

    /** Nothing is noted here. */
    public static final BodyPlaces NONE = new BodyPlaces(Notes.NONE);

    /** Of one event: its line, which fields it has, and their places of two numbers. */
    private static final int MOST_BYTES = 10 + 1 + FieldPlaces.FIELDS * (5 + 5);

    private final Notes notes;
    private long lastLine;

    public BodyPlaces(Notes notes) {
        this.notes = notes;
    }

    /**
     * @param line above that of the call before
     */
    void add(long line, FieldPlaces places) {
        if (!notes.begin(MOST_BYTES)) {
            return;
        }
        notes.putNumber(line - lastLine);
        lastLine = line;
        int has = 0;
        for (int field = 0; field < FieldPlaces.FIELDS; field++) {
            if (places.places[field] != FieldPlaces.NOWHERE) {
                has |= 1 << field;
            }
        }
        notes.put(has);
        for (int field = 0; field < FieldPlaces.FIELDS; field++) {
            long place = places.places[field];
            if (place != FieldPlaces.NOWHERE) {
                notes.putNumber(FieldPlaces.from(place));
                notes.putNumber(FieldPlaces.lengthAndKind(place));
            }
        }
    }

    Reader reader() {
        return new Reader(notes.reader());
    }

    @Override
    public void close() {
        notes.close();
    }

    /** Reads them once, line by line. */
    static final class Reader {

        private final Notes.Reader notes;
        private final FieldPlaces places = new FieldPlaces();

        /** That {@link #places} are of. */
        private long line;

        private Reader(Notes.Reader notes) {
            this.notes = notes;
        }

        /**
         * The places in this line, good until the next call; null when they were not noted.
         *
         * @param wanted not below that of the call before
         */
        FieldPlaces of(long wanted) {
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
            for (int field = 0; field < FieldPlaces.FIELDS; field++) {
                places.places[field] =
                        (has & 1 << field) == 0
                                ? FieldPlaces.NOWHERE
                                : FieldPlaces.of((int) notes.getNumber(), (int) notes.getNumber());
            }
        }
    }
}
