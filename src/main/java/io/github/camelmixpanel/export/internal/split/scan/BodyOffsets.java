package io.github.camelmixpanel.export.internal.split.scan;

import io.github.camelmixpanel.export.internal.durable.SpillFile;
import java.io.Closeable;

/**
 * Caches the field offsets found when a body is verified, and the length of each line, so that
 * neither its JSON need be parsed again nor its end be searched. A line without cached offsets must
 * be scanned.
 *
 * <p>It takes about 18 bytes per event of its {@link SpillFile}. Filled by one thread, then read by
 * another, then closed.
 */
public final class BodyOffsets implements Closeable {

    /** Caches nothing. */
    public static final BodyOffsets NONE = new BodyOffsets(SpillFile.NONE);

    /**
     * Of one event: its line and the length of it, which fields it has, and two numbers for the
     * offset of each.
     */
    private static final int MAX_BYTES = 10 + 5 + 1 + FieldOffsets.FIELDS * (5 + 5);

    private final SpillFile file;
    private long lastLine;

    public BodyOffsets(SpillFile file) {
        this.file = file;
    }

    /**
     * @param line above that of the previous call
     * @param length of the line, in bytes
     */
    void add(long line, int length, FieldOffsets event) {
        if (!file.begin(MAX_BYTES)) {
            return;
        }
        file.putNumber(line - lastLine);
        lastLine = line;
        file.putNumber(length);
        int has = 0;
        for (int field = 0; field < FieldOffsets.FIELDS; field++) {
            if (event.has(field)) {
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

        private int length;

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

        /** The length of the line whose offsets were returned last. */
        int length() {
            return length;
        }

        private void readNext() {
            line += file.getNumber();
            length = (int) file.getNumber();
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
