package io.github.camelmixpanel.export.internal.dedupe;

import java.util.Arrays;

/**
 * A set of line numbers that takes one bit for each line up to the last in it.
 *
 * <p>Filled by one thread, then safe for any number of readers.
 */
public final class LineBitmap {

    private long[] words = new long[0];
    private long size;

    LineBitmap() {}

    /** Whether a line, counted from 1, is in the set. */
    public boolean contains(long line) {
        long word = line >>> 6;
        return word < words.length && (words[(int) word] & 1L << line) != 0;
    }

    /** How many lines are in the set. */
    public long size() {
        return size;
    }

    /**
     * @param line not in the set yet
     */
    void add(long line) {
        int word = Math.toIntExact(line >>> 6);
        if (word >= words.length) {
            words = Arrays.copyOf(words, Math.max(word + 1, words.length + (words.length >> 1)));
        }
        words[word] |= 1L << line;
        size++;
    }
}
