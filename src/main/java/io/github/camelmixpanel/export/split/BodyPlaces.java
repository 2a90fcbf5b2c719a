package io.github.camelmixpanel.export.split;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the fields of the events of a body stand, noted when it is verified: so that nobody has to
 * read the JSON of a proven line again to know them. A line of which nothing is noted has to be
 * scanned.
 *
 * <p>Memory: about 16 bytes an event, and no more than its bound; what comes then is not noted.
 * Filled by one thread, then read by another.
 */
public final class BodyPlaces {

    /** Nothing is noted here. */
    public static final BodyPlaces NONE = new BodyPlaces(0);

    private static final int CHUNK_BYTES = 64 * 1024;

    /** Of one event: its line, which fields it has, and their places of two numbers. */
    private static final int MOST_BYTES = 10 + 1 + FieldPlaces.FIELDS * (5 + 5);

    private final long maxChunks;
    private final List<Chunk> chunks = new ArrayList<>();
    private long lastLine;

    private static final class Chunk {

        private final byte[] bytes = new byte[CHUNK_BYTES];
        private int size;

        private void put(long number) {
            long rest = number;
            while (rest > 0x7f) {
                bytes[size++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            bytes[size++] = (byte) rest;
        }
    }

    /**
     * @param maxBytes of memory
     */
    public BodyPlaces(long maxBytes) {
        this.maxChunks = maxBytes / CHUNK_BYTES;
    }

    /**
     * @param line above that of the call before
     */
    void add(long line, FieldPlaces places) {
        Chunk chunk = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
        if (chunk == null || CHUNK_BYTES - chunk.size < MOST_BYTES) {
            if (chunks.size() >= maxChunks) {
                return;
            }
            chunk = new Chunk();
            chunks.add(chunk);
        }
        chunk.put(line - lastLine);
        lastLine = line;
        int has = chunk.size++;
        for (int field = 0; field < FieldPlaces.FIELDS; field++) {
            long place = places.places[field];
            if (place != FieldPlaces.NOWHERE) {
                chunk.bytes[has] |= (byte) (1 << field);
                chunk.put(FieldPlaces.from(place));
                chunk.put(FieldPlaces.lengthAndKind(place));
            }
        }
    }

    Reader reader() {
        return new Reader();
    }

    /** Reads them once, line by line. */
    final class Reader {

        private final FieldPlaces places = new FieldPlaces();
        private int next;
        private byte[] bytes = {};
        private int position;
        private int limit;

        /** That {@link #places} are of. */
        private long line;

        /**
         * The places in this line, good until the next call; null when they were not noted.
         *
         * @param wanted not below that of the call before
         */
        FieldPlaces of(long wanted) {
            while (line < wanted) {
                if (!readNext()) {
                    return null;
                }
            }
            return line == wanted ? places : null;
        }

        private boolean readNext() {
            if (position == limit) {
                if (next == chunks.size()) {
                    return false;
                }
                Chunk chunk = chunks.get(next++);
                bytes = chunk.bytes;
                limit = chunk.size;
                position = 0;
            }
            line += number();
            int has = bytes[position++];
            for (int field = 0; field < FieldPlaces.FIELDS; field++) {
                places.places[field] =
                        (has & 1 << field) == 0
                                ? FieldPlaces.NOWHERE
                                : FieldPlaces.of((int) number(), (int) number());
            }
            return true;
        }

        private long number() {
            byte b = bytes[position++];
            long number = b & 0x7f;
            for (int shift = 7; b < 0; shift += 7) {
                b = bytes[position++];
                number |= (long) (b & 0x7f) << shift;
            }
            return number;
        }
    }
}
