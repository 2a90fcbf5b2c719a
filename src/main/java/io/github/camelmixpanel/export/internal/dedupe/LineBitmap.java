package io.github.camelmixpanel.export.internal.dedupe;

import java.util.Arrays;

/**
 * Holds line numbers in one bit for each line up to the highest one.
 *
 * <p>Filled by one thread, then safe for any number of readers.
 */
public final class LineBitmap {

    private long[] words = new long[0];

    LineBitmap() {}

    /** Whether a line, counted from 1, is in the set. */
    public boolean contains(long line) {
        long word = line >>> 6;
        return word < words.length && (words[(int) word] & 1L << line) != 0;
    }

    void add(long line) {
        int word = Math.toIntExact(line >>> 6);
        if (word >= words.length) {
            words = Arrays.copyOf(words, Math.max(word + 1, words.length + (words.length >> 1)));
        }
        words[word] |= 1L << line;
    }
}
