package io.github.camelmixpanel.export.internal.split.scan;

import io.github.camelmixpanel.export.internal.durable.SpillFile;
import java.io.Closeable;

/**
 * Caches the field offsets found when a body is verified, so that the JSON of a verified line need
 * not be parsed again. A line without cached offsets must be scanned.
 *
 * <p>It takes about 16 bytes per event of its {@link SpillFile}. Filled by one thread, then read by
 * another, then closed.
 */
public final class BodyOffsets implements Closeable {

    /** Caches nothing. */
    public static final BodyOffsets NONE = new BodyOffsets(SpillFile.NONE);

    /** Of one event: its line, which fields it has, and two numbers for the offset of each. */
    private static final int MAX_BYTES = 10 + 1 + FieldOffsets.FIELDS * (5 + 5);

    private final SpillFile file;
    private long lastLine;

    public BodyOffsets(SpillFile file) {
        this.file = file;
    }

    /**
     * @param line above that of the previous call
     */
    void add(long line, FieldOffsets event) {
        if (!file.begin(MAX_BYTES)) {
            return;
        }
        file.putNumber(line - lastLine);
        lastLine = line;
        int has = 0;
        for (int field = 0; field < FieldOffsets.FIELDS; field++) {
            if (event.offsets[field] != FieldOffsets.NOWHERE) {
                has |= 1 << field;
            }
        }
        file.put(has);
        for (int field = 0; field < FieldOffsets.FIELDS; field++) {
            long offset = event.offsets[field];
            if (offset != FieldOffsets.NOWHERE) {
                file.putNumber(FieldOffsets.from(offset));
                file.putNumber(FieldOffsets.lengthAndKind(offset));
            }
        }
    }

    public Reader reader() {
        return new Reader(file.reader());
    }

    @Override
    public void close() {
        file.close();
    }

    /** Reads the offsets once, line by line. */
    public static final class Reader {

        private final SpillFile.Reader file;
        private final FieldOffsets event = new FieldOffsets();

        /** The line of {@link #event}. */
        private long line;

        private Reader(SpillFile.Reader file) {
            this.file = file;
        }

        /**
         * The offsets in this line, valid until the next call; null if they are not cached.
         *
         * @param wanted at least that of the previous call
         */
        public FieldOffsets of(long wanted) {
            while (line < wanted) {
                if (!file.hasNext()) {
                    return null;
                }
                readNext();
            }
            return line == wanted ? event : null;
        }

        private void readNext() {
            line += file.getNumber();
            int has = file.get();
            for (int field = 0; field < FieldOffsets.FIELDS; field++) {
                event.offsets[field] =
                        (has & 1 << field) == 0
                                ? FieldOffsets.NOWHERE
                                : FieldOffsets.of((int) file.getNumber(), (int) file.getNumber());
            }
        }
    }
}
