package io.github.camelmixpanel.export.dedupe;

import io.github.camelmixpanel.export.model.ExportEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of a body's events, kept from its verification until it is emitted: so that nobody has
 * to make them again.
 *
 * <p>Memory: {@value #KEY_BYTES} bytes a key, and no more than its bound; what comes then is not
 * kept. Filled by one thread, then read by another.
 */
public final class KeyNotes {

    /** Nothing is kept here. */
    public static final KeyNotes NONE = new KeyNotes(0);

    private static final int WORDS = 3; // line and key
    private static final int KEY_BYTES = WORDS * Long.BYTES;
    private static final int CHUNK_WORDS = 2048 * WORDS;

    private final long maxChunks;
    private final List<long[]> chunks = new ArrayList<>();
    private int next = CHUNK_WORDS; // in the last chunk

    /**
     * @param maxBytes of memory
     */
    public KeyNotes(long maxBytes) {
        this.maxChunks = maxBytes / (CHUNK_WORDS * Long.BYTES);
    }

    /**
     * @param line above that of the call before
     */
    public void add(long line, DedupeKey key) {
        if (next == CHUNK_WORDS) {
            if (chunks.size() >= maxChunks) {
                return;
            }
            chunks.add(new long[CHUNK_WORDS]);
            next = 0;
        }
        long[] chunk = chunks.get(chunks.size() - 1);
        chunk[next] = line;
        chunk[next + 1] = key.high();
        chunk[next + 2] = key.low();
        next += WORDS;
    }

    public Reader reader() {
        return new Reader();
    }

    /** Reads them once, event by event. */
    public final class Reader {

        private int chunk;
        private int position;

        /**
         * The key of this event, or null when it was not kept.
         *
         * @param event of the same body, not before that of the call before
         */
        public DedupeKey of(ExportEvent event) {
            while (chunk < chunks.size()) {
                long[] words = chunks.get(chunk);
                int end = chunk == chunks.size() - 1 ? next : CHUNK_WORDS;
                while (position < end && words[position] < event.line()) {
                    position += WORDS;
                }
                if (position < end) {
                    return words[position] == event.line() ? key(words, event) : null;
                }
                chunk++;
                position = 0;
            }
            return null;
        }

        private DedupeKey key(long[] words, ExportEvent event) {
            return new DedupeKey(
                    words[position + 1],
                    words[position + 2],
                    DedupeKey.dayOf(event.rawTimeSeconds()));
        }
    }
}
